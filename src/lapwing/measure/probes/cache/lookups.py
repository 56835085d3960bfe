"""Hits and misses of all caches of a test."""

import gc
import sys
from collections.abc import Collection, Iterator
from typing import Any, Final
from weakref import ref

from lapwing.measure.new_objects import are_objects_set_aside
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.inside import Events
from lapwing.measure.probes.own_code import is_own

HITS: Final = "cache_hits"
MISSES: Final = "cache_misses"


class Lookups(Events):
    """What caches tell their lookups to; those of functions are read before and after each test."""

    def __init__(self, counters: Counters, names: Collection[str]) -> None:
        super().__init__(counters, names)
        self._function_cache: type | None = None
        self._functions: dict[int, ref[Any]] = {}
        self._modules = 0
        self._before: list[tuple[Any, int, int]] = []

    def add(self, hits: int, misses: int, duration_ns: int = 0) -> None:
        """Count lookups that took `duration_ns` together."""
        if hits:
            self.counters.add(HITS, duration_ns, int(hits))
        if misses:
            self.counters.add(MISSES, 0 if hits else duration_ns, int(misses))

    def read_functions(self, kind: type) -> None:
        """From now on read the caches of the type `kind`, in the test that is running first."""
        self._function_cache = kind
        self._read_before()

    def begin(self, wanted: Collection[str] | None, serial: int) -> None:
        """A test begins."""
        super().begin(wanted, serial)
        self._read_before()

    def _read_before(self) -> None:
        if self.is_on and self._function_cache is not None:
            if len(sys.modules) != self._modules:  # new modules may have brought new caches
                self._modules = len(sys.modules)
                self._look_for_functions(self._function_cache)
            self._before = list(self._read())

    def end(self) -> None:
        """The test is over: what the caches of functions have more than before is its own."""
        for function, hits, misses in self._before:
            info = function.cache_info()
            if info.hits >= hits and info.misses >= misses:
                self.add(info.hits - hits, info.misses - misses)
            else:
                self.add(info.hits, info.misses)  # cleared meanwhile
        self._before = []
        super().end()

    def _look_for_functions(self, kind: type) -> None:
        for found in _objects():
            if type(found) is kind and id(found) not in self._functions:
                code = getattr(getattr(found, "__wrapped__", None), "__code__", None)
                if code is not None and is_own(code.co_filename):
                    self._functions[id(found)] = ref(found)

    def _read(self) -> Any:
        for key, reference in tuple(self._functions.items()):
            function = reference()
            if function is None:
                del self._functions[key]
            else:
                info = function.cache_info()
                yield function, info.hits, info.misses


def _objects() -> Iterator[Any]:
    """What the collector knows.

    Where somebody has set objects aside from it (`gc.freeze`), what the project's modules and their
    classes name, too.
    """
    yield from gc.get_objects()
    if not are_objects_set_aside():
        return
    for module in tuple(sys.modules.values()):
        names = getattr(module, "__dict__", {})
        if is_own(str(names.get("__file__"))):
            for value in tuple(names.values()):
                yield value
                if isinstance(value, type):
                    yield from tuple(vars(value).values())
