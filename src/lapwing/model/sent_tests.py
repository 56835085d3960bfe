"""Results of tests that someone sent, back into values: one by one, or all at once where nothing is wrong."""

from array import array
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any, Final, TypeVar

from lapwing.model.columned_tests import ColumnedTests
from lapwing.model.document_fields import (
    MOST_CHARACTERS,
    OUTCOMES,
    checked,
    list_of,
    object_of,
    outcome_of,
    text,
    texts,
    whole,
    whole_or_none,
)
from lapwing.model.record import Count, Outcome, Subtest, TestRecord
from lapwing.model.sent_column import rows_of, values_of

_T = TypeVar("_T")

_TEXTS: Final = ("nodeid", "worker", "category")
_NUMBERS: Final = ("attempt", "start_ns", "leaked_threads", "shared_fixture_ns")
_OPTIONAL: Final = tuple(
    name
    for name in TestRecord._fields[TestRecord._fields.index("setup_ns") : TestRecord._fields.index("markers")]
    if name not in _NUMBERS
)
_NOTHING: Final[frozenset[type]] = frozenset({type(None)})


def sent_test(value: Any) -> TestRecord:
    """One result. Raises ValueError, in words for people, for what is none."""
    fields = object_of(value, "the record")
    numbers = {name: whole_or_none(fields, name) for name in _OPTIONAL if fields.get(name) is not None}
    return TestRecord(
        nodeid=text(fields, "nodeid"),
        outcome=outcome_of(fields),
        attempt=whole(fields, "attempt", 1),
        worker=text(fields, "worker", "main"),
        category=text(fields, "category", "unit"),
        start_ns=whole(fields, "start_ns", 0),
        leaked_threads=whole(fields, "leaked_threads", 0),
        shared_fixture_ns=whole(fields, "shared_fixture_ns", 0),
        markers=texts(fields, "markers"),
        counters=_counters(fields),
        subtests=_subtests(fields),
        **numbers,
    )


def sent_tests(sent: Any) -> ColumnedTests | None:
    """All results of a document, each as `sent_test` gives it; None where one of them is wrong or unusual.

    `sent` is a list of objects, or an object of columns. Checked column by column, which takes a fifth
    of the time: ten thousand are sent at once.
    """
    try:
        length, columns = _columns(sent)
        by_field = [
            values_of(columns[name], length, _CHECKS[name])
            if name in columns
            else [TestRecord._defaults[name]] * length
            for name in TestRecord._fields
        ]
    except (ValueError, KeyError, TypeError, OverflowError):
        return None
    return ColumnedTests(by_field)


def sent_records(sent: Any) -> list[Any]:
    """The results of a document as a list of objects, to be looked at one by one.

    Raises ValueError for what is neither such a list nor an object of columns.
    """
    if not isinstance(sent, dict):
        return list(list_of({"tests": sent}, "tests", most=None))
    rows = _length(sent)
    columns = [values_of(column, rows) for column in sent.values()]
    return [dict(zip(sent, values, strict=True)) for values in zip(*columns, strict=True)]


def most_tests_in(sent: Any) -> int:
    """How many results these are at the most: a list of objects, an object of columns, or neither."""
    if isinstance(sent, list):
        return len(sent)
    if not isinstance(sent, dict):
        return 0
    try:
        return max((rows_of(column) or 0 for column in sent.values()), default=0)
    except ValueError:
        return 0


def _columns(sent: Any) -> tuple[int, dict[str, Any]]:
    """How many results there are, and the column of each field that is said of any. Raises ValueError."""
    if isinstance(sent, dict):
        return _length(sent), sent
    listed = list_of({"tests": sent}, "tests", most=None)
    if _kinds(listed) - {dict}:
        raise ValueError("tests")
    said = set().union(*listed)
    columns = {}
    for name in TestRecord._fields:
        if name in said:
            default = TestRecord._defaults.get(name)
            columns[name] = [each.get(name, default) for each in listed]
    return len(listed), columns


def _length(columns: Mapping[str, Any]) -> int:
    lengths = {rows_of(column) for column in columns.values()} - {None}
    if len(lengths) > 1:
        raise ValueError("the columns of tests are not of one length")
    if columns and not lengths:
        raise ValueError("no column of tests tells how many there are")
    return max((length for length in lengths if length is not None), default=0)


def _kinds(column: Iterable[Any]) -> set[type]:
    return set(map(type, column))


def _texts(column: Sequence[Any]) -> Sequence[str]:
    if _kinds(column) - {str} or max(map(len, column), default=0) > MOST_CHARACTERS:
        raise ValueError("a text")
    return column


def _numbers(column: Sequence[Any]) -> Sequence[int]:
    if isinstance(column, array):
        return column
    if _kinds(column) - {int}:
        raise ValueError("a number")
    # Raises OverflowError for what does not fit into 64 bits, in half the time of comparing.
    array("q", column)
    return column


def _numbers_or_none(column: Sequence[Any]) -> Sequence[int | None]:
    if not isinstance(column, array) and None in column:
        _numbers([number for number in column if number is not None])
    else:
        _numbers(column)
    return column


def _markers(column: Sequence[Any]) -> list[tuple[str, ...]]:
    if _kinds(column) - {list, tuple}:
        raise ValueError("markers")
    found = list(map(tuple, column))
    known = {each: texts({"markers": list(each)}, "markers") for each in set(found)}
    return [known[each] for each in found]


def _outcomes(column: Sequence[Any]) -> list[Outcome]:
    return list(map(OUTCOMES.__getitem__, column))


def _counter_columns(column: Sequence[Any]) -> list[Mapping[str, Count]]:
    return _where_any("counters", column, dict, _counters)


def _subtest_columns(column: Sequence[Any]) -> list[tuple[Subtest, ...]]:
    return _where_any("subtests", column, list, _subtests)


def _where_any(
    name: str, column: Sequence[Any], kind: type, read: Callable[[Mapping[str, Any]], _T]
) -> list[_T]:
    default = TestRecord._defaults[name]
    if _kinds(column) - {kind, type(default)} - _NOTHING:
        raise ValueError(name)
    return [read({name: value}) if value else default for value in column]


def _counters(fields: Mapping[str, Any]) -> dict[str, Count]:
    return {
        checked(probe, "a counter"): Count(whole(count, "count"), whole(count, "time_ns", 0))
        for probe, count in object_of(fields.get("counters") or {}, "counters").items()
        if object_of(count, "a counter") is count
    }


def _subtests(fields: Mapping[str, Any]) -> tuple[Subtest, ...]:
    return tuple(_subtest(object_of(each, "a subtest")) for each in list_of(fields, "subtests"))


def _subtest(fields: Mapping[str, Any]) -> Subtest:
    return Subtest(text(fields, "name"), outcome_of(fields), whole_or_none(fields, "duration_ns"))


_CHECKS: Final[Mapping[str, Callable[[Sequence[Any]], Sequence[Any]]]] = {
    **dict.fromkeys(_TEXTS, _texts),
    **dict.fromkeys(_NUMBERS, _numbers),
    **dict.fromkeys(_OPTIONAL, _numbers_or_none),
    "outcome": _outcomes,
    "markers": _markers,
    "counters": _counter_columns,
    "subtests": _subtest_columns,
}
"""Field -> its column as values. Raises ValueError, KeyError, TypeError or OverflowError."""
