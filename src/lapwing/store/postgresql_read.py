"""Reading runs out of a PostgreSQL store as they were recorded."""

from array import array
from collections.abc import Iterator, Sequence
from functools import partial
from operator import itemgetter
from typing import Any, Final

from lapwing.errors import NoDataError
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.store.block_reading import add_tests, tests_of
from lapwing.store.import_rows import import_from_row
from lapwing.store.limit_rows import budgets_from_rows, stopped_from_row
from lapwing.store.postgresql_block_read import (
    beginnings_of,
    blocks_of,
    blocks_of_runs,
    result_in_blocks,
    rows_and_blocks,
)
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_found import FoundRun
from lapwing.store.postgresql_identities import known, names
from lapwing.store.postgresql_text import digest_of, from_row, from_text, to_text
from lapwing.store.protocol import OneTest, RunDigest, RunQuery
from lapwing.store.result_blocks import place_of
from lapwing.store.run_row import run_digest
from lapwing.store.sql_text import json_from_sql
from lapwing.store.sqlite_rows import (
    MEASURES,
    benchmark_from_row,
    collect_from_row,
    fixture_from_row,
    tests_from_rows,
)
from lapwing.store.stamp_sql import STAMP, STAMP_UNTIL, stamp_text

_TESTS: Final = f"""
    SELECT ordinal, test.nodeid, outcome, attempt, worker.name, category.name, {", ".join(MEASURES)},
           marker_set.markers, counters, subtests
    FROM result
    JOIN test ON test.id = result.test
    JOIN worker ON worker.id = result.worker
    JOIN category ON category.id = result.category
    LEFT JOIN marker_set ON marker_set.id = result.marker_set
    WHERE run = %s AND {{}} ORDER BY ordinal
"""
_TESTS_WIDTH: Final = 6 + len(MEASURES) + 3
_FIXTURES: Final = """
    SELECT fixture.name, fixture.scope, fixture.location, test.nodeid, worker.name,
           param, start_ns, setup_ns, teardown_ns, failed
    FROM fixture_result
    JOIN fixture ON fixture.id = fixture_result.fixture
    JOIN worker ON worker.id = fixture_result.worker
    LEFT JOIN test ON test.id = fixture_result.requester
    WHERE run = %s {} ORDER BY ordinal
"""
_COLLECTION: Final = """
    SELECT module.nodeid, worker.name, start_ns, duration_ns, cpu_ns, outcome
    FROM collect_result
    JOIN module ON module.id = collect_result.module
    JOIN worker ON worker.id = collect_result.worker
    WHERE run = %s ORDER BY ordinal
"""
_BENCHMARKS: Final = """
    SELECT benchmark_result.name, test.nodeid, source, unit, samples, iterations, warmup, group_name,
           metadata, metric, higher_is_better
    FROM benchmark_result JOIN test ON test.id = benchmark_result.test
    WHERE run = %s ORDER BY ordinal
"""
_BUDGETS: Final = """
    SELECT test.nodeid, budget_result.category, metric, most, origin
    FROM budget_result LEFT JOIN test ON test.id = budget_result.test
    WHERE run = %s ORDER BY ordinal
"""
_STOPPED: Final = """
    SELECT test.nodeid, attempt, stack
    FROM stop_result JOIN test ON test.id = stop_result.test
    WHERE run = %s ORDER BY ordinal
"""
_IMPORTS: Final = """
    SELECT module, own_ns, cumulative_ns, imported_by
    FROM import_result WHERE run = %s ORDER BY ordinal
"""


def runs(connection: Connection, query: RunQuery) -> list[RunDigest]:
    """Digests of the runs that fit `query`, newest first."""
    texts = {
        "project.name": query.project,
        "run.package": query.package,
        "run.branch": query.branch,
        "run.machine_class": query.machine_class,
        "run.commit_id": query.commit,
    }
    conditions: list[tuple[str, object]] = [
        (f"{column} = %s", to_text(wanted)) for column, wanted in texts.items() if wanted is not None
    ]
    if query.is_complete is not None:
        conditions.append(("run.is_complete = %s", query.is_complete))
    if query.id_prefix is not None:
        conditions.append(("run.run_id >= %s", to_text(query.id_prefix)))
        conditions.append(("run.run_id < %s", to_text(query.id_prefix) + "\U0010ffff"))
    if query.before_ns is not None:
        conditions.append(("run.started_at_ns < %s", query.before_ns))
    if query.since_ns is not None:
        conditions.append(("run.started_at_ns >= %s", query.since_ns))
    where = " AND ".join(condition for condition, _ in conditions) or "true"
    return _digests(
        connection,
        f"WHERE {where} ORDER BY run.id DESC LIMIT %s",
        (*(value for _, value in conditions), query.limit),
    )


def stamp(connection: Connection, project: str, *, of_runs: bool) -> str:
    """What changes with the runs of `project`: see `Store.stamp`."""
    (row,) = connection.execute(STAMP.format("digest", "%s"), (digest_of(project),)).fetchall()
    return stamp_text(row, of_runs=of_runs)


def stamp_until(connection: Connection, started_at_ns: int, project: str) -> str:
    """What changes with the runs up to then: see `Store.stamp_until`."""
    (row,) = connection.execute(
        STAMP_UNTIL.format("digest", "%s", "%s").replace("% 1", "%% 1"), (digest_of(project), started_at_ns)
    ).fetchall()
    return stamp_text(row)


