"""The tables of what is left of removed runs, with a comment per column; see `schema.py`."""

from typing import Final

DAY_SCHEMA: Final = """\
-- What is left of removed runs: one test on one day. Kept for ever.
CREATE TABLE day_result (
    test INTEGER NOT NULL REFERENCES test (id), -- which test
    day INTEGER NOT NULL, -- days since 1970-01-01, UTC
    runs INTEGER NOT NULL, -- in which it passed
    total_ns INTEGER NOT NULL, -- wall time of set-up, call and tear-down, summed over them
    least_ns INTEGER NOT NULL, -- of the quickest
    most_ns INTEGER NOT NULL, -- of the slowest
    PRIMARY KEY (test, day)
) WITHOUT ROWID;

-- What is left of removed runs: the whole suite on one day, complete runs only.
CREATE TABLE day_run (
    project INTEGER NOT NULL REFERENCES project (id), -- whose runs
    day INTEGER NOT NULL, -- days since 1970-01-01, UTC
    runs INTEGER NOT NULL, -- complete ones
    total_ns INTEGER NOT NULL, -- wall time, summed over them
    least_ns INTEGER NOT NULL, -- of the quickest
    most_ns INTEGER NOT NULL, -- of the slowest
    PRIMARY KEY (project, day)
) WITHOUT ROWID;
"""
