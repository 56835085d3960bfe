"""Opening an SQLite file as a store: new or old, in WAL where the file system can, read-only if need be."""

from __future__ import annotations

import os
import sqlite3
from pathlib import Path
from time import sleep, time_ns  # bound here: the suites we record patch `time.sleep`
from typing import Final

from lapwing.store.migrations import migrate, missing_steps
from lapwing.store.new_store import place_new_store
from lapwing.store.sqlite_errors import is_busy, translated

_RETRY_S: Final = 0.02
_CACHE_KIB: Final = 16_384  # a run of 10,000 tests dirties 20 MB of a large store; 2 MB is the default


def connect(path: Path, *, create: bool, busy_timeout_s: float) -> sqlite3.Connection:
    """A connection to the store at `path`, brought to the form of today.

    Where file or folder may only be read, so may the store. Raises NoDataError where there is
    no store and none is to be created, StoreError for everything else.
    """
    with translated(path):
        if not path.exists():
            if not create:
                from lapwing.store.no_store import no_store

                raise no_store(str(path))
            path.parent.mkdir(parents=True, exist_ok=True)
            place_new_store(path)
            return _open_to_write(path, "rwc", busy_timeout_s)
        if os.access(path, os.W_OK) and os.access(path.parent, os.W_OK):
            return _open_to_write(path, "rwc" if create else "rw", busy_timeout_s)
        try:
            return _open_to_read(path, "mode=ro", busy_timeout_s)
        except sqlite3.OperationalError as error:
            if is_busy(error):
                raise
            # A store in WAL mode needs files beside it even to be read. Where they cannot be
            # made, nobody writes it either, and it can be read as a file that never changes.
            return _open_to_read(path, "mode=ro&immutable=1", busy_timeout_s)


def _open_to_write(path: Path, mode: str, busy_timeout_s: float) -> sqlite3.Connection:
    connection = _open(path, f"mode={mode}", busy_timeout_s)
    try:
        retries = round(busy_timeout_s / _RETRY_S)
        while True:
            try:
                _bring_up_to_date(connection, where=str(path))
            except sqlite3.OperationalError as error:
                # Of two that make a new store at once, SQLite refuses one without waiting.
                if not is_busy(error) or retries <= 0:
                    raise
                retries -= 1
                sleep(_RETRY_S)
            else:
                return connection
    except BaseException:
        connection.close()
        raise


def _open_to_read(path: Path, way: str, busy_timeout_s: float) -> sqlite3.Connection:
    connection = _open(path, way, busy_timeout_s)
    try:
        missing = missing_steps(connection, where=str(path))
        if missing:
            from lapwing.errors import StoreError

            raise StoreError(
                f"the store lacks step {missing[0].name!r} and cannot be written to make up for it",
                where=str(path),
                mend="Open it once where it may be written, or copy it to such a place.",
            )
    except BaseException:
        connection.close()
        raise
    return connection


def _open(path: Path, way: str, busy_timeout_s: float) -> sqlite3.Connection:
    connection = sqlite3.connect(
        f"{path.absolute().as_uri()}?{way}", uri=True, timeout=busy_timeout_s, isolation_level=None
    )
    try:
        connection.execute("PRAGMA foreign_keys = ON")
        connection.execute("PRAGMA synchronous = NORMAL")
        connection.execute(f"PRAGMA cache_size = -{_CACHE_KIB}")
    except BaseException:
        connection.close()
        raise
    return connection


def _bring_up_to_date(connection: sqlite3.Connection, *, where: str) -> None:
    missing = missing_steps(connection, where=where)
    if missing and connection.execute("SELECT count(*) FROM sqlite_master").fetchone() == (0,):
        connection.execute("PRAGMA auto_vacuum = INCREMENTAL")
        _use_wal(connection)
    elif connection.execute("SELECT applied_at_ns FROM migration WHERE version = 1").fetchone() == (0,):
        _use_wal(connection)  # a store that was put in its place just now
        connection.execute("UPDATE migration SET applied_at_ns = ? WHERE applied_at_ns = 0", (time_ns(),))
    if missing:
        migrate(connection, where=where)


def _use_wal(connection: sqlite3.Connection) -> None:
    try:
        connection.execute("PRAGMA journal_mode = WAL")
    except sqlite3.OperationalError as error:
        if is_busy(error):
            raise
        # Some network file systems have no shared memory for WAL; the older journal works there.
        connection.execute("PRAGMA journal_mode = DELETE")
