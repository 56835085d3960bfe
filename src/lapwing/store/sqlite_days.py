"""What is left of removed runs in an SQLite store: sums by day, of tests and of the suite."""

import sqlite3
from collections.abc import Sequence
from itertools import groupby
from typing import Final

from lapwing.model.day import DAY_NS, DaySummary
from lapwing.store.day_sums import day_sums, without_back
from lapwing.store.sql_text import from_sql, to_sql
from lapwing.store.sqlite_columns import columns_of_run
from lapwing.store.sqlite_identities import chunks, placeholders
from lapwing.store.sqlite_series import series

_ADDED: Final = (
    "ON CONFLICT ({}, day) DO UPDATE SET runs = runs + excluded.runs,"
    " total_ns = total_ns + excluded.total_ns,"
    " least_ns = min(least_ns, excluded.least_ns), most_ns = max(most_ns, excluded.most_ns)"
)
_OF_SUITE: Final = f"""
    INSERT INTO day_run
    SELECT project, started_at_ns / {DAY_NS} AS day, count(*), sum(duration_ns), min(duration_ns),
        max(duration_ns)
    FROM run WHERE is_complete AND id IN {{}} GROUP BY project, day
    {_ADDED.format("project")}
"""
_NOT_SUMMED: Final = (
    f"SELECT started_at_ns / {DAY_NS}, id FROM run WHERE id IN {{}}"
    " AND run_id NOT IN (SELECT run_id FROM summed_run)"
)
_OF_TEST: Final = f"INSERT INTO day_result VALUES (?, ?, ?, ?, ?, ?) {_ADDED.format('test')}"
_DAYS: Final = "SELECT day, runs, total_ns, least_ns, most_ns FROM {} ORDER BY day"

MERGE_DAYS: Final = (
    "INSERT INTO day_result SELECT merged.other, day, runs, total_ns, least_ns, most_ns FROM day_result"
    f" JOIN merged ON merged.number = day_result.test WHERE true {_ADDED.format('test')}",
    "DELETE FROM day_result WHERE test IN (SELECT number FROM merged)",
)
"""Adds the days of tests to those of the others they have become, where a table of both is there."""


_BACK: Final = f"""
    SELECT run_id, started_at_ns / {DAY_NS}, duration_ns, is_complete FROM run
    WHERE project = (SELECT id FROM project WHERE name = ?) AND run_id IN (SELECT run_id FROM summed_run)
"""


def keep_days(connection: sqlite3.Connection, keys: Sequence[int]) -> None:
    """Keep the sums of the runs with these numbers, which are about to go, in a transaction."""
    dated: list[tuple[int, int]] = []
    for chunk in chunks(keys):
        found = connection.execute(_NOT_SUMMED.format(placeholders(chunk)), chunk).fetchall()
        dated += found
        new = [key for _, key in found]
        runs = placeholders(new)
        connection.execute(_OF_SUITE.format(runs), new)
        connection.execute(f"INSERT INTO summed_run SELECT run_id FROM run WHERE id IN {runs}", new)
    for day, runs_of_day in groupby(sorted(dated), key=lambda each: each[0]):
        sums = day_sums(columns_of_run(connection, key) for _, key in runs_of_day)
        connection.executemany(_OF_TEST, ((test, day, *summed) for test, summed in sums.items()))


def days(connection: sqlite3.Connection, nodeid: str, *, project: str) -> list[DaySummary]:
    """The days of a test, oldest first."""
    found = connection.execute(
        _DAYS.format(
            "day_result WHERE test = (SELECT id FROM test WHERE nodeid = ?"
            " AND project = (SELECT id FROM project WHERE name = ?))"
        ),
        (to_sql(nodeid), to_sql(project)),
    )
    day_of = {from_sql(run_id): day for run_id, day, _, _ in connection.execute(_BACK, (to_sql(project),))}
    back = series(connection, list(day_of), [nodeid], project=project)
    return without_back(
        (DaySummary(*row) for row in found),
        ((day_of[samples.run_id], wall_ns) for samples in back for wall_ns in samples.wall_ns),
    )


def suite_days(connection: sqlite3.Connection, *, project: str) -> list[DaySummary]:
    """The days of a suite, oldest first."""
    condition = "day_run WHERE project = (SELECT id FROM project WHERE name = ?)"
    found = connection.execute(_DAYS.format(condition), (to_sql(project),)).fetchall()
    back = connection.execute(_BACK, (to_sql(project),))
    return without_back(
        (DaySummary(*row) for row in found),
        ((day, took) for _, day, took, is_complete in back if is_complete),
    )
