"""The table of load and stress tests, with a comment per column; see `schema.py`."""

from typing import Final

LOAD_SCHEMA: Final = """\
-- Results of load and stress tests.
CREATE TABLE load_result (
    id INTEGER PRIMARY KEY, -- in the order stored
    project INTEGER NOT NULL REFERENCES project (id), -- whose result it is
    name TEXT NOT NULL, -- name of the test
    unit TEXT NOT NULL, -- what its loads count: users, rps, threads, tasks
    started_at_ns INTEGER NOT NULL, -- nanoseconds since the epoch, UTC
    commit_id TEXT, -- revision of the project; NULL if unknown
    branch TEXT, -- its branch; NULL on a detached head
    machine_class TEXT NOT NULL, -- machine that made the load
    result TEXT NOT NULL -- JSON as printed by `lapwing load --format json`
);

-- The results of a test in the order of time.
CREATE INDEX load_result_by_name ON load_result (project, name, started_at_ns);
"""
