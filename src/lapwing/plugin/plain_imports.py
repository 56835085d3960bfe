"""Importing our own modules by the shortest way, the collector at rest. PYTEST_DONT_REWRITE

Pytest rewrites every module of a plugin's distribution, or looks for its rewritten copy; we assert
nothing in the way of tests. And the interpreter's own way asks every finder, every place and every
ending a file may have: for a module of ours whose compiled copy is up to date both are known. The
test process imports some eighty of them; anything unusual is left to the interpreter. Modules
are made to stay: the collector would walk through them, and through all that pytest has made.
"""

import gc
import marshal
import os
import sys
from collections.abc import Sequence
from importlib.machinery import ModuleSpec, SourceFileLoader
from importlib.util import MAGIC_NUMBER
from types import CodeType, ModuleType, TracebackType
from typing import Any, Final

_PACKAGE: Final = "lapwing."
_ENDING: Final = f".{sys.implementation.cache_tag}.pyc"
_HEADER_BYTES: Final = 16  # magic number, flags, time and size of the source
_MOST_BYTES: Final = 1 << 20


class _CompiledLoader(SourceFileLoader):
    """The interpreter's loader of a source file, its compiled copy at hand."""

    def __init__(self, name: str, path: str, code: CodeType) -> None:
        super().__init__(name, path)
        self._code = code

    def exec_module(self, module: ModuleType) -> None:
        """Run the module."""
        exec(self._code, module.__dict__)


class _CompiledFinder:
    """Finds modules of ours beside the package that asks."""

    @staticmethod
    def find_spec(
        name: str, path: Sequence[str] | None = None, target: ModuleType | None = None
    ) -> ModuleSpec | None:
        """A module with a compiled copy that is up to date; None for all others."""
        if not name.startswith(_PACKAGE) or not path:
            return None
        tail = name.rpartition(".")[2]
        folder = f"{path[0]}/{tail}"
        places: list[str] | None = None
        try:
            try:
                facts = os.stat(source := f"{folder}.py")  # noqa: PTH116, paths cost as much as the rest
                cached = f"{path[0]}/__pycache__/{tail}{_ENDING}"
            except FileNotFoundError:
                facts = os.stat(source := f"{folder}/__init__.py")  # noqa: PTH116
                cached = f"{folder}/__pycache__/__init__{_ENDING}"
                places = [folder]
            fd = os.open(cached, os.O_RDONLY | getattr(os, "O_BINARY", 0))
            try:
                data = os.read(fd, _MOST_BYTES)
            finally:
                os.close(fd)
        except OSError:
            return None
        is_new = data[:8] == _EXPECTED and data[8:12] == (int(facts.st_mtime) & 0xFFFFFFFF).to_bytes(
            4, "little"
        )
        if not is_new or data[12:_HEADER_BYTES] != (facts.st_size & 0xFFFFFFFF).to_bytes(4, "little"):
            return None
        spec = ModuleSpec(
            name, _CompiledLoader(name, source, marshal.loads(data[_HEADER_BYTES:])), origin=source
        )
        spec.cached = cached
        spec.has_location = True
        spec.submodule_search_locations = places
        return spec


_EXPECTED: Final = MAGIC_NUMBER + bytes(4)  # a copy that is told by time and size


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
        if sys.pycache_prefix is None:
            sys.meta_path.insert(0, _CompiledFinder)

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if _CompiledFinder in sys.meta_path:
            sys.meta_path.remove(_CompiledFinder)
        for at, finder in self._taken:
            sys.meta_path.insert(at, finder)
        if self._was_collecting:
            gc.enable()
