"""Writing a run into an SQLite store, inside a transaction that is already begun."""

from __future__ import annotations

import json
import sqlite3
from collections.abc import Callable, Iterable, Mapping, Sequence

from lapwing.model.columned_tests import column_of
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.store.result_blocks import block_rows, split
from lapwing.store.result_part import ResultPart, RunCounts, named_tests, named_workers, result_part
from lapwing.store.run_row import run_columns
from lapwing.store.sql_text import to_sql
from lapwing.store.sqlite_identities import intern, intern_fixtures, one, placeholders
from lapwing.store.sqlite_rows import (
    FACT_COLUMNS,
    Row,
    benchmark_rows,
    collect_rows,
    fixture_rows,
    result_rows,
)


def write_run(
    connection: sqlite3.Connection,
    run: Run,
    parts: Iterable[Sequence[TestRecord]],
    rest: Callable[[], RecordedRun],
) -> bool:
    """Insert a run with all its facts: see `Store.write_run_in_parts`."""
    if one(connection, "SELECT 1 FROM run WHERE run_id = ?", (to_sql(run.run_id),)):
        return False
    project = intern(connection, "project", "name", [run.project])[run.project]
    key = _free_key(connection, run.started_at_ns)
    counts = RunCounts()
    for tests in parts:
        part = result_part(tests, counts.results)
        numbers = intern(connection, "test", "nodeid", part.names, project=project)
        workers = intern(connection, "worker", "name", sorted(set(column_of(tests, "worker"))))
        _write_results(connection, part, key=key, tests=numbers, workers=workers)
        counts.add(part)
    recorded = rest()
    part = result_part(recorded.tests, counts.results)
    counts.add(part)
    columns = {
        "id": key,
        "project": project,
        "package_set": _package_set(connection, recorded),
        **run_columns(recorded.run, counts, sum(map(len, recorded[2:]))),
    }
    connection.execute(
        f"INSERT INTO run ({', '.join(columns)}) VALUES (:{', :'.join(columns)})",
        columns,
    )
    _write_facts(connection, recorded, part, key=key, project=project)
    return True


def _write_facts(
    connection: sqlite3.Connection, recorded: RecordedRun, part: ResultPart, *, key: int, project: int
) -> None:
    """Insert all facts of `recorded`, whose tests are `part`."""
    _, _, fixtures, collection, benchmarks, budgets, stopped, imports = recorded
    test_numbers = intern(connection, "test", "nodeid", named_tests(recorded, part), project=project)
    worker_numbers = intern(connection, "worker", "name", named_workers(recorded))
    _write_results(connection, part, key=key, tests=test_numbers, workers=worker_numbers)
    facts: dict[str, Iterable[Row]] = {
        "fixture_result": fixture_rows(
            fixtures,
            run=key,
            fixtures=intern_fixtures(connection, project, {record[:3] for record in fixtures}),
            tests=test_numbers,
            workers=worker_numbers,
        ),
        "collect_result": collect_rows(
            collection,
            run=key,
            modules=intern(
                connection, "module", "nodeid", {record.nodeid for record in collection}, project=project
            ),
            workers=worker_numbers,
        ),
        "benchmark_result": benchmark_rows(benchmarks, run=key, tests=test_numbers),
    }
    if budgets or stopped:
        from lapwing.store.limit_rows import budget_rows, stop_rows

        facts["budget_result"] = budget_rows(budgets, run=key, tests=test_numbers)
        facts["stop_result"] = stop_rows(stopped, run=key, tests=test_numbers)
    if imports:
        from lapwing.store.import_rows import import_rows

        facts["import_result"] = import_rows(imports, run=key)
    for table, rows in facts.items():
        _insert(connection, table, FACT_COLUMNS[table], rows)


def write_attempts(
    connection: sqlite3.Connection,
    attempts: Sequence[TestRecord],
    *,
    key: int,
    project: int,
    first_ordinal: int,
) -> None:
    """Insert attempts that are no results of the run numbered `key`, behind those that are."""
    part = result_part(attempts, first_ordinal)._replace(last=())
    workers = sorted(set(column_of(attempts, "worker")))
    _write_results(
        connection,
        part,
        key=key,
        tests=intern(connection, "test", "nodeid", part.names, project=project),
        workers=intern(connection, "worker", "name", workers),
    )


def _write_results(
    connection: sqlite3.Connection,
    part: ResultPart,
    *,
    key: int,
    tests: Mapping[str, int],
    workers: Mapping[str, int],
) -> None:
    kinds = split(part.tests, part.last, part.first_ordinal)
    categories = intern(connection, "category", "name", set(column_of(part.tests, "category")))
    marker_sets = _marker_sets(connection, part.tests)
    blocks = block_rows(
        kinds.usual, run=key, tests=tests, workers=workers, categories=categories, marker_sets=marker_sets
    )
    rows = result_rows(
        kinds.other,
        run=key,
        last=part.last,
        tests=tests,
        workers=workers,
        categories=categories,
        marker_sets=marker_sets,
    )
    _insert(connection, "result_block", FACT_COLUMNS["result_block"], blocks)
    _insert(connection, "result", FACT_COLUMNS["result"], rows)


def _insert(connection: sqlite3.Connection, table: str, columns: Sequence[str], rows: Iterable[Row]) -> None:
    connection.executemany(f"INSERT INTO {table} ({', '.join(columns)}) VALUES {placeholders(columns)}", rows)


def _free_key(connection: sqlite3.Connection, started_at_ns: int) -> int:
    key = started_at_ns
    while one(connection, "SELECT 1 FROM run WHERE id = ?", (key,)):
        key += 1
    return key


def _package_set(connection: sqlite3.Connection, recorded: RecordedRun) -> int | None:
    packages = recorded.run.packages
    if not packages:
        return None
    text = json.dumps(dict(sorted(packages.items())), ensure_ascii=False)
    return intern(connection, "package_set", "packages", [text])[text]


def _marker_sets(
    connection: sqlite3.Connection, recorded: Sequence[TestRecord]
) -> dict[tuple[str, ...], int | None]:
    """Numbers of the sets of markers; None for none."""
    texts = {
        markers: json.dumps(markers, ensure_ascii=False)
        for markers in set(column_of(recorded, "markers"))
        if markers
    }
    numbers = intern(connection, "marker_set", "markers", sorted(texts.values()))
    return {(): None, **{markers: numbers[text] for markers, text in texts.items()}}
