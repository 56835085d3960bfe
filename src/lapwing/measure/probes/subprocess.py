"""Child processes: how many were started, and how long the test was held up by them.

The time is that spent in starting (`Popen`, `os.system`) and in waiting for the end (`wait`,
`communicate`), each counted once where one calls another.
"""

import functools
import os
import subprocess
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counted_call import CountedCall
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.patch import Patch

NAME = "subprocess"


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

    def remove(self) -> None:
        """Put everything back."""
        while self._patches:
            self._patches.pop().restore()

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
