"""Records to rows of the tables of facts and back, but for `result_block`. No SQL, no connection."""

from __future__ import annotations

import struct
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from typing import TYPE_CHECKING, Any, Final

from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, Subtest, TestRecord
from lapwing.store.sql_text import (
    from_sql,
    json_from_sql,
    json_to_sql,
    optional_from_sql,
    optional_to_sql,
    to_sql,
)

if TYPE_CHECKING:
    from lapwing.model.measurement import BenchmarkRecord

Row = tuple[Any, ...]

# `str(outcome)` and `Outcome(text)` cost several times as much per row as a look-up.
_WORDS: Final = {outcome: outcome.value for outcome in Outcome}
_OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}

_FIRST_MEASURE: Final = TestRecord._fields.index("start_ns")
_AFTER_MEASURES: Final = TestRecord._fields.index("markers")

MEASURES: Final = TestRecord._fields[_FIRST_MEASURE:_AFTER_MEASURES]
"""Fields of TestRecord that are columns of the same name."""

FACT_COLUMNS: Final[Mapping[str, tuple[str, ...]]] = {
    "result": (
        *(
            "run",
            "ordinal",
            "test",
            "worker",
            "is_last",
            "outcome",
            "category",
            "attempt",
            "wall_ns",
            "cpu_ns",
        ),
        *MEASURES,
        *("marker_set", "counters", "subtests"),
    ),
    "result_block": ("run", "place", "facts"),
    "fixture_result": (
        *("run", "ordinal", "fixture", "requester", "worker", "param"),
        *("start_ns", "setup_ns", "teardown_ns", "failed"),
    ),
    "collect_result": ("run", "ordinal", "module", "worker", "start_ns", "duration_ns", "cpu_ns", "outcome"),
    "benchmark_result": (
        *("run", "ordinal", "test", "name", "source", "unit", "samples"),
        *("iterations", "warmup", "group_name", "metadata", "metric", "higher_is_better"),
    ),
    "budget_result": ("run", "ordinal", "test", "category", "metric", "most", "origin"),
    "stop_result": ("run", "ordinal", "test", "attempt", "stack"),
    "import_result": ("run", "ordinal", "module", "own_ns", "cumulative_ns", "imported_by"),
}
"""Columns of each table of facts, in the order of the rows made here."""


def result_rows(
    recorded: Iterable[tuple[int, TestRecord]],
    *,
    run: int,
    last: Container[int],
    tests: Mapping[str, int],
    workers: Mapping[str, int],
    categories: Mapping[str, int],
    marker_sets: Mapping[tuple[str, ...], int | None],
) -> Iterator[Row]:
    """Rows of table `result` for results with their places; the mappings give the numbers of names."""
    for ordinal, record in recorded:
        markers, counters, subtests = record[_AFTER_MEASURES:]
        yield (
            run,
            ordinal,
            tests[record.nodeid],
            workers[record.worker],
            1 if ordinal in last else 0,
            record.outcome.value,
            categories[record.category],
            record.attempt,
            record.duration_ns,
            record.cpu_ns,
            *record[_FIRST_MEASURE:_AFTER_MEASURES],
            marker_sets[markers],
            json_to_sql(dict(counters)) if counters else None,
            json_to_sql(subtests) if subtests else None,
        )


def tests_from_rows(rows: Iterable[Row]) -> Iterator[tuple[int, TestRecord]]:
    """Places and records of rows that hold names in place of numbers: the ordinal, then as TestRecord."""
    markers: dict[str | bytes | None, tuple[str, ...]] = {None: ()}
    for ordinal, *row in rows:
        nodeid, outcome, attempt, worker, category = row[:_FIRST_MEASURE]
        marker_text, counters, subtests = row[_AFTER_MEASURES:]
        if marker_text not in markers:
            markers[marker_text] = tuple(json_from_sql(marker_text))
        yield (
            ordinal,
            TestRecord._make(
                (
                    from_sql(nodeid),
                    _OUTCOMES[outcome],
                    attempt,
                    from_sql(worker),
                    from_sql(category),
                    *row[_FIRST_MEASURE:_AFTER_MEASURES],
                    markers[marker_text],
                    counts_from_sql(counters),
                    _subtests(subtests) if subtests else (),
                )
            ),
        )


