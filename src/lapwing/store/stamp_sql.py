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
         WHERE test.project = asked.id)
    FROM (SELECT 1 AS one) AS always LEFT JOIN project AS asked ON asked.{} = {}
"""
"""Projects that have runs; of one its runs and the newest of them, accepted steps and the newest of those."""
