"""Renaming in a PostgreSQL store, inside a transaction that is already begun and alone.

Only metadata changes, but where the new name has results already: then those of the old name
are handed to it.
"""

import time
from collections.abc import Callable
from typing import NamedTuple

from lapwing.store.postgresql_block_read import runs_with, take_apart
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_days import merge_days
from lapwing.store.postgresql_identities import one
from lapwing.store.postgresql_text import digest_of, from_row, from_text, to_text
from lapwing.store.postgresql_write import fixture_digest
from lapwing.store.rename import in_safe_order, renamed

_Rename = Callable[[str], str | None]


class _Step(NamedTuple):
    """One name that changes, and the number of who has the new name already."""

    old: str
    new: str
    number: int
    other: int | None


def shared_runs(connection: Connection, old: str, new: str, *, project: str | None) -> int:
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


def _runs(connection: Connection, test: int) -> set[int]:
    rows = connection.execute("SELECT run FROM result WHERE test = %s", (test,))
    return {run for (run,) in rows} | runs_with(connection, test)


def rename(connection: Connection, old: str, new: str, *, project: str | None) -> int:
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
        for old_number, other in _rename_names(connection, "module", number, new_name)[1]:
            _hand_over(connection, "collect_result", "module", old_number, other)
        _rename_fixtures(connection, number, new_name)
    return count


def _projects(connection: Connection, project: str | None) -> list[int]:
    rows = connection.execute("SELECT id, name FROM project").fetchall()
    return [number for number, name in rows if project is None or from_text(name) == project]


def _rename_tests(connection: Connection, project: int, new_name: _Rename) -> int:
    pairs, merged = _rename_names(connection, "test", project, new_name)
    now = time.time_ns()
    for old, new in pairs:
        connection.execute(
            "INSERT INTO test_alias (project, old_nodeid, new_nodeid, renamed_at_ns) VALUES (%s, %s, %s, %s)",
            (project, to_text(old), to_text(new), now),
        )
    take_apart(connection, {number for pair in merged for number in pair})
    for number, other in merged:
        # A run that holds both keeps the result under the new name as the one that counts.
        connection.execute(
            "UPDATE result SET is_last = false WHERE test = %s AND EXISTS"
            " (SELECT 1 FROM result AS other WHERE other.run = result.run AND other.test = %s)",
            (number, other),
        )
        for table, column in (
            ("result", "test"),
            ("fixture_result", "requester"),
            ("benchmark_result", "test"),
            ("accepted_step", "test"),
            ("profile_result", "test"),
            ("budget_result", "test"),
            ("stop_result", "test"),
        ):
            _hand_over(connection, table, column, number, other)
        merge_days(connection, number, other)
    return len(pairs)


def _hand_over(connection: Connection, table: str, column: str, number: int, other: int) -> None:
    connection.execute(f"UPDATE {table} SET {column} = %s WHERE {column} = %s", (other, number))


def _rename_names(
    connection: Connection, table: str, project: int, new_name: _Rename
) -> tuple[list[tuple[str, str]], list[tuple[int, int]]]:
    """Pairs of old and new name, and pairs of numbers where the new name has one already."""
    steps = _steps(connection, table, project, new_name)
    for step in steps:
        if step.other is None:
            connection.execute(
                f"UPDATE {table} SET nodeid = %s, digest = %s WHERE id = %s",
                (to_text(step.new), digest_of(step.new), step.number),
            )
        else:
            connection.execute(f"DELETE FROM {table} WHERE id = %s", (step.number,))
    merged = [(step.number, step.other) for step in steps if step.other is not None]
    return [(step.old, step.new) for step in steps], merged


def _steps(connection: Connection, table: str, project: int, new_name: _Rename) -> list[_Step]:
    rows = connection.execute(f"SELECT nodeid, id FROM {table} WHERE project = %s", (project,))
    numbers = {from_text(nodeid): number for nodeid, number in rows}
    steps = []
    for old, new in in_safe_order((name, new) for name in numbers if (new := new_name(name)) is not None):
        number = numbers.pop(old)
        steps.append(_Step(old, new, number, numbers.get(new)))
        numbers.setdefault(new, number)
    return steps


def _rename_fixtures(connection: Connection, project: int, new_name: _Rename) -> None:
    rows = connection.execute(
        "SELECT id, name, scope, location FROM fixture WHERE project = %s", (project,)
    ).fetchall()
    for number, name, scope, location in map(from_row, rows):
        file, colon, line = location.rpartition(":")
        new_file = new_name(file) if file else None
        if new_file is None:
            continue
        place = new_file + colon + line
        digest = fixture_digest(name, scope, place)
        other = one(
            connection, "SELECT id FROM fixture WHERE project = %s AND digest = %s", (project, digest)
        )
        if other is None:
            connection.execute(
                "UPDATE fixture SET location = %s, digest = %s WHERE id = %s",
                (to_text(place), digest, number),
            )
        else:
            _hand_over(connection, "fixture_result", "fixture", number, other)
            connection.execute("DELETE FROM fixture WHERE id = %s", (number,))
