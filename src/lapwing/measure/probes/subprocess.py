"""Child processes: how many were started, and how long the test was held up by them.

The time is that spent in starting (`Popen`, `os.system`) and in waiting for the end (`wait`,
`communicate`, and of processes that were forked, as multiprocessing does, `os.waitpid`), each counted once
where one calls another.
"""

from __future__ import annotations

import functools
import os
import subprocess
from collections.abc import Callable
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counted_call import CountedCall
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.patch import Patch

NAME = "subprocess"


class _Waiting(CountedCall):
    """`os.waitpid`: no event, for whom it waits may have been started long before; its time only."""

    def __init__(self, original: Any, counters: Counters, is_inside: Callable[[], bool]) -> None:
        super().__init__(original, NAME, counters)
        self._is_inside = is_inside

    def __call__(self, *args: Any, **kwargs: Any) -> Any:
        """The original's result."""
        __tracebackhide__ = True
        counters = self._count
        if not counters.is_on or self._is_inside():
            return self.__wrapped__(*args, **kwargs)
        started = self._clock()
        try:
            return self.__wrapped__(*args, **kwargs)
        finally:
            counters.add(NAME, self._clock() - started, 0)


class SubprocessProbe:
    """Counts child processes while installed."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._patches: list[Patch] = []
        self._depth = 0

    def install(self) -> None:
        """Begin to count."""
        popen = subprocess.Popen
        for owner, name, events in (
            (popen, "__init__", 1),
            (popen, "wait", 0),
            (popen, "communicate", 0),
        ):
            self._patches.append(Patch(owner, name, self._timed(getattr(owner, name), events)))
        self._patches.append(Patch(os, "system", CountedCall(os.system, NAME, self._counters)))
        if hasattr(os, "waitpid"):
            self._patches.append(Patch(os, "waitpid", _Waiting(os.waitpid, self._counters, self._is_inside)))

    def remove(self) -> None:
        """Put everything back."""
        while self._patches:
            self._patches.pop().restore()

    def _is_inside(self) -> bool:
        return self._depth > 0

    def _timed(self, original: Any, events: int) -> Any:
        counters, clock = self._counters, CLOCKS.wall

        @functools.wraps(original)
        def timed(*args: Any, **kwargs: Any) -> Any:
            if not counters.is_on:
                return original(*args, **kwargs)
            __tracebackhide__ = True
            self._depth += 1
            started = clock()
            try:
                return original(*args, **kwargs)
            finally:
                self._depth -= 1
                spent = clock() - started if self._depth == 0 else 0
                if events or spent:
                    counters.add(NAME, spent, events)

        return timed
