"""Importing our own modules by the shortest way, the collector at rest. PYTEST_DONT_REWRITE

Pytest rewrites every module of a plugin's distribution, or looks for its rewritten copy; we assert
nothing in the way of tests. And the interpreter's own way asks every finder, every place and every
ending a file may have, and asks each new module for what it cannot have yet: for a module of ours
whose compiled copy is up to date all that is known. The test process imports some eighty of them,
at a third of the cost; anything unusual is left to the interpreter. Modules are made to stay: the
collector would walk through them, and through all that pytest has made. What was made meanwhile
counts as old afterwards, or it would walk through all of it thrice within the next tests.
"""

from __future__ import annotations

import gc
import marshal
import os
import sys
from _thread import get_ident
from collections.abc import Callable
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from types import CodeType, ModuleType, TracebackType
from typing import Any, Final

_PACKAGE: Final = "lapwing."
_ENDING: Final = f".{sys.implementation.cache_tag}.pyc"
_HEADER_BYTES: Final = 16  # magic number, flags, time and size of the source
_MOST_BYTES: Final = 1 << 20
_EXPECTED: Final = MAGIC_NUMBER + bytes(4)  # a copy that is told by time and size
_SYSTEM: Final = "_frozen_importlib"
_READING: Final = os.O_RDONLY | getattr(os, "O_BINARY", 0)
_DOOR: Final = "_find_and_load"  # what the interpreter calls for every module that is not loaded yet

_Door = Callable[[str, Any], Any]


class PlainImports:
    """While entered, imports skip pytest's rewriting finder, ours come first, and nothing is collected."""

    def __enter__(self) -> None:
        self._was_collecting = gc.isenabled()
        gc.disable()
        self._taken: list[tuple[int, Any]] = [
            (at, finder)
            for at, finder in enumerate(sys.meta_path)
            if type(finder).__name__ == "AssertionRewritingHook"
        ]
        for _, finder in self._taken:
            sys.meta_path.remove(finder)
        self._system = sys.modules.get(_SYSTEM)
        self._door: _Door | None = getattr(self._system, _DOOR, None)
        if self._door is not None and sys.pycache_prefix is None:
            self._short = _short_way(self._door)
            setattr(self._system, _DOOR, self._short)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._door is not None and getattr(self._system, _DOOR) is getattr(self, "_short", None):
            setattr(self._system, _DOOR, self._door)
        for at, finder in self._taken:
            sys.meta_path.insert(at, finder)
        if self._was_collecting:
            if not gc.get_freeze_count():  # else someone else's would thaw
                gc.freeze()
                gc.unfreeze()
            gc.enable()


def _short_way(long_way: _Door) -> _Door:
    """The door of the import system, for this thread and our modules; `long_way` for all others."""
    thread, modules = get_ident(), sys.modules

    def find_and_load(name: str, import_: Any) -> Any:
        # `importlib.import_module` comes here for modules that are there, too.
        if name.startswith(_PACKAGE) and name not in modules and get_ident() == thread:
            module = _load(name)
            if module is not None:
                return module
        return long_way(name, import_)

    return find_and_load


def _load(name: str) -> ModuleType | None:
    """The module `name`, made from its compiled copy; None where there is none that is up to date.

    Raises what the module raises, which is then not loaded.
    """
    modules = sys.modules
    package, _, tail = name.rpartition(".")
    above = modules.get(package) or _load(package)
    places = getattr(above, "__path__", None)
    if above is None or not places:
        return None
    found = _compiled(places[0], tail)
    if found is None:
        return None
    source, cached, code, is_package = found
    loader = SourceFileLoader(name, source)
    spec = ModuleSpec(name, loader, origin=source, is_package=is_package)
    spec.cached = cached
    spec.has_location = True
    # What every later import of it asks: without an answer, an error is made and dropped each time.
    vars(spec)["_initializing"] = False
    module = modules[name] = ModuleType(name)
    own = module.__dict__
    own.update(__spec__=spec, __loader__=loader, __file__=source, __cached__=cached, __package__=package)
    if is_package:
        own["__package__"] = name
        own["__path__"] = spec.submodule_search_locations = [f"{places[0]}/{tail}"]
    try:
        exec(code, own)
    except BaseException:
        modules.pop(name, None)
        raise
    setattr(above, tail, module)
    return modules[name]


def _compiled(place: str, tail: str) -> tuple[str, str, CodeType, bool] | None:
    """Source, compiled copy, its code, whether it is a package; None for a copy that is missing or old."""
    folder = f"{place}/{tail}"
    is_package = False
    try:
        try:
            facts = os.stat(source := f"{folder}.py")  # noqa: PTH116, paths cost as much as the rest
            cached = f"{place}/__pycache__/{tail}{_ENDING}"
        except FileNotFoundError:
            facts = os.stat(source := f"{folder}/__init__.py")  # noqa: PTH116
            cached = f"{folder}/__pycache__/__init__{_ENDING}"
            is_package = True
        fd = os.open(cached, _READING)
        try:
            data = os.read(fd, _MOST_BYTES)
        finally:
            os.close(fd)
    except OSError:
        return None
    written = (int(facts.st_mtime) & 0xFFFFFFFF).to_bytes(4, "little")
    size = (facts.st_size & 0xFFFFFFFF).to_bytes(4, "little")
    if data[:_HEADER_BYTES] != _EXPECTED + written + size:
        return None
    return source, cached, marshal.loads(data[_HEADER_BYTES:]), is_package
