"""The table of removed runs whose sums are kept, with a comment per column; see `schema.py`."""

from typing import Final

SUMMED_SCHEMA: Final = """\
-- Removed runs that are in the sums by day: one that is read in and removed again is not counted twice.
CREATE TABLE summed_run (
    run_id TEXT NOT NULL PRIMARY KEY -- UUID of the run
) WITHOUT ROWID;
"""
