"""Reading some tests over many runs out of an SQLite store: their samples, and what failed."""

import sqlite3
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from lapwing.model.record import FAILURES, Outcome
from lapwing.model.series import FailedAttempt, RunSamples
from lapwing.store.alike import gathered, nearest, pool_size
from lapwing.store.block_reading import durations_of
from lapwing.store.result_blocks import SAMPLE_COLUMNS
from lapwing.store.samples_finder import SamplesFinder
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_block_read import blocks_of, samples_in_blocks
from lapwing.store.sqlite_identities import chunks, names, placeholders
from lapwing.store.sqlite_read import run_key

_NAMES: Final = ("test", "worker", "category")
_MEASURES: Final = tuple(name for name in SAMPLE_COLUMNS if name not in (*_NAMES, "ordinal"))
_WORKER: Final = SAMPLE_COLUMNS.index("worker")
_CATEGORY: Final = SAMPLE_COLUMNS.index("category")
_DURATIONS: Final = (
    "SELECT test, wall_ns FROM result WHERE run = ? AND is_last AND outcome = ? AND wall_ns IS NOT NULL"
)


def series(
    connection: sqlite3.Connection, run_ids: Sequence[str], nodeids: Iterable[str], *, project: str | None
) -> list[RunSamples]:
    """The samples of these tests in each run: see `Store.series`. A run that is not there is left out."""
    keys = _keys(connection, run_ids)
    tests = dict(_numbers(connection, nodeids, project))
    rows: dict[int, list[tuple[Any, ...]]] = {key: [] for key in keys.values()}
    find = SamplesFinder(tests)
    for key in rows:
        for chunk in chunks(tests):
            rows[key] += connection.execute(
                f"SELECT {', '.join(SAMPLE_COLUMNS)} FROM result"
                f" WHERE run = ? AND test IN {placeholders(chunk)}"
                " AND is_last AND outcome = ? AND wall_ns IS NOT NULL",
                (key, *chunk, Outcome.PASSED.value),
            ).fetchall()
        rows[key] += map(tuple, samples_in_blocks(connection, key, find))
    workers = names(connection, "worker", "name", {row[_WORKER] for each in rows.values() for row in each})
    categories = {row[_CATEGORY] for each in rows.values() for row in each}
    category_names = names(connection, "category", "name", categories)
    classes = _machine_classes(connection, keys.values())
    made = []
    for run_id in run_ids:
        if run_id not in keys:
            continue
        read = list(zip(*rows[keys[run_id]], strict=True)) or [()] * len(SAMPLE_COLUMNS)
        columns: dict[str, Any] = dict(zip(SAMPLE_COLUMNS, read, strict=True))
        made.append(
            RunSamples(
                run_id=run_id,
                subjects=tuple(map(tests.__getitem__, columns["test"])),
                workers=tuple(map(workers.__getitem__, columns["worker"])),
                categories=tuple(map(category_names.__getitem__, columns["category"])),
                machine_class=classes[keys[run_id]],
                **{name: columns[name] for name in _MEASURES},
            )
        )
    return made


def alike(connection: sqlite3.Connection, run_id: str, wall_ns: int, most: int, *, where: str) -> list[str]:
    """Tests that took about `wall_ns` in a run: see `Store.alike`. Raises NoDataError that names `where`."""
    key = run_key(connection, run_id, where=where)
    rows = connection.execute(_DURATIONS, (key, Outcome.PASSED.value)).fetchall()
    tests, took = durations_of(rows, blocks_of(connection, key))
    numbers = gathered(nearest(tests, took, wall_ns, pool_size(len(tests), most)), most)
    found = names(connection, "test", "nodeid", numbers)
    return [found[number] for number in numbers]


def failed_attempts(connection: sqlite3.Connection, run_ids: Sequence[str]) -> list[FailedAttempt]:
    """The attempts of these runs that failed: see `Store.failed_attempts`."""
    rows = [
        (run_id, *row)
        for run_id, key in _keys(connection, run_ids).items()
        for row in connection.execute(
            "SELECT test, outcome, attempt, is_last FROM result"
            f" WHERE run = ? AND outcome IN {placeholders(tuple(FAILURES))} ORDER BY ordinal",
            (key, *(outcome.value for outcome in FAILURES)),
        )
    ]
    tests = names(connection, "test", "nodeid", {row[1] for row in rows})
    return [
        FailedAttempt(run_id, tests[test], outcome, attempt, bool(is_last))
        for run_id, test, outcome, attempt, is_last in rows
    ]


def _keys(connection: sqlite3.Connection, run_ids: Sequence[str]) -> dict[str, int]:
    """Numbers of the runs that are there, in the order asked for."""
    found: dict[str, int] = {}
    for chunk in chunks(map(to_sql, run_ids)):
        rows = connection.execute(f"SELECT run_id, id FROM run WHERE run_id IN {placeholders(chunk)}", chunk)
        found.update((from_sql(run_id), key) for run_id, key in rows)
    return {run_id: found[run_id] for run_id in run_ids if run_id in found}


def _numbers(
    connection: sqlite3.Connection, nodeids: Iterable[str], project: str | None
) -> Iterator[tuple[int, str]]:
    """Number and name of the tests that are there; one of several projects where `project` is None."""
    condition = "" if project is None else "project = (SELECT id FROM project WHERE name = ?) AND "
    first = () if project is None else (to_sql(project),)
    for chunk in chunks(map(to_sql, nodeids)):
        for number, nodeid in connection.execute(
            f"SELECT id, nodeid FROM test WHERE {condition}nodeid IN {placeholders(chunk)}", (*first, *chunk)
        ):
            yield number, from_sql(nodeid)


def _machine_classes(connection: sqlite3.Connection, keys: Iterable[int]) -> dict[int, str]:
    found: dict[int, str] = {}
    for chunk in chunks(keys):
        found.update(
            connection.execute(f"SELECT id, machine_class FROM run WHERE id IN {placeholders(chunk)}", chunk)
        )
    return {key: from_sql(text) for key, text in found.items()}
