"""The statement that both stores ask for the state of a project's runs."""

from typing import Final

STAMP: Final = """
    SELECT
        (SELECT count(*) FROM project WHERE EXISTS (SELECT 1 FROM run WHERE run.project = project.id)),
        (SELECT count(*) FROM run WHERE run.project = asked.id),
        (SELECT max(run.id) FROM run WHERE run.project = asked.id),
        (SELECT count(*) FROM accepted_step JOIN test ON test.id = accepted_step.test
         WHERE test.project = asked.id),
        (SELECT max(accepted_at_ns) FROM accepted_step JOIN test ON test.id = accepted_step.test
         WHERE test.project = asked.id),
        (SELECT max(id) FROM test_alias WHERE test_alias.project = asked.id)
    FROM (SELECT 1 AS one) AS always LEFT JOIN project AS asked ON asked.{} = {}
"""
"""Projects that have runs; of one its runs and the newest of them, and what was said of its tests."""

_OF_RUNS: Final = 3
"""So many of the columns tell of runs; the others of accepted steps, the newest of those, and renames."""


def stamp_text(row: tuple[int | None, ...], *, of_runs: bool) -> str:
    """The stamp that a row of it says: with `of_runs` whole, otherwise without what tells of runs."""
    return " ".join(map(str, row if of_runs else row[_OF_RUNS:]))
