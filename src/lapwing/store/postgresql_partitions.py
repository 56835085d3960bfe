"""The partitions of table `result` in PostgreSQL: one per week of starts of runs."""

from typing import Final, NamedTuple

from lapwing.store.postgresql_connection import Connection, has_table, schema_transaction
from lapwing.units import NS_PER_S

WEEK_NS: Final = 7 * 86_400 * NS_PER_S

_LOWEST: Final = -(2**63)
_HIGHEST: Final = 2**63 - 1
_PREFIX: Final = "result_week_"


class Partition(NamedTuple):
    """One partition, and the keys of runs that it holds: from `first` to below `end`."""

    table: str
    first: int
    end: int


def partition_of(key: int) -> Partition:
    """The partition of the run numbered `key`. Weeks are counted from the epoch, a Thursday."""
    week = key // WEEK_NS
    return _partition(week)


def make_partition(connection: Connection, key: int) -> None:
    """See to it that the run numbered `key` has its partition. To be called outside of a transaction.

    The table is made aside and then attached, which holds up nobody who reads or writes results.
    """
    table, first, end = partition_of(key)
    if has_table(connection, table):
        return
    with schema_transaction(connection):
        if has_table(connection, table):
            return
        connection.execute(f"CREATE TABLE {table} (LIKE result INCLUDING ALL)")
        below = "MAXVALUE" if end > _HIGHEST else str(end)
        above = "MINVALUE" if first <= _LOWEST else str(first)
        connection.execute(
            f"ALTER TABLE result ATTACH PARTITION {table} FOR VALUES FROM ({above}) TO ({below})"
        )


def partitions(connection: Connection) -> list[Partition]:
    """All partitions, oldest first."""
    rows = connection.execute(
        "SELECT child.relname FROM pg_inherits JOIN pg_class AS child ON child.oid = inhrelid"
        " WHERE inhparent = to_regclass('result')"
    )
    weeks = sorted(_week(name) for (name,) in rows if name.startswith(_PREFIX))
    return [_partition(week) for week in weeks]


def _partition(week: int) -> Partition:
    return Partition(
        f"{_PREFIX}{str(week).replace('-', 'm')}", max(_LOWEST, week * WEEK_NS), (week + 1) * WEEK_NS
    )


def _week(table: str) -> int:
    return int(table.removeprefix(_PREFIX).replace("m", "-"))
