"""The partitions of the tables of results in PostgreSQL: one per week of starts of runs."""

from typing import Final, NamedTuple

from lapwing.store.postgresql_connection import Connection, has_table, schema_transaction
from lapwing.units import NS_PER_S

WEEK_NS: Final = 7 * 86_400 * NS_PER_S

_LOWEST: Final = -(2**63)
_HIGHEST: Final = 2**63 - 1
# Blocks of some kilobytes: half of them would lie in a table of their own, another look-up away.
_DIVIDED: Final = {"result": "", "result_block": " WITH (toast_tuple_target = 8160)"}
"""Table -> how its partitions are kept."""


class Partition(NamedTuple):
    """One partition, and the keys of runs that it holds: from `first` to below `end`."""

    table: str
    first: int
    end: int


def make_partitions(connection: Connection, key: int) -> None:
    """See to it that the run numbered `key` has its partitions. To be called outside of a transaction.

    A table is made aside and then attached, which holds up nobody who reads or writes results.
    """
    for parent, kept in _DIVIDED.items():
        table, first, end = _partition(parent, key // WEEK_NS)
        if has_table(connection, table):
            continue
        with schema_transaction(connection):
            if has_table(connection, table):
                continue
            connection.execute(f"CREATE TABLE {table} (LIKE {parent} INCLUDING ALL){kept}")
            below = "MAXVALUE" if end > _HIGHEST else str(end)
            above = "MINVALUE" if first <= _LOWEST else str(first)
            connection.execute(
                f"ALTER TABLE {parent} ATTACH PARTITION {table} FOR VALUES FROM ({above}) TO ({below})"
            )


def partitions(connection: Connection) -> list[Partition]:
    """All partitions, table by table, oldest first."""
    found = []
    for parent in _DIVIDED:
        rows = connection.execute(
            "SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid"
            " WHERE inhparent = to_regclass(%s)",
            (parent,),
        )
        prefix = _prefix(parent)
        weeks = sorted(_week(name, prefix) for (name,) in rows if name.startswith(prefix))
        found += [_partition(parent, week) for week in weeks]
    return found


def _partition(parent: str, week: int) -> Partition:
    # Weeks are counted from the epoch, a Thursday.
    name = f"{_prefix(parent)}{str(week).replace('-', 'm')}"
    return Partition(name, max(_LOWEST, week * WEEK_NS), (week + 1) * WEEK_NS)


def _prefix(parent: str) -> str:
    return f"{parent}_week_"


def _week(table: str, prefix: str) -> int:
    return int(table.removeprefix(prefix).replace("m", "-"))
