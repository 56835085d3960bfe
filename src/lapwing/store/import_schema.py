"""The table of slow imports; see `schema.py`."""

from typing import Final

IMPORT_SCHEMA: Final = """\
-- Facts: what importing a module cost while the suite was collected, where that was asked for.
CREATE TABLE import_result (
    run INTEGER NOT NULL REFERENCES run (id) ON DELETE CASCADE, -- run it belongs to
    ordinal INTEGER NOT NULL, -- place in the run, from 0
    module TEXT NOT NULL, -- name of the module
    own_ns INTEGER NOT NULL, -- wall time without the modules that it imported first
    cumulative_ns INTEGER NOT NULL, -- wall time with them
    imported_by TEXT NOT NULL, -- file and line that imported it first, or pytest
    PRIMARY KEY (run, ordinal)
) WITHOUT ROWID;
"""
