"""Files opened through `open`, `io.open` and what is built on them (pathlib, tempfile).

Imports and `os.open` do not count. The interpreter's audit event would see them all, but its
hook is called for every event of every kind: measured at 2% of an empty test, used or not. Files below the
working folder that are opened for writing are noted by name.
"""

from __future__ import annotations

import _io
import builtins
import io
from typing import Any

from lapwing.measure.probes.counted_call import CountedCall
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.patch import Patch
from lapwing.measure.probes.shared import SharedNames

NAME = "file"


class _Open(CountedCall):
    """`open`, which notes what it opens for writing."""

    def __init__(self, original: Any, counters: Counters) -> None:
        super().__init__(original, NAME, counters)
        self._shared = SharedNames(counters)

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The original's result."""
        __tracebackhide__ = True
        counters = self._count
        if not counters.is_on:
            return self.__wrapped__(*args, **kwargs)
        clock = self._clock
        started = clock()
        try:
            result = self.__wrapped__(*args, **kwargs)
        finally:
            entry = counters.counts[NAME]
            entry[0] += 1
            entry[1] += clock() - started
        if len(args) > 1 or kwargs:  # else it is opened for reading
            self._shared.opened(args, kwargs)
        return result


class FileProbe:
    """Counts files opened while installed, and the time that opening them took."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._patches: list[Patch] = []

    def install(self) -> None:
        """Begin to count."""
        opened = _Open(io.open, self._counters)
        self._patches += [Patch(owner, "open", opened) for owner in (builtins, io, _io)]

    def remove(self) -> None:
        """Put everything back."""
        while self._patches:
            self._patches.pop().restore()
