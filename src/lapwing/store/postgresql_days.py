"""What is left of removed runs in a PostgreSQL store: sums by day, of tests and of the suite."""

from collections.abc import Sequence
from itertools import groupby
from operator import itemgetter
from typing import Final

from lapwing.model.day import DAY_NS, DaySummary
from lapwing.store.day_sums import day_sums, without_back
from lapwing.store.postgresql_columns import columns_of_run, series
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_text import digest_of, from_text

_ADDED: Final = (
    "ON CONFLICT ({1}, day) DO UPDATE SET runs = {0}.runs + excluded.runs,"
    " total_ns = {0}.total_ns + excluded.total_ns, least_ns = least({0}.least_ns, excluded.least_ns),"
    " most_ns = greatest({0}.most_ns, excluded.most_ns)"
)
_OF_TESTS: Final = f"""
    INSERT INTO day_result
    SELECT test, %s, runs, total_ns, least_ns, most_ns FROM
        unnest(%s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[], %s::bigint[])
        AS summed (test, runs, total_ns, least_ns, most_ns)
    {_ADDED.format("day_result", "test")}
"""
_OF_SUITE: Final = f"""
    INSERT INTO day_run
    SELECT project, started_at_ns / {DAY_NS} AS day, count(*), sum(duration_ns)::bigint, min(duration_ns),
        max(duration_ns)
    FROM run WHERE is_complete AND id = ANY(%s) GROUP BY project, day
    {_ADDED.format("day_run", "project")}
"""
_NOT_SUMMED: Final = (
    f"SELECT started_at_ns / {DAY_NS}, id FROM run WHERE id = ANY(%s)"
    " AND run_id NOT IN (SELECT run_id FROM summed_run) ORDER BY 1"
)
_MERGE: Final = f"""
    INSERT INTO day_result SELECT %s, day, runs, total_ns, least_ns, most_ns FROM day_result WHERE test = %s
    {_ADDED.format("day_result", "test")}
"""
_DAYS: Final = "SELECT day, runs, total_ns, least_ns, most_ns FROM {} ORDER BY day"


_BACK: Final = f"""
    SELECT run_id, started_at_ns / {DAY_NS}, duration_ns, is_complete FROM run
    WHERE project = (SELECT id FROM project WHERE digest = %s)
    AND run_id IN (SELECT run_id FROM summed_run)
"""


def keep_days(connection: Connection, keys: Sequence[int]) -> None:
    """Keep the sums of the runs with these numbers, which are about to go, in a transaction."""
    dated = connection.execute(_NOT_SUMMED, (list(keys),)).fetchall()
    new = [key for _, key in dated]
    for day, runs_of_day in groupby(dated, key=itemgetter(0)):
        sums = day_sums(columns_of_run(connection, key) for _, key in runs_of_day)
        if sums:
            columns = zip(*sums.values(), strict=True)
            connection.execute(_OF_TESTS, (day, list(sums), *map(list, columns)))
    connection.execute(_OF_SUITE, (new,))
    connection.execute("INSERT INTO summed_run SELECT run_id FROM run WHERE id = ANY(%s)", (new,))


def merge_days(connection: Connection, number: int, other: int) -> None:
    """Add the days of the test with this number to those of another that it has become."""
    connection.execute(_MERGE, (other, number))
    connection.execute("DELETE FROM day_result WHERE test = %s", (number,))


def days(connection: Connection, nodeid: str, *, project: str) -> list[DaySummary]:
    """The days of a test, oldest first."""
    condition = (
        "day_result WHERE test = (SELECT id FROM test WHERE digest = %s"
        " AND project = (SELECT id FROM project WHERE digest = %s))"
    )
    rows = connection.execute(_DAYS.format(condition), (digest_of(nodeid), digest_of(project)))
    found = [DaySummary(*row) for row in rows]
    if not found:
        return []
    returned = connection.execute(_BACK, (digest_of(project),)).fetchall()
    day_of = {from_text(run_id): day for run_id, day, _, _ in returned}
    back = series(connection, list(day_of), [nodeid], project=project)
    return without_back(
        found, ((day_of[samples.run_id], wall_ns) for samples in back for wall_ns in samples.wall_ns)
    )


def suite_days(connection: Connection, *, project: str) -> list[DaySummary]:
    """The days of a suite, oldest first."""
    condition = "day_run WHERE project = (SELECT id FROM project WHERE digest = %s)"
    found = connection.execute(_DAYS.format(condition), (digest_of(project),)).fetchall()
    back = connection.execute(_BACK, (digest_of(project),)).fetchall()
    return without_back(
        (DaySummary(*row) for row in found),
        ((day, took) for _, day, took, is_complete in back if is_complete),
    )