def read_run(connection: Connection, run_id: str, *, where: str) -> RecordedRun:
    """The run called `run_id` with all its records. Raises NoDataError that names `where`."""
    key = run_key(connection, run_id, where=where).key
    (digest,) = _digests(connection, "WHERE run.id = %s", (key,))
    return RecordedRun(
        run=digest.run,
        tests=_tests(connection, key),
        fixtures=tuple(map(fixture_from_row, _rows(connection, _FIXTURES.format(""), key))),
        collection=tuple(map(collect_from_row, _rows(connection, _COLLECTION, key))),
        benchmarks=tuple(map(benchmark_from_row, _rows(connection, _BENCHMARKS, key))),
        budgets=budgets_from_rows(_rows(connection, _BUDGETS, key)),
        stopped=tuple(map(stopped_from_row, _rows(connection, _STOPPED, key))),
        imports=tuple(map(import_from_row, _rows(connection, _IMPORTS, key))),
    )


def one_test(connection: Connection, run_id: str, nodeid: str, *, where: str) -> OneTest:
    """What the run recorded of one test. Raises NoDataError that names `where`."""
    key, _, project = run_key(connection, run_id, where=where)
    numbers = list(known(connection, "test", [nodeid], project=project))
    if not numbers:
        return OneTest((), ())
    (test,) = numbers
    connection.texts("test")[test] = nodeid
    rows, blocks = rows_and_blocks(
        connection,
        (_TESTS.format("attempt > 0 AND result.test = %s"), (key, test)),
        _TESTS_WIDTH,
        blocks_of_runs("facts", [key], [place_of(test)]),
    )
    found = list(tests_from_rows(map(from_row, rows)))
    found += result_in_blocks(connection, [facts for _, _, facts in blocks], test)
    fixtures = _rows(connection, _FIXTURES.format("AND requester = %s"), key, test)
    return OneTest(
        tuple([record for _, record in sorted(found, key=itemgetter(0))]),
        tuple(map(fixture_from_row, fixtures)),
    )


def test_numbers(connection: Connection, run_id: str, *, where: str) -> "array[int]":
    """The numbers of the tests that a run has, each once. Raises NoDataError that names `where`."""
    key = run_key(connection, run_id, where=where).key
    rows = connection.execute(
        "SELECT DISTINCT test FROM result WHERE run = %s AND attempt > 0 ORDER BY test", (key,)
    )
    numbers = array("q", (test for (test,) in rows))
    add_tests(numbers, beginnings_of(connection, key))
    return numbers


def benchmarks(
    connection: Connection, run_ids: Sequence[str], *, where: str
) -> list[tuple[BenchmarkRecord, ...]]:
    """What benchmarks measured in each run. Raises NoDataError that names `where`."""
    keys = [run_key(connection, run_id, where=where).key for run_id in run_ids]
    return [tuple(map(benchmark_from_row, _rows(connection, _BENCHMARKS, key))) for key in keys]


def confirm_attempts(connection: Connection, run_id: str, *, where: str) -> tuple[TestRecord, ...]:
    """The attempts by which tests of this run were run again. Raises NoDataError that names `where`."""
    key = run_key(connection, run_id, where=where).key
    rows = _rows(connection, _TESTS.format("attempt < 1"), key)
    return tuple([record for _, record in tests_from_rows(rows)])


def run_key(connection: Connection, run_id: str, *, where: str) -> FoundRun:
    """The run called `run_id`. Raises NoDataError that names `where`."""
    run = runs_called(connection, [run_id]).get(run_id)
    if run is None:
        raise NoDataError(
            f"there is no run {run_id}", where=where, mend="See which runs there are: lapwing runs."
        )
    return run


def runs_called(connection: Connection, run_ids: Sequence[str]) -> dict[str, FoundRun]:
    """Those of these runs that are there."""
    found = connection.found.runs
    missing = [to_text(run_id) for run_id in run_ids if run_id not in found]
    if missing:
        rows = connection.execute(
            "SELECT run_id, id, machine_class, project FROM run WHERE run_id = ANY(%s)", (missing,)
        )
        for run_id, key, machine_class, project in rows:
            found[from_text(run_id)] = FoundRun(key, from_text(machine_class), project)
    return {run_id: found[run_id] for run_id in run_ids if run_id in found}


def _tests(connection: Connection, key: int) -> Sequence[TestRecord]:
    """The results of the run numbered `key`, in the order recorded."""
    with_rows = list(tests_from_rows(_rows(connection, _TESTS.format("attempt > 0"), key)))
    return tests_of(with_rows, blocks_of(connection, key), partial(names, connection))


def _rows(connection: Connection, sql: str, *keys: int) -> Iterator[tuple[Any, ...]]:
    return map(from_row, connection.execute(sql, keys).fetchall())


def _digests(connection: Connection, rest: str, values: tuple[object, ...]) -> list[RunDigest]:
    cursor = connection.execute(
        "SELECT run.*, project.name AS project_name, package_set.packages"
        " FROM run JOIN project ON project.id = run.project"
        f" LEFT JOIN package_set ON package_set.id = run.package_set {rest}",
        values,
    )
    columns = [column.name for column in cursor.description or ()]
    packages: dict[str | None, dict[str, str]] = {}
    digests = []
    for each in cursor.fetchall():
        row = dict(zip(columns, from_row(each), strict=True))
        text = row["packages"]
        if text not in packages:
            packages[text] = json_from_sql(text) or {}
        digests.append(run_digest(row, packages[text]))
    return digests
