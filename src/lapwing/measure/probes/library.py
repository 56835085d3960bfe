"""Probes of libraries: each is met by one module of ours, when the tests import it."""

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
}
"""What the probes of a kind count into: module, class, and the names that switch it on."""

LIBRARIES: Final = {
    "sqlite3": ("sql", f"{_HERE}.sql.sqlite"),
    "sqlalchemy": ("sql", f"{_HERE}.sql.sqlalchemy"),
}
"""Module of a library -> the kind of its events, and the module of ours that knows it."""


class LibraryProbe:
    """Hands each library to the module that knows it; nothing of either is imported before.

    A library that is not as that module expects is left alone: it is not counted.
    """

    def __init__(self, names: Collection[str] | None, counters: Counters) -> None:
        """`names` are the probes that any test may want; None for all."""
        kinds = [kind for kind, (*_, words) in KINDS.items() if names is None or set(words) & set(names)]
        self._counters = counters
        self._kinds: dict[str, Any] = {}
        self._patches: list[Any] = []
        self._seen: set[str] = set()
        self._watch = ImportWatch([name for name, (kind, _) in LIBRARIES.items() if kind in kinds], self._met)

    def install(self) -> None:
        """Begin to listen to imports."""
        self._watch.install()

    def remove(self) -> None:
        """Put everything back."""
        self._watch.remove()
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
        kind, ours = LIBRARIES[name]
        made: list[Any] = []
        try:
            importlib.import_module(ours).instrument(module, self._part(kind), made.append)
        except Exception:
            while made:
                made.pop().restore()
        self._patches += made

    def _part(self, kind: str) -> Any:
        part = self._kinds.get(kind)
        if part is None:
            module, name, words = KINDS[kind]
            part = self._kinds[kind] = getattr(importlib.import_module(module), name)(self._counters, words)
            self._counters.join(part)
        return part
