"""Reading runs out of an SQLite store as they were recorded."""

import sqlite3
from collections.abc import Sequence
from functools import partial
from operator import itemgetter
from typing import Final

from lapwing.errors import NoDataError
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.store.block_reading import tests_of
from lapwing.store.import_rows import import_from_row
from lapwing.store.limit_rows import budgets_from_rows, stopped_from_row
from lapwing.store.protocol import OneTest, RunDigest, RunQuery
from lapwing.store.run_row import run_digest
from lapwing.store.sql_text import json_from_sql, to_sql
from lapwing.store.sqlite_block_read import blocks_of, result_in_block
from lapwing.store.sqlite_identities import names, one
from lapwing.store.sqlite_rows import (
    MEASURES,
    benchmark_from_row,
    collect_from_row,
    fixture_from_row,
    tests_from_rows,
)
from lapwing.store.stamp_sql import STAMP, STAMP_UNTIL, stamp_text

TESTS: Final = f"""
    SELECT ordinal, test.nodeid, outcome, attempt, worker.name, category.name, {", ".join(MEASURES)},
           marker_set.markers, counters, subtests
    FROM result
    JOIN test ON test.id = result.test
    JOIN worker ON worker.id = result.worker
    JOIN category ON category.id = result.category
    LEFT JOIN marker_set ON marker_set.id = result.marker_set
    WHERE run = ? AND {{}} ORDER BY ordinal
"""
"""Results that are in no block; to be completed by a condition on the attempt."""

_FIXTURES: Final = """
    SELECT fixture.name, fixture.scope, fixture.location, test.nodeid, worker.name,
           param, start_ns, setup_ns, teardown_ns, failed
    FROM fixture_result
    JOIN fixture ON fixture.id = fixture_result.fixture
    JOIN worker ON worker.id = fixture_result.worker
    LEFT JOIN test ON test.id = fixture_result.requester
    WHERE run = ? {} ORDER BY ordinal
"""
_NUMBER: Final = "SELECT id FROM test WHERE nodeid = ? AND project = (SELECT project FROM run WHERE id = ?)"
_COLLECTION: Final = """
    SELECT module.nodeid, worker.name, start_ns, duration_ns, cpu_ns, outcome
    FROM collect_result
    JOIN module ON module.id = collect_result.module
    JOIN worker ON worker.id = collect_result.worker
    WHERE run = ? ORDER BY ordinal
"""
_BENCHMARKS: Final = """
    SELECT benchmark_result.name, test.nodeid, source, unit, samples, iterations, warmup, group_name,
           metadata, metric, higher_is_better
    FROM benchmark_result JOIN test ON test.id = benchmark_result.test
    WHERE run = ? ORDER BY ordinal
"""
_BUDGETS: Final = """
    SELECT test.nodeid, budget_result.category, metric, most, origin
    FROM budget_result LEFT JOIN test ON test.id = budget_result.test
    WHERE run = ? ORDER BY ordinal
"""
_STOPPED: Final = """
    SELECT test.nodeid, attempt, stack
    FROM stop_result JOIN test ON test.id = stop_result.test
    WHERE run = ? ORDER BY ordinal
"""
_IMPORTS: Final = """
    SELECT module, own_ns, cumulative_ns, imported_by
    FROM import_result WHERE run = ? ORDER BY ordinal
"""


def runs(connection: sqlite3.Connection, query: RunQuery) -> list[RunDigest]:
    """Digests of the runs that fit `query`, newest first."""
    conditions: list[tuple[str, object]] = []
    for column in ("package", "branch", "machine_class"):
        wanted = getattr(query, column)
        if wanted is not None:
            conditions.append((f"run.{column} = ?", to_sql(wanted)))
    if query.project is not None:
        conditions.append(("project.name = ?", to_sql(query.project)))
    if query.commit is not None:
        conditions.append(("run.commit_id = ?", to_sql(query.commit)))
    if query.is_complete is not None:
        conditions.append(("run.is_complete = ?", query.is_complete))
    if query.id_prefix is not None:
        conditions.append(("run.run_id >= ?", to_sql(query.id_prefix)))
        conditions.append(("run.run_id < ?", to_sql(query.id_prefix + "\U0010ffff")))
    if query.before_ns is not None:
        conditions.append(("run.started_at_ns < ?", query.before_ns))
    if query.since_ns is not None:
        conditions.append(("run.started_at_ns >= ?", query.since_ns))
    where = " AND ".join(condition for condition, _ in conditions) or "1"
    limit = -1 if query.limit is None else query.limit
    return _digests(
        connection,
        f"WHERE {where} ORDER BY run.id DESC LIMIT ?",
        (*(value for _, value in conditions), limit),
    )


