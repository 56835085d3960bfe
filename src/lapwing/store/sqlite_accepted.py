"""Accepted steps in an SQLite store."""

import sqlite3
from collections.abc import Iterable, Sequence

from lapwing.model.accepted import AcceptedStep
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_identities import chunks, intern, placeholders


def accept(connection: sqlite3.Connection, steps: Sequence[AcceptedStep], *, project: str) -> None:
    """Keep `steps`, in a transaction that is already begun."""
    number = intern(connection, "project", "name", [project])[project]
    tests = intern(connection, "test", "nodeid", dict.fromkeys(step.nodeid for step in steps), project=number)
    connection.executemany(
        "INSERT INTO accepted_step"
        " (test, run_id, from_ns, commit_id, ratio, reason, accepted_by, accepted_at_ns)"
        " VALUES (?, ?, ?, ?, ?, ?, ?, ?)",
        [
            (
                tests[step.nodeid],
                to_sql(step.run_id),
                step.from_ns,
                None if step.commit is None else to_sql(step.commit),
                step.ratio,
                to_sql(step.reason),
                to_sql(step.accepted_by),
                step.accepted_at_ns,
            )
            for step in steps
        ],
    )


def accepted(connection: sqlite3.Connection, *, project: str | None) -> list[AcceptedStep]:
    """All accepted steps in the order accepted, of `project` or of all."""
    condition, values = ("", ()) if project is None else ("WHERE project.name = ?", (to_sql(project),))
    rows = connection.execute(
        "SELECT test.nodeid, run_id, from_ns, commit_id, ratio, reason, accepted_by, accepted_at_ns"
        " FROM accepted_step JOIN test ON test.id = accepted_step.test"
        f" JOIN project ON project.id = test.project {condition} ORDER BY accepted_step.id",
        values,
    )
    return [
        AcceptedStep(
            nodeid=from_sql(nodeid),
            run_id=from_sql(run_id),
            from_ns=from_ns,
            commit=None if commit is None else from_sql(commit),
            ratio=ratio,
            reason=from_sql(reason),
            accepted_by=from_sql(accepted_by),
            accepted_at_ns=at_ns,
        )
        for nodeid, run_id, from_ns, commit, ratio, reason, accepted_by, at_ns in rows
    ]


def withdraw(connection: sqlite3.Connection, nodeids: Iterable[str], *, project: str) -> int:
    """Forget the accepted steps of these tests; how many there were. In a transaction already begun."""
    count = 0
    for chunk in chunks(map(to_sql, nodeids)):
        cursor = connection.execute(
            "DELETE FROM accepted_step WHERE test IN (SELECT test.id FROM test"
            " JOIN project ON project.id = test.project"
            f" WHERE project.name = ? AND test.nodeid IN {placeholders(chunk)})",
            (to_sql(project), *chunk),
        )
        count += cursor.rowcount
    return count
