"""One field of all tests that are sent: a list, or something shorter that stands for one.

    [3, null, 1]                           as it is
    {"each": 0}                            the same in every row
    {"one_of": ["gw0", "gw1"], "at": ...}  few different values; which, in a byte for each row
    {"int32": ...}, {"int64": ...}         whole numbers, little-endian; "missing": [1] are rows without one

`...` is base64. Ten thousand numbers are read so in a hundredth of the time that their digits take.
"""

import sys
from array import array
from base64 import b64encode
from binascii import a2b_base64
from collections.abc import Callable, Mapping, Sequence
from typing import Any, Final

_CODES: Final = {"int32": "i", "int64": "q"}
_MOST_DIFFERENT: Final = 256
_FEW: Final = 8  # one in so many may be missing; of more a list is shorter
_NUMBERS: Final[frozenset[type]] = frozenset({int})
_IS_OTHER_ENDIAN: Final = sys.byteorder == "big"


def sent_column(column: Sequence[Any]) -> Any:
    """The shortest form of at least one value: plain ones, or lists of plain ones as tuples."""
    first, rows = column[0], len(column)
    kinds = set(map(type, column))
    if len(kinds) == 1 and column.count(first) == rows:
        return {"each": first}
    if kinds - {type(None)} == _NUMBERS:
        missing = [row for row, number in enumerate(column) if number is None]
        if len(missing) * _FEW <= rows:
            return {**_sent_numbers([number or 0 for number in column]), **_named(missing)}
    elif len(kinds) == 1 and kinds <= {str, tuple}:
        places = {value: place for place, value in enumerate(dict.fromkeys(column))}
        if len(places) <= _MOST_DIFFERENT:
            return {"one_of": list(places), "at": _text(bytes(map(places.__getitem__, column)))}
    return list(column)


def _sent_numbers(numbers: list[int]) -> dict[str, str]:
    try:
        kind, packed = "int32", array("i", numbers)
    except OverflowError:
        kind, packed = "int64", array("q", numbers)
    if _IS_OTHER_ENDIAN:
        packed.byteswap()
    return {kind: _text(packed.tobytes())}


def _named(missing: list[int]) -> dict[str, list[int]]:
    return {"missing": missing} if missing else {}


def _text(data: bytes) -> str:
    return b64encode(data).decode("ascii")


def rows_of(sent: Any) -> int | None:
    """How many rows a column says that it has, None where it does not. Raises ValueError for no column."""
    if isinstance(sent, list):
        return len(sent)
    if isinstance(sent, dict):
        if "each" in sent:
            return None
        for kind, size in (("at", 1), ("int32", 4), ("int64", 8)):
            packed = sent.get(kind)
            if isinstance(packed, str):
                return (len(packed) // 4 * 3 - packed[-2:].count("=")) // size
    raise ValueError("a column of tests is no list")


def values_of(
    sent: Any, rows: int, checked: Callable[[Sequence[Any]], Sequence[Any]] = list
) -> Sequence[Any]:
    """The values of a column: a list, or an array of numbers.

    `checked` gives what values that were sent stand for, and raises what it wants for others: it sees each
    that is repeated once. Raises ValueError for what has not so many `rows`, and for no column.
    """
    if rows_of(sent) not in (rows, None):
        raise ValueError("the columns of tests are not of one length")
    if isinstance(sent, list):
        return checked(sent)
    if "each" in sent:
        return list(checked([sent["each"]])) * rows
    if "at" in sent:
        return _chosen(sent, checked)
    numbers = _numbers(sent)
    if len(numbers) != rows:
        raise ValueError("the columns of tests are not of one length")
    missing = sent.get("missing") or []
    if not missing and not _IS_OTHER_ENDIAN:
        return checked(numbers)
    if not isinstance(missing, list):
        raise ValueError("a column of tests has no list of what is missing")
    listed: list[int | None] = list(numbers)
    for row in missing:
        listed[_row(row, rows)] = None
    return checked(listed)


def _chosen(sent: Mapping[str, Any], checked: Callable[[Sequence[Any]], Sequence[Any]]) -> list[Any]:
    values = sent.get("one_of")
    if not isinstance(values, list):
        raise ValueError("a column of tests has no list of what it is one of")
    try:
        return list(map(checked(values).__getitem__, _bytes(sent["at"])))
    except IndexError:
        raise ValueError("a column of tests names a value that it does not have") from None


def _numbers(sent: Mapping[str, Any]) -> "array[int]":
    kind = "int32" if "int32" in sent else "int64"
    numbers: array[int] = array(_CODES[kind])
    numbers.frombytes(_bytes(sent[kind]))
    if _IS_OTHER_ENDIAN:
        numbers.byteswap()
    return numbers


def _bytes(sent: Any) -> bytes:
    if not isinstance(sent, str):
        raise ValueError("a column of tests is no base64")
    return a2b_base64(sent, strict_mode=True)


def _row(sent: Any, rows: int) -> int:
    if sent.__class__ is not int or not 0 <= sent < rows:
        raise ValueError("a column of tests names a row that it does not have")
    row: int = sent
    return row
