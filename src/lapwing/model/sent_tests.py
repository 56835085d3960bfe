"""Results of tests that someone sent, back into values: one by one, or all at once where nothing is wrong."""

from collections.abc import Callable, Iterable, Mapping
from typing import Any, Final, TypeVar

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
from lapwing.model.record import Count, Subtest, TestRecord

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


def sent_tests(sent: Any) -> tuple[TestRecord, ...] | None:
    """All results of a document, each as `sent_test` gives it; None where one of them is wrong or unusual.

    `sent` is a list of objects, or an object of columns. Checked column by column, which takes a fifth
    of the time: ten thousand are sent at once.
    """
    try:
        columns = _columns(sent)
        checked_columns = {
            **{name: _texts(columns[name]) for name in _TEXTS},
            **{name: _numbers(columns[name], optional=False) for name in _NUMBERS},
            **{name: _numbers(columns[name], optional=True) for name in _OPTIONAL},
            "outcome": list(map(OUTCOMES.__getitem__, columns["outcome"])),
            "markers": _markers(columns["markers"]),
            "counters": _where_any("counters", columns["counters"], dict, _counters),
            "subtests": _where_any("subtests", columns["subtests"], list, _subtests),
        }
    except (ValueError, KeyError, TypeError):
        return None
    by_field = (checked_columns[name] for name in TestRecord._fields)
    return tuple(map(TestRecord._make, zip(*by_field, strict=True)))


def sent_records(sent: Any) -> list[Any]:
    """The results of a document as a list of objects, to be looked at one by one.

    Raises ValueError for what is neither such a list nor an object of columns.
    """
    if not isinstance(sent, dict):
        return list(list_of({"tests": sent}, "tests", most=None))
    _length(sent)
    return [dict(zip(sent, values, strict=True)) for values in zip(*sent.values(), strict=True)]


def _columns(sent: Any) -> dict[str, list[Any]]:
    """The values of each field; of what is not said, those that stand for it. Raises ValueError."""
    if isinstance(sent, dict):
        length = _length(sent)
        return {name: sent.get(name) or [_default(name)] * length for name in TestRecord._fields}
    listed = list_of({"tests": sent}, "tests", most=None)
    if _kinds(listed) - {dict}:
        raise ValueError("tests")
    found = {}
    for name in TestRecord._fields:
        default = _default(name)
        found[name] = [each.get(name, default) for each in listed]
    return found


def _length(columns: Mapping[str, Any]) -> int:
    if any(not isinstance(column, list) for column in columns.values()):
        raise ValueError("a column of tests is no list")
    lengths = set(map(len, columns.values()))
    if len(lengths) > 1:
        raise ValueError("the columns of tests are not of one length")
    return max(lengths, default=0)


def _default(name: str) -> Any:
    return TestRecord._defaults.get(name)


def _kinds(column: Iterable[Any]) -> set[type]:
    return set(map(type, column))


def _texts(column: list[Any]) -> list[str]:
    if _kinds(column) - {str} or max(map(len, column), default=0) > MOST_CHARACTERS:
        raise ValueError("a text")
    return column


def _numbers(column: list[Any], *, optional: bool) -> list[int | None]:
    kinds = _kinds(column)
    if kinds == _NOTHING and optional:
        return column
    known = column
    if optional and kinds & _NOTHING:
        known = [number for number in column if number is not None]
        kinds -= _NOTHING
    if kinds - {int} or max(known, default=0) >= 2**63 or min(known, default=0) < -(2**63):
        raise ValueError("a number")
    return column


def _markers(column: list[Any]) -> list[tuple[str, ...]]:
    if _kinds(column) - {list, tuple}:
        raise ValueError("markers")
    found = list(map(tuple, column))
    known = {each: texts({"markers": list(each)}, "markers") for each in set(found)}
    return [known[each] for each in found]


def _where_any(name: str, column: list[Any], kind: type, read: Callable[[Mapping[str, Any]], _T]) -> list[_T]:
    if _kinds(column) - {kind, type(_default(name))} - _NOTHING:
        raise ValueError(name)
    return [read({name: value}) if value else _default(name) for value in column]


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
