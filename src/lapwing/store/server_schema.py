"""The tables of what a server keeps besides runs, with a comment per column; see `schema.py`."""

from typing import Final

SERVER_SCHEMA: Final = """\
-- What a server keeps besides runs: tokens, states of the inbox. Few and small.
CREATE TABLE entry (
    kind TEXT NOT NULL, -- token, inbox
    name TEXT NOT NULL, -- what it is found by, within its kind
    document TEXT NOT NULL, -- JSON object
    PRIMARY KEY (kind, name)
) WITHOUT ROWID;

-- Who changed what on a server. Nothing is ever removed from it.
CREATE TABLE state_change (
    id INTEGER PRIMARY KEY, -- in the order changed
    at_ns INTEGER NOT NULL, -- when, in nanoseconds since the epoch
    actor TEXT NOT NULL, -- name of the token or session
    act TEXT NOT NULL, -- token.create, inbox.accept
    subject TEXT NOT NULL, -- what was changed
    project TEXT NOT NULL, -- whose it is; empty for the server's own
    detail TEXT NOT NULL -- how, in words
);
"""
