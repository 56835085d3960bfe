"""The table of profiles, with a comment per column; see `schema.py`."""

from typing import Final

PROFILE_SCHEMA: Final = """\
-- What profilers saw of tests, in short. Flame graphs lie in files beside the store.
CREATE TABLE profile_result (
    id INTEGER PRIMARY KEY, -- in the order stored
    test INTEGER NOT NULL REFERENCES test (id), -- which test
    started_at_ns INTEGER NOT NULL, -- when it ran, in nanoseconds since the epoch
    summary TEXT NOT NULL -- JSON as printed by `lapwing profile --format json`
);

-- The profiles of a test.
CREATE INDEX profile_result_by_test ON profile_result (test, started_at_ns);
"""
