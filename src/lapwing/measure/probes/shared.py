"""What a test uses that another one could use at the same time, noted as counters with names of their own.

A port that was asked for by number, a file below the working folder that is opened for writing, an SQLite
file there. Temporary files lie elsewhere, and caches are made for sharing.
"""

from __future__ import annotations

import os
from typing import Any, Final

from lapwing.measure.probes.counters import Counters
from lapwing.model.shared_use import DATABASE, PORT, WRITES

_MOST: Final = 8  # names of one kind in one test
_LONGEST: Final = 300
_SHARED_ANYWAY: Final = ("__pycache__", "site-packages")
_WRITING: Final = frozenset("wax+")


class SharedNames:
    """Notes names while a test runs."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._folder = os.getcwd() + os.sep  # noqa: PTH109
        self._serial = -1
        self._noted = 0

    def port(self, address: Any) -> None:
        """A socket was bound to `address`; port 0 is any that is free."""
        if type(address) is tuple and len(address) >= 2 and type(address[1]) is int and address[1]:
            self._note(f"{PORT}{address[1]}")

    def opened(self, args: tuple[Any, ...], kwargs: dict[str, Any]) -> None:
        """`open` was called with these arguments, and can write."""
        mode = args[1] if len(args) > 1 else kwargs.get("mode", "r")
        if type(mode) is str and not _WRITING.isdisjoint(mode):
            self._file(WRITES, args[0] if args else kwargs.get("file"))

    def connected(self, database: Any) -> None:
        """An SQLite database was connected to."""
        if database != ":memory:" and database != "":
            self._file(DATABASE, database)

    def _file(self, kind: str, name: Any) -> None:
        if type(name) is not str:
            if not hasattr(name, "__fspath__"):
                return
            name = os.fspath(name)
            if type(name) is not str:
                return
        path = os.path.abspath(name)  # noqa: PTH100
        if not path.startswith(self._folder):
            return
        inside = path[len(self._folder) :]
        parts = inside.split(os.sep)  # noqa: PTH206
        if not any(part in _SHARED_ANYWAY or part.startswith(".") for part in parts):
            self._note(f"{kind}{'/'.join(parts)}"[:_LONGEST])

    def _note(self, name: str) -> None:
        counters = self._counters
        if self._serial != counters.serial:
            self._serial, self._noted = counters.serial, 0
        if self._noted < _MOST:
            self._noted += 1
            counters.add(name)
