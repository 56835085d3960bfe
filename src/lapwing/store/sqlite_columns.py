"""Reading columns of samples and the history of a test out of an SQLite store.

Most results leave SQLite in blocks of 64, the others as one text per column, read by the JSON parser: half
the time of fetching rows. Names are looked up once per test.
"""

import json
import sqlite3
from collections.abc import Iterator, Mapping, Sequence
from itertools import chain, islice
from typing import Any, Final

from lapwing.errors import NoDataError
from lapwing.model.fixture_subject import fixture_subject
from lapwing.model.record import Count, Outcome
from lapwing.model.series import HistoryPoint, RunSamples
from lapwing.store.block_reading import (
    SampleFinder,
    in_order_of_execution,
    leading_bytes,
    sample_columns,
)
from lapwing.store.result_blocks import SAMPLE_COLUMNS, place_of
from lapwing.store.samples_finder import SamplesFinder
from lapwing.store.sql_text import from_sql, optional_from_sql, optional_to_sql, to_sql
from lapwing.store.sqlite_block_read import blocks_of, samples_in_blocks
from lapwing.store.sqlite_identities import chunks, names, one, placeholders
from lapwing.store.sqlite_rows import counts_from_sql

_Row = tuple[Any, ...]

_PASSED: Final = Outcome.PASSED.value
_AFTER_DELTA: Final = SAMPLE_COLUMNS.index("delta_bytes") + 1
_SAMPLES: Final = f"""
    SELECT {", ".join(f"group_concat(ifnull({column}, 'null'))" for column in SAMPLE_COLUMNS)}
    FROM (
        SELECT {", ".join(SAMPLE_COLUMNS)} FROM result
        WHERE run = ? AND is_last AND outcome = ? AND wall_ns IS NOT NULL
        ORDER BY ordinal
    )
"""
_COUNTERS: Final = """
    SELECT test.nodeid, result.counters
    FROM result JOIN test ON test.id = result.test
    WHERE result.run = ? AND result.is_last
"""
_FIXTURES: Final = """
    SELECT fixture.name, fixture.location, worker.name, setup_ns
    FROM fixture_result
    JOIN fixture ON fixture.id = fixture_result.fixture
    JOIN worker ON worker.id = fixture_result.worker
    WHERE run = ? AND NOT failed
    ORDER BY ordinal
"""
_COLLECTION: Final = """
    SELECT module.nodeid, worker.name, duration_ns, cpu_ns
    FROM collect_result
    JOIN module ON module.id = collect_result.module
    JOIN worker ON worker.id = collect_result.worker
    WHERE run = ? AND outcome = ?
    ORDER BY ordinal
"""
_RUN_FACTS: Final = """
    SELECT run.run_id, run.started_at_ns, run.commit_id, run.branch, run.is_complete, run.machine_class,
"""
_HISTORY: Final = f"""
    {_RUN_FACTS} outcome, attempt, wall_ns, cpu_ns, peak_bytes, delta_bytes
    FROM run INDEXED BY run_by_project
    CROSS JOIN result ON result.run = run.id
    WHERE run.project = :project AND result.test = :test AND result.is_last {{}}
    ORDER BY run.id DESC LIMIT :limit
"""
_HISTORY_IN_BLOCKS: Final = f"""
    {_RUN_FACTS} substr(result_block.facts, 1, {leading_bytes(_AFTER_DELTA)})
    FROM run INDEXED BY run_by_project
    CROSS JOIN result_block ON result_block.run = run.id AND place = :place
    WHERE run.project = :project {{}}
    ORDER BY run.id DESC
"""
_new_point: Final[Any] = tuple.__new__  # as `HistoryPoint._make` does
_ON_BRANCH: Final = "AND (run.branch = :branch OR run.branch IS NULL)"


def samples(connection: sqlite3.Connection, run_ids: Sequence[str], *, where: str) -> list[RunSamples]:
    """The tests of each run as columns. Raises NoDataError for a run that is not there."""
    found = [(run_id, *_run(connection, run_id, where)) for run_id in run_ids]
    read = [columns_of_run(connection, key) for _, key, _ in found]
    tests = names(connection, "test", "nodeid", {test for columns in read for test in columns["test"]})
    workers = _all_names(connection, "worker")
    categories = _all_names(connection, "category")
    return [
        RunSamples(
            run_id=run_id,
            subjects=tuple(map(tests.__getitem__, columns.pop("test"))),
            workers=tuple(map(workers.__getitem__, columns.pop("worker"))),
            categories=tuple(map(categories.__getitem__, columns.pop("category"))),
            machine_class=machine_class,
            **{column: tuple(values) for column, values in columns.items()},
        )
        for (run_id, _, machine_class), columns in zip(found, read, strict=True)
    ]


def _all_names(connection: sqlite3.Connection, table: str) -> dict[int, str]:
    return {number: from_sql(name) for number, name in connection.execute(f"SELECT id, name FROM {table}")}


def columns_of_run(connection: sqlite3.Connection, key: int) -> dict[str, list[Any]]:
    """The samples of the run numbered `key`, by column, names as numbers: passed last attempts only."""
    texts = connection.execute(_SAMPLES, (key, Outcome.PASSED.value)).fetchone()
    read = [json.loads(f"[{text or ''}]") for text in texts]
    for facts in blocks_of(connection, key):
        for column, part in zip(read, sample_columns(facts), strict=True):
            column += part
    return in_order_of_execution(read)


