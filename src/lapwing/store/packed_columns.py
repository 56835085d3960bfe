"""Columns of whole numbers as bytes and back.

The form: number of rows (4 bytes), one letter per column, then the columns one after another,
little-endian. A column is `i` or `q` (numbers of 4 or 8 bytes), `c` (8 bytes: the same number in
every row), `n` (nothing: not measured in any row), or `m` (a byte per row, 1 where measured, then
8 bytes per row). Reading a column does not touch those behind it.
"""

from __future__ import annotations

from collections.abc import Sequence
from struct import Struct, error, pack, unpack_from
from typing import Final

Column = Sequence[int | None]

_ROWS: Final = Struct("<I")
_NUMBER: Final = Struct("<q")
_ROW_BYTES: Final = {"i": 4, "q": 8, "m": 9, "c": 0, "n": 0}


def pack_columns(columns: Sequence[Column]) -> bytes:
    """The bytes of `columns`, all of one length over 0. Raises OverflowError beyond 64 bits."""
    rows = len(columns[0])
    kinds = []
    parts = []
    for column in columns:
        first = column[0]
        if first == column[-1] and column.count(first) == rows:
            kinds.append("n" if first is None else "c")
            parts.append(b"" if first is None else _eight_bytes((first,)))
            continue
        try:
            parts.append(pack(f"<{rows}i", *column))
            kinds.append("i")
        except error:
            kind, packed = _wide(column)
            kinds.append(kind)
            parts.append(packed)
    return b"".join((_ROWS.pack(rows), "".join(kinds).encode(), *parts))


def pack_column(column: Column) -> tuple[str, bytes]:
    """Letter and bytes of one of them."""
    packed = pack_columns([column])
    return chr(packed[_ROWS.size]), packed[_ROWS.size + 1 :]


def head(rows: int, letters: str) -> bytes:
    """What stands before the bytes of the columns with these `letters`."""
    return _ROWS.pack(rows) + letters.encode()


def _wide(column: Column) -> tuple[str, bytes]:
    """Numbers of 8 bytes, some of which may be missing."""
    if None not in column:
        return "q", _eight_bytes(column)
    mask = bytes([number is not None for number in column])
    return "m", mask + _eight_bytes([number or 0 for number in column])


def _eight_bytes(numbers: Column) -> bytes:
    try:
        return pack(f"<{len(numbers)}q", *numbers)
    except error:
        raise OverflowError("a number does not fit into 64 bits") from None


def columns_end(rows: int, width: int, count: int) -> int:
    """How many bytes hold the first `count` of `width` columns of at most `rows` rows, at the most."""
    return _ROWS.size + width + count * max(_NUMBER.size, rows * max(_ROW_BYTES.values()))


def unpack_columns(data: bytes, width: int, most: int) -> list[Column]:
    """The first `most` of the `width` columns in `data`."""
    (rows,) = _ROWS.unpack_from(data)
    at = _ROWS.size + width
    columns: list[Column] = []
    for kind in data[_ROWS.size : _ROWS.size + most].decode():
        if kind == "n":
            columns.append((None,) * rows)
        elif kind == "c":
            columns.append(_NUMBER.unpack_from(data, at) * rows)
            at += _NUMBER.size
        elif kind == "m":
            numbers = unpack_from(f"<{rows}q", data, at + rows)
            known = zip(numbers, data[at : at + rows], strict=True)
            columns.append(tuple([number if is_known else None for number, is_known in known]))
        else:
            columns.append(unpack_from(f"<{rows}{kind}", data, at))
        at += rows * _ROW_BYTES[kind]
    return columns


def row_form(data: bytes, width: int, most: int, row: int) -> Struct | None:
    """What unpacks row `row` of the first `most` columns at once, of `data` and all that begins as it does.

    `data` begins alike as far as `head_of` goes. None where a column is not measured in some row.
    """
    form = rows_form(data, width, most, (row,))
    return None if form is None else form[0]


def rows_form(
    data: bytes, width: int, most: int, rows: Sequence[int]
) -> tuple[Struct, list[tuple[int, ...]]] | None:
    """What unpacks these rows, ascending, of the first `most` columns at once, as `row_form` does one.

    With it for each row the places of its numbers among those that are unpacked.
    """
    (count,) = _ROWS.unpack_from(data)
    form = [f"<{_ROWS.size + width}x"]
    places: list[Sequence[int]] = []
    unpacked = 0
    for kind in data[_ROWS.size : _ROWS.size + most].decode():
        if kind == "c":
            form.append("q")
            places.append((unpacked,) * len(rows))
            unpacked += 1
        elif kind in "iq":
            size, behind = _ROW_BYTES[kind], 0
            for row in rows:
                form.append(f"{(row - behind) * size}x{kind}")
                behind = row + 1
            form.append(f"{(count - behind) * size}x")
            places.append(range(unpacked, unpacked + len(rows)))
            unpacked += len(rows)
        else:
            return None
    return Struct("".join(form)), list(zip(*places, strict=True))


def head_of(data: bytes, most: int) -> bytes:
    """The bytes that tell how many rows there are and of which kind the first `most` columns are."""
    return data[: _ROWS.size + most]


def unpack_row(data: bytes, width: int, most: int, row: int) -> list[int | None]:
    """Row `row` of the first `most` of the `width` columns in `data`."""
    (rows,) = _ROWS.unpack_from(data)
    at = _ROWS.size + width
    values: list[int | None] = []
    for kind in data[_ROWS.size : _ROWS.size + most].decode():
        if kind == "n":
            values.append(None)
        elif kind == "c":
            values.append(_NUMBER.unpack_from(data, at)[0])
            at += _NUMBER.size
        elif kind == "m":
            values.append(_NUMBER.unpack_from(data, at + rows + 8 * row)[0] if data[at + row] else None)
        else:
            values.append(unpack_from(f"<{kind}", data, at + row * _ROW_BYTES[kind])[0])
        at += rows * _ROW_BYTES[kind]
    return values
