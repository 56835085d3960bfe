"""From what people write as `--store` to an open store."""

from __future__ import annotations

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

if TYPE_CHECKING:
    from lapwing.store.protocol import Store

_SQLITE: Final = "sqlite:///"
_POSTGRESQL: Final = ("postgres://", "postgresql://")


def open_store(url_or_path: str, *, create: bool, busy_timeout_s: float = 5.0, origin: str = "") -> Store:
    """The store at `url_or_path`: a path, `sqlite:///` and a path (four slashes: absolute), or the
    URL of a PostgreSQL database.

    With `create` a missing one is made, else NoDataError says so. Waits up to `busy_timeout_s`
    seconds for other processes. Raises ConfigurationError for what it does not know, StoreError
    for what it cannot open; both say `origin`, the setting or flag that names the store. Raises
    MissingExtraError where the library for PostgreSQL is not installed.
    """
    try:
        if url_or_path.startswith(_POSTGRESQL):
            return _open_postgresql(url_or_path, create=create, timeout_s=busy_timeout_s)
        return _open_sqlite(url_or_path, create=create, busy_timeout_s=busy_timeout_s, origin=origin)
    except Exception as error:
        from lapwing.errors import NoDataError, StoreError

        if origin and isinstance(error, StoreError | NoDataError):
            error.mend = f"{error.mend} This store is named by {origin}.".lstrip()
        raise


def _open_postgresql(url: str, *, create: bool, timeout_s: float) -> Store:
    try:
        from lapwing.store.postgresql import PostgresqlStore
    except ImportError as error:
        from lapwing.errors import MissingExtraError

        raise MissingExtraError("psycopg", extra="postgresql", need="a store in PostgreSQL") from error
    return PostgresqlStore(url, create=create, timeout_s=timeout_s)


def _open_sqlite(url_or_path: str, *, create: bool, busy_timeout_s: float, origin: str) -> Store:
    path = url_or_path.removeprefix(_SQLITE)
    scheme, mark, _ = path.partition("://")
    is_url = mark and re.fullmatch(r"[A-Za-z][A-Za-z0-9+.-]*", scheme)
    if is_url or not path.strip():
        # The rest of a URL may hold a password.
        shown = f"{scheme}://..." if is_url else repr(url_or_path)
        from lapwing.errors import ConfigurationError

        raise ConfigurationError(
            f"{shown} is not a store that Lapwing knows",
            where=origin or "store",
            mend=f"Write a path, or {_SQLITE}path for a path below here, {_SQLITE}/path for an absolute one,"
            f" or {_POSTGRESQL[-1]}user@host/database.",
        )
    if not create and not Path(path).exists():
        from lapwing.store.no_store import no_store

        raise no_store(path)
    # sqlite3 is loaded here, and not by those who only name the protocol: the plugin is loaded
    # in every test process and most of them never open a store. Nor does a project without one.
    from lapwing.store.sqlite import SqliteStore

    return SqliteStore(Path(path), create=create, busy_timeout_s=busy_timeout_s)
