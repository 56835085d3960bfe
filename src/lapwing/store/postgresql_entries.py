"""What a server keeps besides runs, in a PostgreSQL store."""

from lapwing.model.state_change import StateChange
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_identities import one
from lapwing.store.postgresql_text import from_row, from_text, to_text


def put_entry(connection: Connection, kind: str, name: str, document: str) -> None:
    """Keep `document` under `name`, in the place of what was there."""
    connection.execute(
        "INSERT INTO entry (kind, name, document) VALUES (%s, %s, %s)"
        " ON CONFLICT (kind, name) DO UPDATE SET document = excluded.document",
        (to_text(kind), to_text(name), to_text(document)),
    )


def entry(connection: Connection, kind: str, name: str) -> str | None:
    """What is kept under `name`."""
    sql = "SELECT document FROM entry WHERE kind = %s AND name = %s"
    document = one(connection, sql, (to_text(kind), to_text(name)))
    return None if document is None else from_text(document)


def entries(connection: Connection, kind: str) -> dict[str, str]:
    """All of a kind by name."""
    rows = connection.execute("SELECT name, document FROM entry WHERE kind = %s", (to_text(kind),))
    return {from_text(name): from_text(document) for name, document in rows}


def drop_entry(connection: Connection, kind: str, name: str) -> bool:
    """Forget what is kept under `name`; whether there was anything."""
    sql = "DELETE FROM entry WHERE kind = %s AND name = %s"
    return connection.execute(sql, (to_text(kind), to_text(name))).rowcount > 0


def add_state_change(connection: Connection, change: StateChange) -> None:
    """Add a line to the log."""
    connection.execute(
        "INSERT INTO state_change (at_ns, actor, act, subject, project, detail)"
        " VALUES (%s, %s, %s, %s, %s, %s)",
        (change.at_ns, *map(to_text, change[1:])),
    )


def state_changes(connection: Connection, *, limit: int) -> list[StateChange]:
    """The newest lines of the log, newest first."""
    rows = connection.execute(
        "SELECT at_ns, actor, act, subject, project, detail FROM state_change ORDER BY id DESC LIMIT %s",
        (limit,),
    )
    return [StateChange(*from_row(row)) for row in rows]
