"""Profiles in an SQLite store."""

import sqlite3
from collections.abc import Sequence

from lapwing.model.profile import ProfileSummary
from lapwing.store.profile_row import stored_summary, text_of
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_identities import intern


def write_profiles(
    connection: sqlite3.Connection, summaries: Sequence[ProfileSummary], *, project: str
) -> None:
    """Keep `summaries`, in a transaction that is already begun."""
    number = intern(connection, "project", "name", [project])[project]
    names = dict.fromkeys(summary.nodeid for summary in summaries)
    tests = intern(connection, "test", "nodeid", names, project=number)
    connection.executemany(
        "INSERT INTO profile_result (test, started_at_ns, summary) VALUES (?, ?, ?)",
        [(tests[summary.nodeid], summary.started_at_ns, to_sql(text_of(summary))) for summary in summaries],
    )


def profiles(
    connection: sqlite3.Connection, nodeid: str, *, project: str | None, limit: int, where: str
) -> list[ProfileSummary]:
    """Profiles of one test, newest first. Raises StoreError for one that cannot be read."""
    condition, values = ("", ()) if project is None else ("AND project.name = ?", (to_sql(project),))
    rows = connection.execute(
        "SELECT summary FROM profile_result JOIN test ON test.id = profile_result.test"
        f" JOIN project ON project.id = test.project WHERE test.nodeid = ? {condition}"
        " ORDER BY started_at_ns DESC, profile_result.id DESC LIMIT ?",
        (to_sql(nodeid), *values, limit),
    )
    return [stored_summary(from_sql(text), nodeid=nodeid, where=where) for (text,) in rows]


def forget_profiles(connection: sqlite3.Connection, *, older_than_ns: int) -> None:
    """Remove profiles taken before this moment, in a transaction that is already begun."""
    connection.execute("DELETE FROM profile_result WHERE started_at_ns < ?", (older_than_ns,))
