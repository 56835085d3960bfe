"""Writing a run into a PostgreSQL store, inside a transaction that is already begun."""

import json
from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

from lapwing.model.columned_tests import column_of
from lapwing.model.record import FixtureRecord, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.store.import_rows import import_rows
from lapwing.store.limit_rows import budget_rows, stop_rows
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_copy import copy_blocks, copy_lines
from lapwing.store.postgresql_identities import intern_rows, one
from lapwing.store.postgresql_kept_numbers import KeptNumbers
from lapwing.store.postgresql_read import run_key
from lapwing.store.postgresql_rows import RESULT_COLUMNS, result_lines
from lapwing.store.postgresql_text import digest_of, for_copy, to_text, to_value
from lapwing.store.result_blocks import block_rows, split
from lapwing.store.result_part import ResultPart, RunCounts, named_tests, named_workers, result_part
from lapwing.store.run_row import run_columns
from lapwing.store.sqlite_rows import FACT_COLUMNS, Row, benchmark_rows, collect_rows, fixture_rows


def write_run(
    connection: Connection,
    run: Run,
    parts: Iterable[Sequence[TestRecord]],
    rest: Callable[[], RecordedRun],
    *,
    key: int,
    numbers: KeptNumbers,
) -> bool | None:
    """Insert a run with all its facts under the number `key`: see `Store.write_run_in_parts`.

    `numbers` are those of names that this connection met before. False if a run of that id is there
    already, None if another run has that number.
    """
    if one(connection, "SELECT true FROM run WHERE run_id = %s", (to_text(run.run_id),)):
        return False
    numbers.begin(connection)
    project = numbers.intern(connection, "project", "name", [run.project])[run.project]
    counts = RunCounts()
    columns = {"id": key, "project": project, **_columns(run, counts, 0)}
    inserted = one(
        connection,
        f"INSERT INTO run ({', '.join(columns)}) VALUES ({', '.join(['%s'] * len(columns))})"
        " ON CONFLICT DO NOTHING RETURNING true",
        tuple(columns.values()),
    )
    if not inserted:
        taken = one(connection, "SELECT true FROM run WHERE run_id = %s", (to_text(run.run_id),))
        return False if taken else None
    for tests in parts:
        part = result_part(tests, counts.results)
        named = numbers.intern(connection, "test", "nodeid", part.names, project=project)
        workers = numbers.intern(connection, "worker", "name", sorted(set(column_of(tests, "worker"))))
        _write_results(connection, part, key=key, tests=named, workers=workers, numbers=numbers)
        counts.add(part)
    recorded = rest()
    part = result_part(recorded.tests, counts.results)
    counts.add(part)
    columns = {
        "package_set": _package_set(connection, recorded, numbers),
        **_columns(recorded.run, counts, sum(map(len, recorded[2:]))),
    }
    connection.execute(
        f"UPDATE run SET {', '.join(f'{column} = %s' for column in columns)} WHERE id = %s",
        (*columns.values(), key),
    )
    _write_facts(connection, recorded, part, key=key, project=project, numbers=numbers)
    return True


def _columns(run: Run, counts: RunCounts, other_facts: int) -> dict[str, Any]:
    return {column: to_value(value) for column, value in run_columns(run, counts, other_facts).items()}


def add_confirm_attempts(
    connection: Connection,
    run_id: str,
    attempts: Sequence[TestRecord],
    *,
    numbers: KeptNumbers,
    where: str,
) -> None:
    """Keep `attempts` with the run called `run_id`, behind its results. Raises NoDataError."""
    key = run_key(connection, run_id, where=where).key
    ((project, first_ordinal),) = connection.execute(
        "SELECT project, results FROM run WHERE id = %s FOR UPDATE", (key,)
    ).fetchall()
    part = result_part(attempts, first_ordinal)._replace(last=())
    numbers.begin(connection)
    _write_results(
        connection,
        part,
        key=key,
        tests=numbers.intern(connection, "test", "nodeid", part.names, project=project),
        workers=numbers.intern(connection, "worker", "name", sorted(set(column_of(attempts, "worker")))),
        numbers=numbers,
    )
    connection.execute(
        "UPDATE run SET results = results + %s, facts = facts + %s WHERE id = %s",
        (len(attempts), len(attempts), key),
    )


