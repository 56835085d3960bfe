"""Attempts of tests to lines of COPY into PostgreSQL's table `result`. No SQL, no connection."""

from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import repeat
from typing import Final

from lapwing.model.record import Outcome, TestRecord
from lapwing.store.postgresql_text import for_copy, to_value
from lapwing.store.sql_text import json_to_sql

_WORDS: Final = {outcome: outcome.value for outcome in Outcome}
_NULL: Final = r"\N"
_LINE: Final = "\t".join
_MEASURES: Final = TestRecord._fields[
    TestRecord._fields.index("start_ns") : TestRecord._fields.index("markers")
]

RESULT_COLUMNS: Final = (
    *("run", "ordinal", "test", "worker", "is_last", "outcome", "category", "attempt", "wall_ns", "cpu_ns"),
    *_MEASURES,
    *("marker_set", "counters", "subtests"),
)
"""Columns in the order of the lines made here."""


def result_lines(
    recorded: Sequence[tuple[int, TestRecord]],
    *,
    run: int,
    last: Container[int],
    tests: Mapping[str, int],
    workers: Mapping[str, int],
    categories: Mapping[str, int],
    marker_sets: Mapping[tuple[str, ...], int | None],
) -> Iterator[str]:
    """A line per attempt with its place, without its end; the mappings give the numbers of names.

    There must be one.
    """
    ordinals, records = zip(*recorded, strict=True)
    fields = dict(zip(TestRecord._fields, zip(*records, strict=True), strict=True))
    columns: list[Iterable[str]] = [
        repeat(str(run)),
        map(str, ordinals),
        [str(tests[name]) for name in fields["nodeid"]],
        [str(workers[name]) for name in fields["worker"]],
        ["t" if ordinal in last else "f" for ordinal in ordinals],
        map(_WORDS.__getitem__, fields["outcome"]),
        [str(categories[name]) for name in fields["category"]],
        map(str, fields["attempt"]),
        _numbers([record.duration_ns for record in records]),
        _numbers([record.cpu_ns for record in records]),
        *(_numbers(fields[name]) for name in _MEASURES),
        [str(marker_sets[markers]) if markers else _NULL for markers in fields["markers"]],
        [_rare(dict(counters)) if counters else _NULL for counters in fields["counters"]],
        [_rare(subtests) if subtests else _NULL for subtests in fields["subtests"]],
    ]
    return map(_LINE, zip(*columns, strict=False))


def _numbers(column: Sequence[int | None]) -> Iterable[str]:
    """Column by column: most are the same in all rows, or have nothing missing."""
    first = column[0]
    if first == column[-1] and column.count(first) == len(column):
        return repeat(_NULL if first is None else str(first))
    if None in column:
        return [_NULL if number is None else str(number) for number in column]
    return map(str, column)


def _rare(value: object) -> str:
    return for_copy(to_value(json_to_sql(value)))
