"""Results of load and stress tests in an SQLite store."""

import sqlite3

from lapwing.model.load import StoredLoad
from lapwing.store.load_row import COLUMNS, READ_COLUMNS, row_of, stored_of
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_identities import intern


def write_load(connection: sqlite3.Connection, stored: StoredLoad) -> None:
    """Keep a result, in a transaction that is already begun."""
    number = intern(connection, "project", "name", [stored.project])[stored.project]
    values = [to_sql(value) if isinstance(value, str) else value for value in row_of(stored)]
    connection.execute(
        f"INSERT INTO load_result (project, {', '.join(COLUMNS)}) VALUES (?{', ?' * len(values)})",
        (number, *values),
    )


def loads(
    connection: sqlite3.Connection, *, project: str, name: str | None, limit: int, where: str
) -> list[StoredLoad]:
    """Results of `project`, newest first. Raises StoreError for one that cannot be read."""
    condition, values = ("", ()) if name is None else ("AND load_result.name = ?", (to_sql(name),))
    rows = connection.execute(
        f"SELECT {READ_COLUMNS} FROM load_result JOIN project ON project.id = load_result.project"
        f" WHERE project.name = ? {condition} ORDER BY started_at_ns DESC, load_result.id DESC LIMIT ?",
        (to_sql(project), *values, limit),
    )
    return [
        stored_of([None if text is None else from_sql(text) for text in row], project=project, where=where)
        for row in rows
    ]


def forget_loads(connection: sqlite3.Connection, *, older_than_ns: int) -> None:
    """Remove results of tests that started before this moment, in a transaction that is already begun."""
    connection.execute("DELETE FROM load_result WHERE started_at_ns < ?", (older_than_ns,))