def counts_from_sql(text: str | bytes | None) -> dict[str, Count]:
    """The counters of a test; none where there is no text."""
    return {name: Count(*count) for name, count in json_from_sql(text).items()} if text else {}


def _subtests(text: str | bytes) -> tuple[Subtest, ...]:
    return tuple(Subtest(name, _OUTCOMES[word], ns) for name, word, ns in json_from_sql(text))


def fixture_rows(
    recorded: Sequence[FixtureRecord],
    *,
    run: int,
    fixtures: Mapping[tuple[str, str, str], int],
    tests: Mapping[str, int],
    workers: Mapping[str, int],
) -> Iterator[Row]:
    """Rows of table `fixture_result`; the mappings give the numbers of names."""
    for ordinal, record in enumerate(recorded):
        yield (
            run,
            ordinal,
            fixtures[record[:3]],
            tests[record.requester] if record.requester else None,
            workers[record.worker],
            optional_to_sql(record.param),
            record.start_ns,
            record.setup_ns,
            record.teardown_ns,
            record.failed,
        )


def collect_rows(
    recorded: Sequence[CollectRecord], *, run: int, modules: Mapping[str, int], workers: Mapping[str, int]
) -> Iterator[Row]:
    """Rows of table `collect_result`; the mappings give the numbers of names."""
    for ordinal, record in enumerate(recorded):
        nodeid, worker, start_ns, duration_ns, cpu_ns, outcome = record
        yield (
            run,
            ordinal,
            modules[nodeid],
            workers[worker],
            start_ns,
            duration_ns,
            cpu_ns,
            _WORDS[outcome],
        )


def benchmark_rows(
    recorded: Sequence[BenchmarkRecord], *, run: int, tests: Mapping[str, int]
) -> Iterator[Row]:
    """Rows of table `benchmark_result`; `tests` gives the numbers of names."""
    for ordinal, record in enumerate(recorded):
        yield (
            run,
            ordinal,
            tests[record.nodeid],
            to_sql(record.name),
            to_sql(record.source),
            to_sql(record.unit),
            struct.pack(f"<{len(record.samples)}d", *record.samples),
            record.iterations,
            record.warmup,
            optional_to_sql(record.group),
            json_to_sql(dict(record.metadata)),
            to_sql(record.metric),
            int(record.higher_is_better),
        )


def fixture_from_row(row: Row) -> FixtureRecord:
    """The record of a row with names in place of numbers, in the order of FixtureRecord."""
    name, scope, location, requester, worker, param, start_ns, setup_ns, teardown_ns, failed = row
    return FixtureRecord(
        name=from_sql(name),
        scope=from_sql(scope),
        location=from_sql(location),
        requester=from_sql(requester or ""),
        worker=from_sql(worker),
        param=optional_from_sql(param),
        start_ns=start_ns,
        setup_ns=setup_ns,
        teardown_ns=teardown_ns,
        failed=bool(failed),
    )


def collect_from_row(row: Row) -> CollectRecord:
    """The record of a row with names in place of numbers, in the order of CollectRecord."""
    nodeid, worker, start_ns, duration_ns, cpu_ns, outcome = row
    return CollectRecord(
        nodeid=from_sql(nodeid),
        worker=from_sql(worker),
        start_ns=start_ns,
        duration_ns=duration_ns,
        cpu_ns=cpu_ns,
        outcome=_OUTCOMES[outcome],
    )


def benchmark_from_row(row: Row) -> BenchmarkRecord:
    """The record of a row with names in place of numbers, in the order of BenchmarkRecord."""
    from lapwing.model.measurement import BenchmarkRecord

    name, nodeid, source, unit, samples, iterations, warmup, group, metadata, metric, higher = row
    return BenchmarkRecord(
        name=from_sql(name),
        nodeid=from_sql(nodeid),
        source=from_sql(source),
        unit=from_sql(unit),
        samples=struct.unpack(f"<{len(samples) // 8}d", samples),
        iterations=iterations,
        warmup=warmup,
        group=optional_from_sql(group),
        metadata=json_from_sql(metadata) or {},
        metric=from_sql(metric),
        higher_is_better=bool(higher),
    )
