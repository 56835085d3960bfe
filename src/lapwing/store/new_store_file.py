"""Makes the file of a new store that `new_store` puts in its place, and tells whether it is of today."""

import contextlib
import sqlite3
import tempfile
from pathlib import Path

from lapwing.store.migrations import migrate
from lapwing.store.new_store import READY_MADE


def new_store_file() -> bytes:
    """The bytes of the file: a store after all steps, in the older journal, dated 0."""
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "store"
        with contextlib.closing(sqlite3.connect(path, isolation_level=None)) as connection:
            connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
            migrate(connection, where=str(path))
            connection.execute("UPDATE migration SET applied_at_ns = 0")
            connection.execute("VACUUM")
        return path.read_bytes()


def is_new_store_file_current() -> bool:
    """Whether the file holds what is made today; its bytes depend on the version of SQLite."""
    try:
        return _content(READY_MADE.read_bytes()) == _content(new_store_file())
    except (OSError, sqlite3.Error):
        return False


def _content(store: bytes) -> list[str]:
    """All rows of a store and its tables, as SQL."""
    with contextlib.closing(sqlite3.connect(":memory:")) as connection:
        connection.deserialize(store)
        return list(connection.iterdump())
