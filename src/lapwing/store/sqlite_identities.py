"""Numbers for names: the metadata tables that facts refer to by small integers."""

from __future__ import annotations

import sqlite3
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from itertools import islice
from typing import Any, Final, TypeVar

from lapwing.store.sql_text import all_to_sql, from_sql, to_sql

_T = TypeVar("_T")

_CHUNK: Final = 500  # SQLite before 3.32 takes 999 parameters

_ALL_OF: Final = 2  # names in a table for one that is asked for: reading all is quicker than looking each up


def chunks(values: Iterable[_T]) -> Iterator[list[_T]]:
    """`values` in lists that fit into the parameters of one statement."""
    rest = iter(values)
    while chunk := list(islice(rest, _CHUNK)):
        yield chunk


def placeholders(values: Sequence[object]) -> str:
    """`(?, ?, ...)` for `values`."""
    return f"({', '.join('?' * len(values))})"


def intern(
    connection: sqlite3.Connection, table: str, column: str, texts: Collection[str], **fixed: int
) -> dict[str, int]:
    """Numbers of `texts` in `column` of `table`; texts that are new get one.

    `fixed` are columns of equal value in all rows, such as the project. Call it in a transaction
    that holds the lock.
    """
    found: dict[Any, int] = {}
    condition = "".join(f"{name} = ? AND " for name in fixed)
    (highest,) = connection.execute(f"SELECT coalesce(max(id), 0) FROM {table}").fetchone()
    is_most = highest <= _ALL_OF * len(texts)
    if highest and is_most:
        chosen = f" WHERE {condition.removesuffix(' AND ')}" if fixed else ""
        found.update(connection.execute(f"SELECT {column}, id FROM {table}{chosen}", (*fixed.values(),)))
    for chunk in chunks(texts) if highest and not is_most else ():
        rows = connection.execute(
            f"SELECT {column}, id FROM {table} WHERE {condition}{column} IN {placeholders(chunk)}",
            (*fixed.values(), *map(to_sql, chunk)),
        )
        found.update(rows)
    for value in [value for value in found if value.__class__ is bytes]:
        found[from_sql(value)] = found.pop(value)
    numbers: dict[str, int] = found
    new = [text for text in texts if text not in numbers] if numbers else list(texts)
    if new:
        columns = ", ".join((column, "id", *fixed))
        values = "".join(f", {value}" for value in fixed.values())
        places = range(highest + 1, highest + 1 + len(new))
        connection.executemany(
            f"INSERT INTO {table} ({columns}) VALUES (?, ?{values})",
            zip(all_to_sql(new), places, strict=True),
        )
        numbers.update(zip(new, places, strict=True))
    return numbers


def intern_fixtures(
    connection: sqlite3.Connection, project: int, fixtures: Collection[tuple[str, str, str]]
) -> dict[tuple[str, str, str], int]:
    """Numbers of fixtures given by name, scope and location; new ones get one."""
    numbers: dict[tuple[str, str, str], int] = {}
    for fixture in fixtures:
        key = (project, *map(to_sql, fixture))
        connection.execute(
            "INSERT OR IGNORE INTO fixture (project, name, scope, location) VALUES (?, ?, ?, ?)", key
        )
        (numbers[fixture],) = connection.execute(
            "SELECT id FROM fixture WHERE project = ? AND name = ? AND scope = ? AND location = ?", key
        ).fetchone()
    return numbers


def names(connection: sqlite3.Connection, table: str, column: str, numbers: Iterable[int]) -> dict[int, str]:
    """The texts in `column` of `table` that have `numbers`."""
    found: dict[int, str] = {}
    for chunk in chunks(numbers):
        rows = connection.execute(
            f"SELECT id, {column} FROM {table} WHERE id IN {placeholders(chunk)}", chunk
        )
        found.update(rows.fetchall())
    return {number: from_sql(value) for number, value in found.items()}


def one(connection: sqlite3.Connection, sql: str, values: Sequence[Any] | Mapping[str, Any] = ()) -> Any:
    """The first column of the first row, or None."""
    row = connection.execute(sql, values).fetchone()
    return None if row is None else row[0]
