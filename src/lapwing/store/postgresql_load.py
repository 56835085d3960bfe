"""Results of load and stress tests in a PostgreSQL store."""

from lapwing.model.load import StoredLoad
from lapwing.store.load_row import COLUMNS, READ_COLUMNS, row_of, stored_of
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_identities import intern
from lapwing.store.postgresql_text import digest_of, from_row, to_value


def write_load(connection: Connection, stored: StoredLoad) -> None:
    """Keep a result, in a transaction that is already begun."""
    number = intern(connection, "project", "name", [stored.project])[stored.project]
    values = [number, *map(to_value, row_of(stored))]
    connection.execute(
        f"INSERT INTO load_result (project, {', '.join(COLUMNS)}) VALUES (%s{', %s' * len(COLUMNS)})", values
    )


def loads(
    connection: Connection, *, project: str, name: str | None, limit: int, where: str
) -> list[StoredLoad]:
    """Results of `project`, newest first. Raises StoreError for one that cannot be read."""
    condition, values = ("", ()) if name is None else ("AND load_result.name = %s", (to_value(name),))
    rows = connection.execute(
        f"SELECT {READ_COLUMNS} FROM load_result JOIN project ON project.id = load_result.project"
        f" WHERE project.digest = %s {condition} ORDER BY started_at_ns DESC, load_result.id DESC LIMIT %s",
        (digest_of(project), *values, limit),
    )
    return [stored_of(from_row(row), project=project, where=where) for row in rows]


def forget_loads(connection: Connection, *, older_than_ns: int) -> None:
    """Remove results of tests that started before this moment, in a transaction that is already begun."""
    connection.execute("DELETE FROM load_result WHERE started_at_ns < %s", (older_than_ns,))
