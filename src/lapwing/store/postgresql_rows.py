"""Attempts of tests to lines of COPY into PostgreSQL's table `result`. No SQL, no connection."""

from collections.abc import Container, Iterator, Mapping, Sequence
from typing import Final

from lapwing.model.record import Outcome, TestRecord
from lapwing.store.postgresql_text import for_copy, to_value
from lapwing.store.sql_text import json_to_sql

_WORDS: Final = {outcome: outcome.value for outcome in Outcome}
_FIRST_MEASURE: Final = TestRecord._fields.index("start_ns")
_AFTER_MEASURES: Final = TestRecord._fields.index("markers")

RESULT_COLUMNS: Final = (
    *("run", "ordinal", "test", "worker", "is_last", "outcome", "category", "attempt", "wall_ns", "cpu_ns"),
    *TestRecord._fields[_FIRST_MEASURE:_AFTER_MEASURES],
    *("marker_set", "counters", "subtests"),
)
"""Columns in the order of the lines made here."""


def result_lines(
    recorded: Sequence[TestRecord],
    *,
    run: int,
    last: Container[int],
    tests: Mapping[str, int],
    workers: Mapping[str, int],
    categories: Mapping[str, int],
    marker_sets: Mapping[tuple[str, ...], int],
    first_ordinal: int,
) -> Iterator[str]:
    """A line per attempt; the mappings give the numbers of names."""
    for ordinal, record in enumerate(recorded, first_ordinal):
        markers, counters, subtests = record[_AFTER_MEASURES:]
        numbers = (
            tests[record[0]],
            workers[record[3]],
            "t" if ordinal in last else "f",
            _WORDS[record[1]],
            categories[record[4]],
            record[2],
            record.duration_ns,
            record.cpu_ns,
            *record[_FIRST_MEASURE:_AFTER_MEASURES],
            marker_sets[markers] if markers else None,
        )
        texts = "\t".join([r"\N" if value is None else str(value) for value in numbers])
        if counters or subtests:
            rare = (json_to_sql(dict(counters)) if counters else None, json_to_sql(subtests))
            ends = "\t".join(for_copy(to_value(value)) for value in rare)
        else:
            ends = "\\N\t\\N"
        yield f"{run}\t{ordinal}\t{texts}\t{ends}\n"
