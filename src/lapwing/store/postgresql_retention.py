"""Removing runs from a PostgreSQL store and giving their room back to the disk.

Weeks that go whole are dropped; only of the week at the border are rows deleted.
"""

from collections.abc import Sequence
from typing import Final

from lapwing.store.postgresql_block_read import all_tests_in_blocks
from lapwing.store.postgresql_connection import Connection, lone_transaction
from lapwing.store.postgresql_days import keep_days
from lapwing.store.postgresql_identities import one
from lapwing.store.postgresql_partitions import partitions
from lapwing.store.postgresql_text import from_text
from lapwing.store.protocol import Removal
from lapwing.store.retention import StoredRun, joined, plan
from lapwing.store.sqlite_rows import FACT_COLUMNS

_SMALL_FACTS: Final = tuple(table for table in FACT_COLUMNS if table not in ("result", "result_block"))

_UNREFERENCED: Final = (
    "INSERT INTO in_use SELECT DISTINCT test FROM {used} AS used",
    "DELETE FROM accepted_step WHERE NOT EXISTS"
    " (SELECT 1 FROM in_use WHERE in_use.test = accepted_step.test)",
    "DELETE FROM profile_result WHERE NOT EXISTS"
    " (SELECT 1 FROM in_use WHERE in_use.test = profile_result.test)",
    "DELETE FROM test WHERE NOT EXISTS (SELECT 1 FROM in_use WHERE in_use.test = test.id)"
    " AND NOT EXISTS (SELECT 1 FROM day_result WHERE day_result.test = test.id)",
    "DELETE FROM fixture WHERE NOT EXISTS (SELECT 1 FROM fixture_result WHERE fixture = fixture.id)",
    "DELETE FROM module WHERE NOT EXISTS (SELECT 1 FROM collect_result WHERE module = module.id)",
    "DELETE FROM package_set WHERE NOT EXISTS (SELECT 1 FROM run WHERE package_set = package_set.id)",
)
_USED: Final = (
    "(SELECT DISTINCT test FROM result UNION SELECT requester FROM fixture_result"
    " UNION SELECT test FROM benchmark_result UNION SELECT test FROM budget_result"
    " UNION SELECT test FROM stop_result)"
)


def prune(
    connection: Connection, *, older_than_ns: int | None, keep_bytes: int | None, dry_run: bool
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
        for table in _remove(connection, todo.keys):
            # Rewritten, not only marked as free: the next round measures, and the disk gets it back.
            connection.execute(f"VACUUM FULL {table}")


def _stored_runs(connection: Connection) -> list[StoredRun]:
    rows = connection.execute("SELECT id, run_id, started_at_ns, results, facts FROM run ORDER BY id")
    return [StoredRun(key, from_text(run_id), *rest) for key, run_id, *rest in rows]


def _used_bytes(connection: Connection) -> int:
    """What the tables of facts take, with their indexes; of those without rows, nothing."""
    tables = [partition.table for partition in partitions(connection)] + list(_SMALL_FACTS)
    return int(
        one(
            connection,
            "SELECT coalesce(sum(pg_total_relation_size(name::regclass)), 0) FROM unnest(%s::text[]) AS name"
            " WHERE pg_relation_size(name::regclass) > 0",
            (tables,),
        )
    )


def _remove(connection: Connection, keys: Sequence[int]) -> list[str]:
    """Remove the runs with these numbers; the tables that are to be rewritten."""
    gone = list(keys)
    rewritten = []
    with lone_transaction(connection):
        keep_days(connection, gone)
        connection.execute("DELETE FROM run WHERE id = ANY(%s)", (gone,))
        for table, first, end in partitions(connection):
            touched = [key for key in gone if first <= key < end]
            if not touched:
                continue
            if one(connection, "SELECT true FROM run WHERE id >= %s AND id < %s LIMIT 1", (first, end)):
                connection.execute(f"DELETE FROM {table} WHERE run = ANY(%s)", (touched,))
                rewritten.append(table)
            else:
                connection.execute(f"DROP TABLE {table}")
        rewritten += [
            table
            for table in _SMALL_FACTS
            if connection.execute(f"DELETE FROM {table} WHERE run = ANY(%s)", (gone,)).rowcount
        ]
        connection.execute("CREATE TEMP TABLE in_use (test bigint) ON COMMIT DROP")
        numbers = list(all_tests_in_blocks(connection))
        connection.execute("INSERT INTO in_use SELECT unnest(%s::bigint[])", (numbers,))
        for statement in _UNREFERENCED:
            connection.execute(statement.format(used=_USED))
    return rewritten
