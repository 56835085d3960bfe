"""Hearing of a module's import, so that a library is met when the tests bring it, never earlier.

A finder before all others that finds nothing: for a watched name it asks the others, and hears
from the loader when the module has been executed. Every other import costs one look into a
dictionary; what has been imported already costs nothing.
"""

from __future__ import annotations

import sys
import threading
from collections.abc import Callable, Sequence
from importlib.machinery import ModuleSpec
from types import ModuleType
from typing import Any


class ImportWatch:
    """Calls `found` with each module of a set once it is there."""

    def __init__(self, names: Sequence[str], found: Callable[[ModuleType], None]) -> None:
        """`found` may raise nothing that a user's import should not raise."""
        self._names = frozenset(names)
        self._found = found
        self._asking: set[tuple[str, int]] = set()  # name and thread: others may ask all finders, too

    def install(self) -> None:
        """Begin to listen; modules that are there are told at once."""
        sys.meta_path.insert(0, self)
        for name in sorted(self._names):
            module = sys.modules.get(name)
            if module is not None:
                self._found(module)

    def remove(self) -> None:
        """Listen no more."""
        if self in sys.meta_path:
            sys.meta_path.remove(self)

    def find_spec(
        self, name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """The spec of a watched module, its loader listened to; None for all others."""
        if name not in self._names:
            return None
        key = (name, threading.get_ident())
        if key in self._asking:
            return None
        self._asking.add(key)
        try:
            spec = self._spec_of_others(name, path, target)
        finally:
            self._asking.discard(key)
        if spec is not None and spec.loader is not None and hasattr(spec.loader, "exec_module"):
            spec.loader = _ListeningLoader(spec.loader, self._found)  # type: ignore[assignment]
        return spec

    def _spec_of_others(
        self, name: str, path: Sequence[str] | None, target: ModuleType | None
    ) -> ModuleSpec | None:
        for finder in tuple(sys.meta_path):
            if finder is not self and hasattr(finder, "find_spec"):
                spec = finder.find_spec(name, path, target)
                if spec is not None:
                    return spec
        return None


class _ListeningLoader:
    """Another loader, which is put back into the module before the module runs."""

    def __init__(self, loader: Any, found: Callable[[ModuleType], None]) -> None:
        self._loader = loader
        self._found = found

    def __getattr__(self, name: str) -> Any:
        return getattr(self._loader, name)

    def create_module(self, spec: ModuleSpec) -> ModuleType | None:
        """The other loader's."""
        module: ModuleType | None = self._loader.create_module(spec)
        return module

    def exec_module(self, module: ModuleType) -> None:
        """Run the module as the other loader does, and tell."""
        if module.__spec__ is not None:
            module.__spec__.loader = self._loader
        module.__loader__ = self._loader
        self._loader.exec_module(module)
        self._found(module)
