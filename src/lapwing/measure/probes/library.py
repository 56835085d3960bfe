"""Probes of libraries: each is met by one module of ours, when the tests import it."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Collection
from types import ModuleType
from typing import Any, Final

from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.imports import ImportWatch

_HERE: Final = "lapwing.measure.probes"

KINDS: Final = {
    "sql": (f"{_HERE}.sql.queries", "Queries", ("sql",)),
    "http": (f"{_HERE}.inside", "Events", ("http", "network")),
    "cache": (f"{_HERE}.cache.lookups", "Lookups", ("cache",)),
}
"""What the probes of a kind count into: module, class, and the names that switch it on."""

LIBRARIES: Final = {
    "sqlite3": ("sql", f"{_HERE}.sql.sqlite"),
    "sqlalchemy": ("sql", f"{_HERE}.sql.sqlalchemy"),
    "psycopg": ("sql", f"{_HERE}.sql.psycopg"),
    "asyncpg": ("sql", f"{_HERE}.sql.asyncpg"),
    "aiosqlite": ("sql", f"{_HERE}.sql.aiosqlite"),
    "django.db.backends.base.base": ("sql", f"{_HERE}.sql.django"),
    "pymongo.monitoring": ("sql", f"{_HERE}.sql.pymongo"),
    "http.client": ("http", f"{_HERE}.http.client"),
    "urllib3": ("http", f"{_HERE}.http.urllib3"),
    "httpx": ("http", f"{_HERE}.http.httpx"),
    "aiohttp": ("http", f"{_HERE}.http.aiohttp"),
    "cachetools": ("cache", f"{_HERE}.cache.cachetools"),
    "django.core.cache.backends.locmem": ("cache", f"{_HERE}.cache.django"),
    "django.core.cache.backends.filebased": ("cache", f"{_HERE}.cache.django"),
    "django.core.cache.backends.db": ("cache", f"{_HERE}.cache.django"),
    "django.core.cache.backends.redis": ("cache", f"{_HERE}.cache.django"),
    "django.core.cache.backends.memcached": ("cache", f"{_HERE}.cache.django"),
    "redis.client": ("cache", f"{_HERE}.cache.redis"),
    "redis.asyncio.client": ("cache", f"{_HERE}.cache.redis"),
}
"""Module of a library -> the kind of its events, and the module of ours that knows it."""

ALWAYS_THERE: Final = {"functools": ("cache", f"{_HERE}.cache.functions")}
"""Those that every process has: met when a test wants their kind for the first time."""

ANY_DRIVER: Final = ("sql", f"{_HERE}.sql.dbapi")


class LibraryProbe:
    """Hands each library to the module that knows it; nothing of either is imported before.

    A library that is not as that module expects is left alone: it is not counted.
    """

    def __init__(
        self, names: Collection[str] | None, counters: Counters, drivers: Collection[str] = ()
    ) -> None:
        """`names` are the probes that any test may want; None for all.

        `drivers` are modules of databases, of PEP 249, that no module of ours knows by itself.
        """
        kinds = [kind for kind, (*_, words) in KINDS.items() if names is None or set(words) & set(names)]
        self._counters = counters
        self._wanted = frozenset(kinds)
        self._kinds: dict[str, Any] = {}
        self._patches: list[Any] = []
        self._seen: set[str] = set()
        self._libraries = {**dict.fromkeys(drivers, ANY_DRIVER), **LIBRARIES, **ALWAYS_THERE}
        watched = [name for name, (kind, _) in self._libraries.items() if kind in kinds]
        self._watch = ImportWatch([name for name in watched if name not in ALWAYS_THERE], self._met)
        self._late = [name for name, (kind, _) in ALWAYS_THERE.items() if kind in kinds]

    def install(self) -> None:
        """Begin to listen to imports."""
        self._watch.install()
        if self._late:
            self._counters.on_wanted = self._meet_late

    def _meet_late(self, wanted: Collection[str] | None) -> None:
        """Meet what is always there, if a test wants that."""
        for name in tuple(self._late):
            words = KINDS[ALWAYS_THERE[name][0]][2]
            if wanted is None or not set(words).isdisjoint(wanted):
                self._late.remove(name)
                self._met(sys.modules[name])
        if not self._late:
            self._counters.on_wanted = None

    def remove(self) -> None:
        """Put everything back."""
        self._watch.remove()
        self._counters.on_wanted = None
        while self._patches:
            self._patches.pop().restore()
        for part in self._kinds.values():
            self._counters.leave(part)
        self._kinds.clear()
        self._seen.clear()

    def _met(self, module: ModuleType) -> None:
        name = module.__name__
        if name in self._seen or sys.modules.get(name) is not module:
            return
        self._seen.add(name)
        kind, ours = self._libraries[name]
        made: list[Any] = []
        try:
            importlib.import_module(ours).instrument(module, self._counting(kind), made.append)
        except Exception:
            while made:
                made.pop().restore()
        self._patches += made

    def part(self, kind: str) -> Any:
        """What the probes of `kind` count into; None where no test may want them."""
        return self._counting(kind) if kind in self._wanted else None

    def _counting(self, kind: str) -> Any:
        part = self._kinds.get(kind)
        if part is None:
            module, name, words = KINDS[kind]
            part = self._kinds[kind] = getattr(importlib.import_module(module), name)(self._counters, words)
            self._counters.join(part)
        return part
