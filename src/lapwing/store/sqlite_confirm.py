"""Attempts by which suspects of a run were run again, beside the results of the run.

Their number is under 1, so that no attempt of the run itself gives way to one of them.
"""

import sqlite3
from collections.abc import Sequence

from lapwing.model.record import TestRecord
from lapwing.store.sqlite_read import TESTS, run_key
from lapwing.store.sqlite_rows import tests_from_rows
from lapwing.store.sqlite_write import write_attempts


def add_confirm_attempts(
    connection: sqlite3.Connection, run_id: str, attempts: Sequence[TestRecord], *, where: str
) -> None:
    """Keep `attempts` with the run called `run_id`. Raises NoDataError that names `where`."""
    key = run_key(connection, run_id, where=where)
    project, ordinal = connection.execute("SELECT project, results FROM run WHERE id = ?", (key,)).fetchone()
    write_attempts(connection, attempts, key=key, project=project, first_ordinal=ordinal)
    connection.execute(
        "UPDATE run SET results = results + ?, facts = facts + ? WHERE id = ?",
        (len(attempts), len(attempts), key),
    )


def confirm_attempts(connection: sqlite3.Connection, run_id: str, *, where: str) -> tuple[TestRecord, ...]:
    """The attempts kept with the run called `run_id`, in the order kept. Raises like the above."""
    key = run_key(connection, run_id, where=where)
    rows = connection.execute(TESTS.format("attempt < 1"), (key,))
    return tuple([record for _, record in tests_from_rows(rows)])
