"""Removing runs from an SQLite store and giving their room back to the disk."""

import sqlite3
from collections.abc import Sequence

from lapwing.store.protocol import Removal
from lapwing.store.retention import StoredRun, joined, plan
from lapwing.store.sql_text import from_sql
from lapwing.store.sqlite_block_read import all_tests_in_blocks
from lapwing.store.sqlite_days import keep_days
from lapwing.store.sqlite_identities import one
from lapwing.store.sqlite_rows import FACT_COLUMNS
from lapwing.store.transaction import unchecked_transaction

_DAY_BYTES = 32  # of a row of day_result

_UNREFERENCED = (
    "INSERT OR IGNORE INTO in_use SELECT test FROM result",
    "INSERT OR IGNORE INTO in_use SELECT requester FROM fixture_result WHERE requester IS NOT NULL",
    "INSERT OR IGNORE INTO in_use SELECT test FROM benchmark_result",
    "INSERT OR IGNORE INTO in_use SELECT test FROM budget_result WHERE test IS NOT NULL",
    "INSERT OR IGNORE INTO in_use SELECT test FROM stop_result",
    "DELETE FROM accepted_step WHERE test NOT IN (SELECT number FROM in_use)",
    "DELETE FROM profile_result WHERE test NOT IN (SELECT number FROM in_use)",
    "DELETE FROM test WHERE id NOT IN (SELECT number FROM in_use)"
    " AND id NOT IN (SELECT test FROM day_result)",
    "DELETE FROM fixture WHERE id NOT IN (SELECT fixture FROM fixture_result)",
    "DELETE FROM module WHERE id NOT IN (SELECT module FROM collect_result)",
    "DELETE FROM package_set WHERE id NOT IN (SELECT package_set FROM run WHERE package_set IS NOT NULL)",
)


def prune(
    connection: sqlite3.Connection, *, older_than_ns: int | None, keep_bytes: int | None, dry_run: bool
) -> list[Removal]:
    """Remove runs, or with `dry_run` only say which: see `Store.prune`."""
    removals: list[Removal] = []
    while True:
        todo = plan(
            _stored_runs(connection),
            used_bytes=_used_bytes(connection),
            older_than_ns=older_than_ns,
            keep_bytes=keep_bytes,
        )
        removals = joined(removals, todo.removals)
        if dry_run or not todo.keys:
            return removals
        _remove(connection, todo.keys)
        _give_room_back(connection)


def _stored_runs(connection: sqlite3.Connection) -> list[StoredRun]:
    rows = connection.execute("SELECT id, run_id, started_at_ns, results, facts FROM run ORDER BY id")
    return [StoredRun(key, from_sql(run_id), *rest) for key, run_id, *rest in rows]


def _used_bytes(connection: sqlite3.Connection) -> int:
    pages = one(connection, "PRAGMA page_count") - one(connection, "PRAGMA freelist_count")
    days = one(connection, "SELECT count(*) FROM day_result")  # those stay, whatever goes
    return max(0, int(pages * one(connection, "PRAGMA page_size") - days * _DAY_BYTES))


def _remove(connection: sqlite3.Connection, keys: Sequence[int]) -> None:
    rows = [(key,) for key in keys]
    with unchecked_transaction(connection):
        keep_days(connection, keys)
        for table in FACT_COLUMNS:
            connection.executemany(f"DELETE FROM {table} WHERE run = ?", rows)
        connection.executemany("DELETE FROM run WHERE id = ?", rows)
        connection.execute("CREATE TEMP TABLE in_use (number INTEGER PRIMARY KEY)")
        in_blocks = [(number,) for number in all_tests_in_blocks(connection)]
        connection.executemany("INSERT INTO in_use VALUES (?)", in_blocks)
        for statement in _UNREFERENCED:
            connection.execute(statement)
        connection.execute("DROP TABLE in_use")


def _give_room_back(connection: sqlite3.Connection) -> None:
    # The pragma takes a step per page, without a row to fetch; only a script is stepped to its end.
    connection.executescript("PRAGMA incremental_vacuum")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)").fetchall()
