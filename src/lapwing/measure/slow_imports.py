"""What importing each module costs, and who imported it first, while a suite is collected.

The interpreter looks `_find_and_load` up in its import system for every module that is not loaded yet,
whoever asks. Standing there, a watch sees each of them once, with the modules that it imports inside it.
"""

import os
import sys
import threading
from collections.abc import Callable
from pathlib import PurePath
from types import CodeType, FrameType
from typing import Any, Final

from lapwing.measure.clock import CLOCKS
from lapwing.model.import_cost import ImportCost

_SYSTEM: Final = "_frozen_importlib"
_DOOR: Final = "_find_and_load"
_FROZEN: Final = "<frozen importlib._bootstrap>"
_OURS: Final = os.path.dirname(os.path.dirname(os.path.abspath(__file__))) + os.sep  # noqa: PTH100, PTH120
_RUNNERS: Final = ("_pytest", "pluggy")
_MOST: Final = 200  # by cumulative time, and as many by their own


class SlowImports:
    """Between `start` and `stop`, notes the imports of this thread; those of Lapwing itself are left out."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._found: list[ImportCost] = []
        self._inside: list[int] = []  # by import that goes on: time of the imports inside it
        self._original: Callable[[str, Any], Any] | None = None
        self._clock = CLOCKS.wall

    def start(self) -> None:
        """Begin to watch; nothing happens on an interpreter whose imports go another way."""
        system = sys.modules.get(_SYSTEM)
        original = getattr(system, _DOOR, None)
        if original is not None and self._original is None:
            self._original = original
            setattr(system, _DOOR, self._watching(original))

    def stop(self) -> None:
        """Watch no more."""
        if self._original is not None:
            setattr(sys.modules[_SYSTEM], _DOOR, self._original)
            self._original = None

    def costs(self, root: str) -> tuple[ImportCost, ...]:
        """The slowest imports, the largest cumulative time first; files below `root` are relative to it."""
        found = sorted(self._found, key=lambda each: (-each.cumulative_ns, each.module))
        own = sorted(found, key=lambda each: -each.own_ns)[:_MOST]
        chosen = {each.module for each in (*found[:_MOST], *own)}
        return tuple(
            each._replace(imported_by=_short(each.imported_by, root))
            for each in found
            if each.module in chosen
        )

    def _watching(self, original: Callable[[str, Any], Any]) -> Callable[[str, Any], Any]:
        def _find_and_load(name: str, import_: Any) -> Any:
            if name in sys.modules or threading.get_ident() != self._thread:
                return original(name, import_)
            importer = _importer(sys._getframe(1))
            if importer.startswith(_OURS):
                return original(name, import_)
            self._inside.append(0)
            started = self._clock()
            is_loaded = False
            try:
                module = original(name, import_)
                is_loaded = True
                return module
            finally:
                spent = self._clock() - started
                inside = self._inside.pop()
                if is_loaded:
                    self._found.append(ImportCost(name, spent - inside, spent, importer))
                if self._inside:  # what could not be imported is its importer's own time
                    self._inside[-1] += spent if is_loaded else inside

        # The interpreter takes frames of its import system, told by this name, out of tracebacks.
        _find_and_load.__code__ = _find_and_load.__code__.replace(co_filename=_FROZEN)
        return _find_and_load


def _importer(frame: FrameType | None) -> str:
    """File and line that ask for a module: the first frame outside of the import system."""
    while frame is not None:
        code: CodeType = frame.f_code
        if not code.co_filename.startswith("<frozen importlib") and not code.co_filename.endswith(
            ("importlib/__init__.py", "importlib\\__init__.py")
        ):
            return f"{code.co_filename}:{frame.f_lineno}"
        frame = frame.f_back
    return ""


def _short(importer: str, root: str) -> str:
    file, _, line = importer.rpartition(":")
    path = PurePath(file)
    if any(part in _RUNNERS for part in path.parts):
        return "pytest"
    if path.is_relative_to(root):
        return f"{path.relative_to(root).as_posix()}:{line}"
    return importer.replace("\\", "/")
