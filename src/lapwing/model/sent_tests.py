"""Results of tests that someone sent, back into values: one by one, or all at once where nothing is wrong."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final

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


def sent_tests(values: Sequence[Any]) -> tuple[TestRecord, ...] | None:
    """All results, each as `sent_test` gives it; None where one of them is wrong or unusual.

    Checked column by column, which takes a fifth of the time: ten thousand are sent at once.
    """
    if {each.__class__ for each in values} - {dict}:
        return None
    try:
        columns = {
            **{name: _texts(values, name) for name in _TEXTS},
            **{name: _numbers(values, name, optional=False) for name in _NUMBERS},
            **{name: _numbers(values, name, optional=True) for name in _OPTIONAL},
            "outcome": [OUTCOMES[each["outcome"]] for each in values],
            "markers": _markers(values),
            "counters": _where_any(values, "counters", dict, _counters, {}),
            "subtests": _where_any(values, "subtests", list, _subtests, ()),
        }
    except (ValueError, KeyError, TypeError):
        return None
    return tuple(map(TestRecord._make, zip(*(columns[name] for name in TestRecord._fields), strict=True)))


def _column(values: Sequence[Any], name: str) -> list[Any]:
    default = TestRecord._defaults.get(name)
    return [each.get(name, default) for each in values]


def _kinds(column: Iterable[Any]) -> set[type]:
    return set(map(type, column))


def _texts(values: Sequence[Any], name: str) -> list[str]:
    column = _column(values, name)
    if _kinds(column) - {str} or max(map(len, column), default=0) > MOST_CHARACTERS:
        raise ValueError(name)
    return column


def _numbers(values: Sequence[Any], name: str, *, optional: bool) -> list[int | None]:
    column = _column(values, name)
    kinds = _kinds(column)
    if kinds == _NOTHING and optional:
        return column
    known = column
    if optional and kinds & _NOTHING:
        known = [number for number in column if number is not None]
        kinds -= _NOTHING
    if kinds - {int} or max(known, default=0) >= 2**63 or min(known, default=0) < -(2**63):
        raise ValueError(name)
    return column


def _markers(values: Sequence[Any]) -> list[tuple[str, ...]]:
    column = _column(values, "markers")
    if _kinds(column) - {list, tuple}:
        raise ValueError("markers")
    found = list(map(tuple, column))
    checked_ones = {each: texts({"markers": list(each)}, "markers") for each in set(found)}
    return [checked_ones[each] for each in found]


def _where_any(values: Sequence[Any], name: str, kind: type, read: Any, nothing: Any) -> list[Any]:
    if _kinds(each.get(name) for each in values) - {kind} - _NOTHING:
        raise ValueError(name)
    return [read(each) if each.get(name) else nothing for each in values]


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
