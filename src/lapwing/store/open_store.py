"""From what people write as `--store` to an open store."""

import re
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lapwing.errors import ConfigurationError, NoDataError, StoreError

if TYPE_CHECKING:
    from lapwing.store.protocol import Store

_SQLITE: Final = "sqlite:///"


def open_store(url_or_path: str, *, create: bool, busy_timeout_s: float = 5.0, origin: str = "") -> "Store":
    """The store at `url_or_path`: a path, or `sqlite:///` and a path (four slashes: absolute).

    With `create` a missing one is made, else NoDataError says so. Waits up to `busy_timeout_s`
    seconds for other processes. Raises ConfigurationError for what it does not know, StoreError
    for what it cannot open; both say `origin`, the setting or flag that names the store.
    """
    path = url_or_path.removeprefix(_SQLITE)
    scheme = re.match(r"[A-Za-z][A-Za-z0-9+.-]*(?=://)", path)
    if scheme is not None or not path.strip():
        # The rest of a URL may hold a password.
        shown = f"{scheme[0]}://..." if scheme else repr(url_or_path)
        raise ConfigurationError(
            f"{shown} is not a store that Lapwing knows",
            where=origin or "store",
            mend=f"Write a path, or {_SQLITE}path for a path below here, {_SQLITE}/path for an absolute one.",
        )
    # sqlite3 is loaded here, and not by those who only name the protocol: the plugin is loaded
    # in every test process and most of them never open a store.
    from lapwing.store.sqlite import SqliteStore

    try:
        return SqliteStore(Path(path), create=create, busy_timeout_s=busy_timeout_s)
    except (StoreError, NoDataError) as error:
        if origin:
            error.mend = f"{error.mend} This store is named by {origin}.".lstrip()
        raise
