"""What SQLite complains of, as errors that say how to mend it."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lapwing.errors import StoreError

_BUSY: Final = (sqlite3.SQLITE_BUSY, sqlite3.SQLITE_LOCKED)
_BROKEN: Final = (sqlite3.SQLITE_CORRUPT, sqlite3.SQLITE_NOTADB, sqlite3.SQLITE_FORMAT)
_CLOSED_TO_US: Final = (
    sqlite3.SQLITE_READONLY,
    sqlite3.SQLITE_CANTOPEN,
    sqlite3.SQLITE_PERM,
    sqlite3.SQLITE_AUTH,
)

_FULL_BELOW: Final = 1 << 20  # bytes: what a failing disk has left when SQLite could not make its files on it

_CHECK_RIGHTS: Final = (
    "Check the rights of the file and its folder, or name another store: LAPWING_STORE=PATH."
)


def primary_code(error: sqlite3.Error) -> int:
    """SQLite's own number for the kind of `error`, without its extension; 0 if there is none."""
    return int(getattr(error, "sqlite_errorcode", 0)) & 0xFF


def is_busy(error: sqlite3.Error) -> bool:
    """Whether another connection holds what was asked for."""
    return primary_code(error) in _BUSY


@contextmanager
def translated(path: Path) -> Iterator[None]:
    """Turn every complaint of SQLite or the system about the store at `path` into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise _store_error(error, path) from error
    except OSError as error:
        from lapwing.errors import StoreError

        raise StoreError(
            f"the store cannot be reached ({error.strerror})", where=str(path), mend=_CHECK_RIGHTS
        ) from error
    except OverflowError as error:
        from lapwing.errors import StoreError

        raise StoreError(
            "a number of this run does not fit into 64 bits",
            where=str(path),
            mend="The run was not stored; look for a clock or counter that jumped.",
        ) from error


def _move_away(path: Path) -> str:
    """A command for a shell, for whatever folder someone works in."""
    import shlex

    file = str(path.absolute())
    return shlex.join(["mv", file, f"{file}.broken"])


def _is_full(path: Path) -> bool:
    """Whether next to nothing is left: SQLite tells a full disk as such only of the store itself."""
    import shutil

    try:
        return shutil.disk_usage(path.parent).free < _FULL_BELOW
    except OSError:
        return False


def _store_error(error: sqlite3.Error, path: Path) -> StoreError:
    from lapwing.errors import StoreError, StoreLockedError

    code = primary_code(error)
    where = str(path)
    if code in _BUSY:
        return StoreLockedError(
            "another process holds the store",
            where=where,
            mend="Wait until it is done and try again.",
        )
    if code in _BROKEN:
        return StoreError(
            f"this is not a store, or it is damaged ({error})",
            where=where,
            mend=(
                f"Move the file away, and the next run starts a new store: {_move_away(path)}\n"
                "The history in the old file is lost; a run that was not stored stays in the spool."
            ),
        )
    if code == sqlite3.SQLITE_FULL or (code == sqlite3.SQLITE_IOERR and _is_full(path)):
        return StoreError(
            "the disk is full",
            where=where,
            mend="Free some space on it; a run that was not stored stays in the spool until then. "
            "Where a little is left, 'lapwing prune' makes more.",
        )
    if code in _CLOSED_TO_US:
        return StoreError(
            f"the store cannot be opened or written ({error})",
            where=where,
            mend=_CHECK_RIGHTS,
        )
    return StoreError(
        f"the store failed ({error})",
        where=where,
        mend="Try again; if it stays so, name another store: LAPWING_STORE=PATH.",
    )
