"""The statement that both stores ask for the state of a project's runs."""

from typing import Final

STAMP: Final = """
    SELECT
        (SELECT count(*) FROM project WHERE EXISTS (SELECT 1 FROM run WHERE run.project = project.id)),
        (SELECT count(*) FROM run WHERE run.project = asked.id),
        (SELECT max(run.id) FROM run WHERE run.project = asked.id),
        (SELECT run.results FROM run WHERE run.project = asked.id ORDER BY run.id DESC LIMIT 1),
        (SELECT count(*) FROM accepted_step JOIN test ON test.id = accepted_step.test
         WHERE test.project = asked.id),
        (SELECT max(accepted_at_ns) FROM accepted_step JOIN test ON test.id = accepted_step.test
         WHERE test.project = asked.id),
        (SELECT max(id) FROM test_alias WHERE test_alias.project = asked.id)
    FROM (SELECT 1 AS one) AS always LEFT JOIN project AS asked ON asked.{} = {}
"""
"""Projects that have runs; of one its runs, the newest of them, how many results that has (with those that
confirm it), and what was said of its tests."""

STAMP_UNTIL: Final = """
    SELECT count(*), min(id), sum(id % 1000003), sum(results)
    FROM (
        SELECT run.id, run.results FROM run JOIN project ON project.id = run.project
        WHERE project.{} = {} AND run.started_at_ns <= {}
        ORDER BY run.id DESC LIMIT 400
    ) AS last
"""
"""The last runs up to a moment: as many as a baseline is chosen of."""

_OF_RUNS: Final = 4
"""So many of the columns tell of runs; the others of accepted steps, the newest of those, and renames."""


def stamp_text(row: tuple[int | None, ...], *, of_runs: bool = True) -> str:
    """The stamp that a row of it says: with `of_runs` whole, otherwise without what tells of runs."""
    return " ".join(map(str, row if of_runs else row[_OF_RUNS:]))
