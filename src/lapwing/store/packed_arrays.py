"""Columns of which some are arrays into the form of `packed_columns.py`, many stretches of rows at once.

The bytes of an array are what a column of numbers is packed into: they are cut, not made. Only for machines
whose order of bytes is that of the form; on others nobody makes arrays.
"""

from array import array
from collections.abc import Iterable, Sequence
from contextlib import suppress
from typing import Any, Final

from lapwing.store.packed_columns import Column, head, pack_column

_BYTES: Final = {"i": 4, "q": 8}


def pack_stretches(columns: Sequence[Column], stretches: Sequence[tuple[int, int]]) -> list[bytes]:
    """The bytes of each stretch of rows (its first, and the one behind its last) by itself.

    Raises OverflowError beyond 64 bits.
    """
    by_column = [_packed(column, stretches) for column in columns]
    return [
        head(end - first, "".join([kind for kind, _ in packed])) + b"".join([data for _, data in packed])
        for (first, end), packed in zip(stretches, zip(*by_column, strict=True), strict=True)
    ]


def _packed(column: Column, stretches: Sequence[tuple[int, int]]) -> Iterable[tuple[str, bytes]]:
    """Letter and bytes of each stretch of a column."""
    if column[0] == column[-1] and column.count(column[0]) == len(column):
        return [pack_column(column[:1])] * len(stretches)
    numbers = _as_array(column)
    if numbers is None:
        return [pack_column(column[first:end]) for first, end in stretches]
    kind, data, size = numbers.typecode, numbers.tobytes(), _BYTES[numbers.typecode]
    return [
        pack_column(numbers[first:end])
        if numbers[first] == numbers[end - 1] or (kind == "q" and _is_narrow(numbers[first:end]))
        else (kind, data[size * first : size * end])
        for first, end in stretches
    ]


def _as_array(column: Any) -> "array[int] | None":
    """The column as an array of numbers as narrow as they are. None where one is missing or too large."""
    if hasattr(column, "typecode"):
        given: array[int] = column
        return given
    for kind in _BYTES:
        with suppress(TypeError, OverflowError):
            return array(kind, column)
    return None


def _is_narrow(numbers: "array[int]") -> bool:
    try:
        array("i", numbers)
    except OverflowError:
        return False
    return True
