"""Accepted steps in a PostgreSQL store."""

from collections.abc import Iterable, Sequence

from lapwing.model.accepted import AcceptedStep
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_identities import intern
from lapwing.store.postgresql_text import digest_of, from_row, to_value


def accept(connection: Connection, steps: Sequence[AcceptedStep], *, project: str) -> None:
    """Keep `steps`, in a transaction that is already begun."""
    number = intern(connection, "project", "name", [project])[project]
    tests = intern(connection, "test", "nodeid", dict.fromkeys(step.nodeid for step in steps), project=number)
    with connection.cursor() as cursor:
        cursor.executemany(
            "INSERT INTO accepted_step"
            " (test, run_id, from_ns, commit_id, ratio, reason, accepted_by, accepted_at_ns)"
            " VALUES (%s, %s, %s, %s, %s, %s, %s, %s)",
            [
                tuple(
                    map(
                        to_value,
                        (
                            tests[step.nodeid],
                            step.run_id,
                            step.from_ns,
                            step.commit,
                            step.ratio,
                            step.reason,
                            step.accepted_by,
                            step.accepted_at_ns,
                        ),
                    )
                )
                for step in steps
            ],
        )


def accepted(connection: Connection, *, project: str | None) -> list[AcceptedStep]:
    """All accepted steps in the order accepted, of `project` or of all."""
    condition, values = ("", ()) if project is None else ("WHERE project.digest = %s", (digest_of(project),))
    rows = connection.execute(
        "SELECT test.nodeid, run_id, from_ns, commit_id, ratio, reason, accepted_by, accepted_at_ns"
        " FROM accepted_step JOIN test ON test.id = accepted_step.test"
        f" JOIN project ON project.id = test.project {condition} ORDER BY accepted_step.id",
        values,
    )
    fields = ("nodeid", "run_id", "from_ns", "commit", "ratio", "reason", "accepted_by", "accepted_at_ns")
    return [AcceptedStep(**dict(zip(fields, from_row(row), strict=True))) for row in rows]


def withdraw(connection: Connection, nodeids: Iterable[str], *, project: str) -> int:
    """Forget the accepted steps of these tests; how many there were."""
    cursor = connection.execute(
        "DELETE FROM accepted_step USING test, project"
        " WHERE test.id = accepted_step.test AND project.id = test.project"
        " AND project.digest = %s AND test.digest = ANY(%s)",
        (digest_of(project), list(map(digest_of, nodeids))),
    )
    return cursor.rowcount
