"""The table of accepted steps, with a comment per column; see `schema.py`."""

from typing import Final

ACCEPTED_SCHEMA: Final = """\
-- Steps in the history of a test that somebody accepted: its baseline begins there.
CREATE TABLE accepted_step (
    id INTEGER PRIMARY KEY, -- in the order accepted
    test INTEGER NOT NULL REFERENCES test (id), -- whose step it is
    run_id TEXT NOT NULL, -- first run of the new level; it may have been removed since
    from_ns INTEGER NOT NULL, -- its start in nanoseconds since the epoch
    commit_id TEXT, -- revision that it ran; NULL if unknown
    ratio REAL, -- new level by the old one; NULL if not measured
    reason TEXT NOT NULL, -- why it is meant, or empty
    accepted_by TEXT NOT NULL, -- who accepted it, or empty
    accepted_at_ns INTEGER NOT NULL -- when, in nanoseconds since the epoch
);

-- The accepted steps of a test.
CREATE INDEX accepted_step_by_test ON accepted_step (test);
"""
