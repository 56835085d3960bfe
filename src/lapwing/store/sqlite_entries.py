"""What a server keeps besides runs, in an SQLite store."""

import sqlite3

from lapwing.model.state_change import StateChange
from lapwing.store.sql_text import from_sql, to_sql


def put_entry(connection: sqlite3.Connection, kind: str, name: str, document: str) -> None:
    """Keep `document` under `name`, in the place of what was there."""
    connection.execute(
        "INSERT OR REPLACE INTO entry (kind, name, document) VALUES (?, ?, ?)",
        (to_sql(kind), to_sql(name), to_sql(document)),
    )


def entry(connection: sqlite3.Connection, kind: str, name: str) -> str | None:
    """What is kept under `name`."""
    row = connection.execute(
        "SELECT document FROM entry WHERE kind = ? AND name = ?", (to_sql(kind), to_sql(name))
    ).fetchone()
    return None if row is None else from_sql(row[0])


def entries(connection: sqlite3.Connection, kind: str) -> dict[str, str]:
    """All of a kind by name."""
    rows = connection.execute("SELECT name, document FROM entry WHERE kind = ?", (to_sql(kind),))
    return {from_sql(name): from_sql(document) for name, document in rows}


def drop_entry(connection: sqlite3.Connection, kind: str, name: str) -> bool:
    """Forget what is kept under `name`; whether there was anything."""
    sql = "DELETE FROM entry WHERE kind = ? AND name = ?"
    return connection.execute(sql, (to_sql(kind), to_sql(name))).rowcount > 0


def add_state_change(connection: sqlite3.Connection, change: StateChange) -> None:
    """Add a line to the log."""
    connection.execute(
        "INSERT INTO state_change (at_ns, actor, act, subject, project, detail) VALUES (?, ?, ?, ?, ?, ?)",
        (change.at_ns, *map(to_sql, change[1:])),
    )


def state_changes(connection: sqlite3.Connection, *, limit: int) -> list[StateChange]:
    """The newest lines of the log, newest first."""
    rows = connection.execute(
        "SELECT at_ns, actor, act, subject, project, detail FROM state_change ORDER BY id DESC LIMIT ?",
        (limit,),
    )
    return [StateChange(at_ns, *map(from_sql, texts)) for at_ns, *texts in rows]
