"""The tables of limits that tests carry, and of tests that were stopped; see `schema.py`."""

from typing import Final

LIMIT_SCHEMA: Final = """\
-- Facts: a limit that a test carries itself, by a marker or a flag of its run.
CREATE TABLE budget_result (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, -- run it belongs to
    ordinal INTEGER NOT NULL, -- place in the run, from 0
    test INTEGER REFERENCES test (id), -- whose limit it is; NULL for every test
    category TEXT NOT NULL, -- only tests of this category; empty for any
    metric TEXT NOT NULL, -- time, deadline, memory, or the name of a counter
    most INTEGER NOT NULL, -- the limit in nanoseconds, bytes or events
    origin TEXT NOT NULL, -- where it was set, in words
    PRIMARY KEY (run, ordinal)
) WITHOUT ROWID;

-- Facts: where a test was when its deadline stopped it.
CREATE TABLE stop_result (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, -- run it belongs to
    ordinal INTEGER NOT NULL, -- place in the run, from 0
    test INTEGER NOT NULL REFERENCES test (id), -- who was stopped
    attempt INTEGER NOT NULL, -- which attempt of it, from 1
    stack TEXT NOT NULL, -- calls it was in, outermost first
    PRIMARY KEY (run, ordinal)
) WITHOUT ROWID;
"""