def counters(
    connection: sqlite3.Connection, run_id: str, nodeids: Sequence[str] | None, *, where: str
) -> dict[str, Mapping[str, Count]]:
    """Counters of the last attempt of those of `nodeids` that the run has, or of all tests that have any.
    Raises NoDataError."""
    key, _ = _run(connection, run_id, where)
    if nodeids is None:
        rows = connection.execute(f"{_COUNTERS} AND result.counters IS NOT NULL", (key,))
        return {from_sql(nodeid): counts_from_sql(text) for nodeid, text in rows}
    found: dict[str, Mapping[str, Count]] = {}
    for chunk in chunks(nodeids):
        rows = connection.execute(
            f"{_COUNTERS} AND test.nodeid IN {placeholders(chunk)}", (key, *map(to_sql, chunk))
        )
        found.update((from_sql(nodeid), counts_from_sql(text)) for nodeid, text in rows)
        numbers = connection.execute(
            "SELECT id, nodeid FROM test WHERE project = (SELECT project FROM run WHERE id = ?)"
            f" AND nodeid IN {placeholders(chunk)}",
            (key, *map(to_sql, chunk)),
        )
        tests = {number: from_sql(nodeid) for number, nodeid in numbers}
        found.update(
            (tests[test], {}) for test, *_ in samples_in_blocks(connection, key, SamplesFinder(tests))
        )
    return found


def fixture_samples(
    connection: sqlite3.Connection, run_ids: Sequence[str], *, where: str
) -> list[RunSamples]:
    """Set-up time of each fixture, by `fixture_subject`, summed over its set-ups that did not fail."""
    read = []
    for run_id in run_ids:
        key, machine_class = _run(connection, run_id, where)
        sums: dict[str, tuple[str, int]] = {}
        for name, location, worker, setup_ns in connection.execute(_FIXTURES, (key,)):
            subject = fixture_subject(from_sql(name), from_sql(location))
            first, before = sums.get(subject, (from_sql(worker), 0))
            sums[subject] = (first, before + setup_ns)
        rows = [(subject, worker, total, None) for subject, (worker, total) in sums.items()]
        read.append(_from_rows(run_id, machine_class, rows))
    return read


def collection_samples(
    connection: sqlite3.Connection, run_ids: Sequence[str], *, where: str
) -> list[RunSamples]:
    """Collection time of each module in the worker where it took longest."""
    read = []
    for run_id in run_ids:
        key, machine_class = _run(connection, run_id, where)
        slowest: dict[str, _Row] = {}
        for module, worker, duration_ns, cpu_ns in connection.execute(
            _COLLECTION, (key, Outcome.PASSED.value)
        ):
            subject = from_sql(module)
            if subject not in slowest or duration_ns > slowest[subject][2]:
                slowest[subject] = (subject, from_sql(worker), duration_ns, cpu_ns)
        read.append(_from_rows(run_id, machine_class, list(slowest.values())))
    return read


def history(
    connection: sqlite3.Connection, nodeid: str, *, project: str | None, branch: str | None, limit: int
) -> list[HistoryPoint]:
    """Runs of one test, newest first, last attempts; of all projects where `project` is None."""
    test_sql = "SELECT id FROM test WHERE project = ? AND nodeid = ?"
    projects = connection.execute(
        "SELECT id FROM project WHERE :name IS NULL OR name = :name", {"name": optional_to_sql(project)}
    ).fetchall()
    tests = [(number, one(connection, test_sql, (number, to_sql(nodeid)))) for (number,) in projects]
    asked: list[dict[str, Any]] = [
        {
            "project": number,
            "test": test,
            "place": place_of(test),
            "branch": optional_to_sql(branch),
            "limit": limit,
        }
        for number, test in tests
        if test is not None
    ]
    on_branch = "" if branch is None else _ON_BRANCH
    points = [
        _point(row)
        for each in asked
        for row in chain(
            connection.execute(_HISTORY.format(on_branch), each),
            islice(_in_blocks(connection, on_branch, each), limit),
        )
    ]
    points.sort(key=lambda point: point.started_at_ns, reverse=True)
    return points[:limit]


def _in_blocks(connection: sqlite3.Connection, on_branch: str, asked: Mapping[str, Any]) -> Iterator[_Row]:
    """What `_HISTORY` gives of results that are in no block, of those that are."""
    find_sample = SampleFinder(asked["test"], _AFTER_DELTA)
    for *run, facts in connection.execute(_HISTORY_IN_BLOCKS.format(on_branch), asked):
        found = find_sample(facts)
        if found is not None:
            yield (*run, _PASSED, 1, *found[1:])


def _point(row: _Row) -> HistoryPoint:
    """The point of a row. Its texts are bytes where they hold what SQLite's do not, which is seldom."""
    run_id, started_at_ns, commit, branch, is_complete, machine_class, *measured = row
    if bytes in map(type, (run_id, commit, branch, machine_class)):
        run_id, machine_class = from_sql(run_id), from_sql(machine_class)
        commit, branch = optional_from_sql(commit), optional_from_sql(branch)
    point: HistoryPoint = _new_point(
        HistoryPoint, (run_id, started_at_ns, commit, branch, bool(is_complete), *measured, machine_class)
    )
    return point


def _run(connection: sqlite3.Connection, run_id: str, where: str) -> tuple[int, str]:
    row = connection.execute(
        "SELECT id, machine_class FROM run WHERE run_id = ?", (to_sql(run_id),)
    ).fetchone()
    if row is None:
        raise NoDataError(
            f"there is no run {run_id}", where=where, mend="See which runs there are: lapwing runs."
        )
    return row[0], from_sql(row[1])


def _from_rows(run_id: str, machine_class: str, rows: Sequence[_Row]) -> RunSamples:
    subjects, workers, wall_ns, cpu_ns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return RunSamples(run_id, subjects, workers, wall_ns, cpu_ns, machine_class=machine_class)
