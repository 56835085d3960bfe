"""Profiles in a PostgreSQL store."""

from collections.abc import Sequence

from lapwing.model.profile import ProfileSummary
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_identities import intern
from lapwing.store.postgresql_text import digest_of, from_text, to_text
from lapwing.store.profile_row import stored_summary, text_of


def write_profiles(connection: Connection, summaries: Sequence[ProfileSummary], *, project: str) -> None:
    """Keep `summaries`, in a transaction that is already begun."""
    number = intern(connection, "project", "name", [project])[project]
    names = dict.fromkeys(summary.nodeid for summary in summaries)
    tests = intern(connection, "test", "nodeid", names, project=number)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO profile_result (test, started_at_ns, summary) VALUES (%s, %s, %s)",
            [
                (tests[summary.nodeid], summary.started_at_ns, to_text(text_of(summary)))
                for summary in summaries
            ],
        )


def profiles(
    connection: Connection, nodeid: str, *, project: str | None, limit: int, where: str
) -> list[ProfileSummary]:
    """Profiles of one test, newest first. Raises StoreError for one that cannot be read."""
    condition, values = ("", ()) if project is None else ("AND project.digest = %s", (digest_of(project),))
    rows = connection.execute(
        "SELECT summary FROM profile_result JOIN test ON test.id = profile_result.test"
        f" JOIN project ON project.id = test.project WHERE test.digest = %s {condition}"
        " ORDER BY started_at_ns DESC, profile_result.id DESC LIMIT %s",
        (digest_of(nodeid), *values, limit),
    )
    return [stored_summary(from_text(text), nodeid=nodeid, where=where) for (text,) in rows]


def forget_profiles(connection: Connection, *, older_than_ns: int) -> None:
    """Remove profiles taken before this moment, in a transaction that is already begun."""
    connection.execute("DELETE FROM profile_result WHERE started_at_ns < %s", (older_than_ns,))
