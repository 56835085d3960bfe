"""Renaming in an SQLite store, inside a transaction that is already begun.

Only metadata changes, but where the new name has results already: then those of the old name
are handed to it.
"""

import sqlite3
import time
from collections.abc import Callable

from lapwing.store.rename import in_safe_order, renamed
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_identities import one

_Rename = Callable[[str], str | None]


def rename(connection: sqlite3.Connection, old: str, new: str, *, project: str | None) -> int:
    """Give the history of `old` to `new` in `project`, or in all where it is None.

    Modules and fixtures below a renamed file or folder go with their tests.
    Returns how many tests were renamed.
    """
    if old == new:
        return 0
    new_name = renamed(old, new)
    projects = [
        number
        for number, name in connection.execute("SELECT id, name FROM project")
        if project is None or from_sql(name) == project
    ]
    count = 0
    for number in projects:
        count += _rename_tests(connection, number, new_name)
        _rename_modules(connection, number, new_name)
        _rename_fixtures(connection, number, new_name)
    return count


def _rename_tests(connection: sqlite3.Connection, project: int, new_name: _Rename) -> int:
    pairs, merged = _rename_names(connection, "test", project, new_name)
    now = time.time_ns()
    connection.executemany(
        "INSERT INTO test_alias (project, old_nodeid, new_nodeid, renamed_at_ns) VALUES (?, ?, ?, ?)",
        [(project, to_sql(old), to_sql(new), now) for old, new in pairs],
    )
    if merged:
        # A run that holds both keeps the result under the new name as the one that counts.
        _with_merged(
            connection,
            merged,
            "UPDATE result SET is_last = 0 WHERE test IN (SELECT number FROM merged) AND EXISTS"
            " (SELECT 1 FROM result AS other JOIN merged ON merged.number = result.test"
            " WHERE other.run = result.run AND other.test = merged.other)",
            _hand_over("result", "test"),
            _hand_over("fixture_result", "requester"),
            _hand_over("benchmark_result", "test"),
            _hand_over("accepted_step", "test"),
        )
    return len(pairs)


def _rename_modules(connection: sqlite3.Connection, project: int, new_name: _Rename) -> None:
    _, merged = _rename_names(connection, "module", project, new_name)
    if merged:
        _with_merged(connection, merged, _hand_over("collect_result", "module"))


def _rename_names(
    connection: sqlite3.Connection, table: str, project: int, new_name: _Rename
) -> tuple[list[tuple[str, str]], list[tuple[int, int]]]:
    """Pairs of old and new name, and pairs of numbers where the new name has one already."""
    rows = connection.execute(f"SELECT nodeid, id FROM {table} WHERE project = ?", (project,))
    numbers = {from_sql(nodeid): number for nodeid, number in rows}
    pairs = in_safe_order((name, new) for name in numbers if (new := new_name(name)) is not None)
    merged = []
    for old, new in pairs:
        number = numbers.pop(old)
        if new in numbers:
            merged.append((number, numbers[new]))
            connection.execute(f"DELETE FROM {table} WHERE id = ?", (number,))
        else:
            connection.execute(f"UPDATE {table} SET nodeid = ? WHERE id = ?", (to_sql(new), number))
            numbers[new] = number
    return pairs, merged


def _hand_over(table: str, column: str) -> str:
    return (
        f"UPDATE {table} SET {column} = (SELECT other FROM merged WHERE number = {column})"
        f" WHERE {column} IN (SELECT number FROM merged)"
    )


def _with_merged(connection: sqlite3.Connection, merged: list[tuple[int, int]], *statements: str) -> None:
    connection.execute("CREATE TEMP TABLE merged (number INTEGER PRIMARY KEY, other INTEGER NOT NULL)")
    connection.executemany("INSERT INTO merged VALUES (?, ?)", merged)
    for statement in statements:
        connection.execute(statement)
    connection.execute("DROP TABLE merged")


def _rename_fixtures(connection: sqlite3.Connection, project: int, new_name: _Rename) -> None:
    rows = connection.execute(
        "SELECT id, name, scope, location FROM fixture WHERE project = ?", (project,)
    ).fetchall()
    for number, name, scope, location in rows:
        file, colon, line = from_sql(location).rpartition(":")
        new_file = new_name(file) if file else None
        if new_file is None:
            continue
        place = to_sql(new_file + colon + line)
        other = one(
            connection,
            "SELECT id FROM fixture WHERE project = ? AND name = ? AND scope = ? AND location = ?",
            (project, name, scope, place),
        )
        if other is None:
            connection.execute("UPDATE fixture SET location = ? WHERE id = ?", (place, number))
        else:
            connection.execute("UPDATE fixture_result SET fixture = ? WHERE fixture = ?", (other, number))
            connection.execute("DELETE FROM fixture WHERE id = ?", (number,))