def stamp(connection: sqlite3.Connection, project: str, *, of_runs: bool) -> str:
    """What changes with the runs of `project`: see `Store.stamp`."""
    (row,) = connection.execute(STAMP.format("name", "?"), (to_sql(project),)).fetchall()
    return stamp_text(row, of_runs=of_runs)


def stamp_until(connection: sqlite3.Connection, started_at_ns: int, project: str) -> str:
    """What changes with the runs up to then: see `Store.stamp_until`."""
    (row,) = connection.execute(
        STAMP_UNTIL.format("name", "?", "?"), (to_sql(project), started_at_ns)
    ).fetchall()
    return stamp_text(row)


def read_run(connection: sqlite3.Connection, run_id: str, *, where: str) -> RecordedRun:
    """The run called `run_id` with all its records. Raises NoDataError that names `where`."""
    found = digest(connection, run_id, where=where)
    key = run_key(connection, run_id, where=where)
    return RecordedRun(
        run=found.run,
        tests=_tests(connection, key),
        fixtures=tuple(map(fixture_from_row, connection.execute(_FIXTURES.format(""), (key,)))),
        collection=tuple(map(collect_from_row, connection.execute(_COLLECTION, (key,)))),
        benchmarks=tuple(map(benchmark_from_row, connection.execute(_BENCHMARKS, (key,)))),
        budgets=budgets_from_rows(connection.execute(_BUDGETS, (key,))),
        stopped=tuple(map(stopped_from_row, connection.execute(_STOPPED, (key,)))),
        imports=tuple(map(import_from_row, connection.execute(_IMPORTS, (key,)))),
    )


def _tests(connection: sqlite3.Connection, key: int) -> Sequence[TestRecord]:
    """The results of the run numbered `key`, in the order recorded."""
    with_rows = list(tests_from_rows(connection.execute(TESTS.format("attempt > 0"), (key,))))
    return tests_of(with_rows, blocks_of(connection, key), partial(names, connection))


def one_test(connection: sqlite3.Connection, run_id: str, nodeid: str, *, where: str) -> OneTest:
    """What the run recorded of one test. Raises NoDataError that names `where`."""
    key = run_key(connection, run_id, where=where)
    test = one(connection, _NUMBER, (to_sql(nodeid), key))
    if test is None:
        return OneTest((), ())
    found = list(
        tests_from_rows(connection.execute(TESTS.format("attempt > 0 AND result.test = ?"), (key, test)))
    )
    found += result_in_block(connection, key, test)
    fixtures = connection.execute(_FIXTURES.format("AND requester = ?"), (key, test))
    return OneTest(
        tuple([record for _, record in sorted(found, key=itemgetter(0))]),
        tuple(map(fixture_from_row, fixtures)),
    )


def benchmarks(
    connection: sqlite3.Connection, run_ids: Sequence[str], *, where: str
) -> list[tuple[BenchmarkRecord, ...]]:
    """What benchmarks measured in each run. Raises NoDataError that names `where`."""
    return [
        tuple(
            map(
                benchmark_from_row,
                connection.execute(_BENCHMARKS, (run_key(connection, run_id, where=where),)),
            )
        )
        for run_id in run_ids
    ]


def run_key(connection: sqlite3.Connection, run_id: str, *, where: str) -> int:
    """The number of the run called `run_id`. Raises NoDataError that names `where`."""
    found = connection.execute("SELECT id FROM run WHERE run_id = ?", (to_sql(run_id),)).fetchone()
    if found is None:
        raise _no_such_run(run_id, where)
    return int(found[0])


def digest(connection: sqlite3.Connection, run_id: str, *, where: str) -> RunDigest:
    """The digest of the run called `run_id`. Raises NoDataError that names `where`."""
    found = _digests(connection, "WHERE run.run_id = ?", (to_sql(run_id),))
    if not found:
        raise _no_such_run(run_id, where)
    return found[0]


def _no_such_run(run_id: str, where: str) -> NoDataError:
    return NoDataError(
        f"there is no run {run_id}", where=where, mend="See which runs there are: lapwing runs."
    )


def _digests(connection: sqlite3.Connection, rest: str, values: tuple[object, ...]) -> list[RunDigest]:
    cursor = connection.execute(
        "SELECT run.*, project.name AS project_name, package_set.packages"
        " FROM run JOIN project ON project.id = run.project"
        f" LEFT JOIN package_set ON package_set.id = run.package_set {rest}",
        values,
    )
    columns = [column for column, *_ in cursor.description]
    packages: dict[str | bytes | None, dict[str, str]] = {}
    digests = []
    for values in cursor:
        row = dict(zip(columns, values, strict=True))
        text = row["packages"]
        if text not in packages:
            packages[text] = json_from_sql(text) or {}
        digests.append(run_digest(row, packages[text]))
    return digests
