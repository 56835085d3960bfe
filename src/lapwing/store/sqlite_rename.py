"""Renaming in an SQLite store, inside a transaction that is already begun.

Only metadata changes, but where the new name has results already: then those of the old name
are handed to it.
"""

import sqlite3
import time
from collections.abc import Callable
from typing import NamedTuple

from lapwing.store.rename import in_safe_order, renamed
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_block_read import runs_with, take_apart
from lapwing.store.sqlite_days import MERGE_DAYS
from lapwing.store.sqlite_identities import one

_Rename = Callable[[str], str | None]


class _Step(NamedTuple):
    """One name that changes, and the number of who has the new name already."""

    old: str
    new: str
    number: int
    other: int | None


def shared_runs(connection: sqlite3.Connection, old: str, new: str, *, project: str | None) -> int:
    """In how many runs a test has results under its old and its new name, for one of those renamed."""
    if old == new:
        return 0
    new_name = renamed(old, new)
    runs: set[int] = set()
    for number in _projects(connection, project):
        for step in _steps(connection, "test", number, new_name):
            if step.other is not None:
                runs |= _runs(connection, step.number) & _runs(connection, step.other)
    return len(runs)


def _runs(connection: sqlite3.Connection, test: int) -> set[int]:
    rows = connection.execute("SELECT run FROM result WHERE test = ?", (test,))
    return {run for (run,) in rows} | runs_with(connection, test)


def rename(connection: sqlite3.Connection, old: str, new: str, *, project: str | None) -> int:
    """Give the history of `old` to `new` in `project`, or in all where it is None.

    Modules and fixtures below a renamed file or folder go with their tests.
    Returns how many tests were renamed.
    """
    if old == new:
        return 0
    new_name = renamed(old, new)
    count = 0
    for number in _projects(connection, project):
        count += _rename_tests(connection, number, new_name)
        _rename_modules(connection, number, new_name)
        _rename_fixtures(connection, number, new_name)
    return count


def _projects(connection: sqlite3.Connection, project: str | None) -> list[int]:
    return [
        number
        for number, name in connection.execute("SELECT id, name FROM project")
        if project is None or from_sql(name) == project
    ]


def _rename_tests(connection: sqlite3.Connection, project: int, new_name: _Rename) -> int:
    pairs, merged = _rename_names(connection, "test", project, new_name)
    now = time.time_ns()
    connection.executemany(
        "INSERT INTO test_alias (project, old_nodeid, new_nodeid, renamed_at_ns) VALUES (?, ?, ?, ?)",
        [(project, to_sql(old), to_sql(new), now) for old, new in pairs],
    )
    if merged:
        take_apart(connection, {number for pair in merged for number in pair})
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
            _hand_over("profile_result", "test"),
            _hand_over("budget_result", "test"),
            _hand_over("stop_result", "test"),
            *MERGE_DAYS,
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
    steps = _steps(connection, table, project, new_name)
    for step in steps:
        if step.other is None:
            connection.execute(f"UPDATE {table} SET nodeid = ? WHERE id = ?", (to_sql(step.new), step.number))
        else:
            connection.execute(f"DELETE FROM {table} WHERE id = ?", (step.number,))
    merged = [(step.number, step.other) for step in steps if step.other is not None]
    return [(step.old, step.new) for step in steps], merged


def _steps(connection: sqlite3.Connection, table: str, project: int, new_name: _Rename) -> list[_Step]:
    rows = connection.execute(f"SELECT nodeid, id FROM {table} WHERE project = ?", (project,))
    numbers = {from_sql(nodeid): number for nodeid, number in rows}
    steps = []
    for old, new in in_safe_order((name, new) for name in numbers if (new := new_name(name)) is not None):
        number = numbers.pop(old)
        steps.append(_Step(old, new, number, numbers.get(new)))
        numbers.setdefault(new, number)
    return steps


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