def _write_facts(
    connection: Connection,
    recorded: RecordedRun,
    part: ResultPart,
    *,
    key: int,
    project: int,
    numbers: KeptNumbers,
) -> None:
    """Insert all facts of `recorded`, whose tests are `part`."""
    _, _, fixtures, collection, benchmarks, budgets, stopped, imports = recorded
    named = named_tests(recorded, part)
    test_numbers = numbers.intern(connection, "test", "nodeid", named, project=project)
    workers = numbers.intern(connection, "worker", "name", named_workers(recorded))
    _write_results(connection, part, key=key, tests=test_numbers, workers=workers, numbers=numbers)
    modules = dict.fromkeys(record.nodeid for record in collection)
    facts: dict[str, Iterable[Row]] = {
        "fixture_result": fixture_rows(
            fixtures,
            run=key,
            fixtures=_fixtures(connection, fixtures, project),
            tests=test_numbers,
            workers=workers,
        ),
        "collect_result": collect_rows(
            collection,
            run=key,
            modules=numbers.intern(connection, "module", "nodeid", modules, project=project),
            workers=workers,
        ),
        "benchmark_result": benchmark_rows(benchmarks, run=key, tests=test_numbers),
        "budget_result": budget_rows(budgets, run=key, tests=test_numbers),
        "stop_result": stop_rows(stopped, run=key, tests=test_numbers),
        "import_result": import_rows(imports, run=key),
    }
    for table, rows in facts.items():
        lines = [_line(table, row) for row in rows]
        if lines:
            copy_lines(connection, table, FACT_COLUMNS[table], lines)


def _write_results(
    connection: Connection,
    part: ResultPart,
    *,
    key: int,
    tests: Mapping[str, int],
    workers: Mapping[str, int],
    numbers: KeptNumbers,
) -> None:
    if not part.tests:
        return
    kinds = split(part.tests, part.last, part.first_ordinal)
    named = sorted(set(column_of(part.tests, "category")))
    categories = numbers.intern(connection, "category", "name", named)
    marker_sets = _marker_sets(connection, part.tests, numbers)
    blocks = block_rows(
        kinds.usual, run=key, tests=tests, workers=workers, categories=categories, marker_sets=marker_sets
    )
    if blocks:
        copy_blocks(connection, blocks)
    if kinds.other:
        lines = result_lines(
            kinds.other,
            run=key,
            last=part.last,
            tests=tests,
            workers=workers,
            categories=categories,
            marker_sets=marker_sets,
        )
        copy_lines(connection, "result", RESULT_COLUMNS, lines)


def _line(table: str, row: Row) -> str:
    # The samples of a benchmark are bytes that stay bytes; all others stand for a text.
    blob = FACT_COLUMNS[table].index("samples") if table == "benchmark_result" else -1
    values = (value if at == blob else to_value(value) for at, value in enumerate(row))
    return "\t".join(map(for_copy, values))


def _package_set(connection: Connection, recorded: RecordedRun, numbers: KeptNumbers) -> int | None:
    packages = recorded.run.packages
    if not packages:
        return None
    text = json.dumps(dict(packages), ensure_ascii=False, sort_keys=True)
    return numbers.intern(connection, "package_set", "packages", [text])[text]


def _marker_sets(
    connection: Connection, recorded: Sequence[TestRecord], kept: KeptNumbers
) -> dict[tuple[str, ...], int | None]:
    """Numbers of the sets of markers; None for none."""
    texts = {
        markers: json.dumps(markers, ensure_ascii=False)
        for markers in sorted(set(column_of(recorded, "markers")))
        if markers
    }
    numbers = kept.intern(connection, "marker_set", "markers", texts.values())
    return {(): None, **{markers: numbers[text] for markers, text in texts.items()}}


def fixture_digest(name: str, scope: str, location: str) -> bytes:
    """What a fixture is unique by."""
    return digest_of(json.dumps((name, scope, location)))


def _fixtures(
    connection: Connection, fixtures: Sequence[FixtureRecord], project: int
) -> dict[tuple[str, str, str], int]:
    by_digest = {fixture_digest(*record[:3]): record[:3] for record in fixtures}
    rows = {
        digest: dict(zip(("name", "scope", "location"), fixture, strict=True))
        for digest, fixture in by_digest.items()
    }
    numbers = intern_rows(connection, "fixture", rows, project=project)
    return {fixture: numbers[digest] for digest, fixture in by_digest.items()}
