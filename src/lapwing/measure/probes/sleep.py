"""Sleeps: `time.sleep` and `asyncio.sleep`, with the time really slept.

A test that replaces `time.sleep` replaces the probe and is not counted: it does not sleep.
"""

import functools
import sys
import time
from types import ModuleType
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counted_call import CountedCall
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.imports import ImportWatch
from lapwing.measure.probes.patch import Patch

NAME = "sleep"
ASYNC_NAME = "async_sleep"


class SleepProbe:
    """Counts sleeps while installed."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._patches: list[Patch] = []
        self._watch = ImportWatch(("asyncio",), self._met)

    def install(self) -> None:
        """Begin to count; `asyncio` is met when it has been imported."""
        self._patches.append(Patch(time, "sleep", CountedCall(time.sleep, NAME, self._counters)))
        self._watch.install()

    def _met(self, package: ModuleType) -> None:
        tasks = sys.modules.get("asyncio.tasks")
        if tasks is not None and getattr(package, "sleep", None) is getattr(tasks, "sleep", object()):
            counted = _counted_async(tasks.sleep, self._counters)
            self._patches += [Patch(tasks, "sleep", counted), Patch(package, "sleep", counted)]

    def remove(self) -> None:
        """Put everything back."""
        self._watch.remove()
        while self._patches:
            self._patches.pop().restore()


def _counted_async(original: Any, counters: Counters) -> Any:
    clock = CLOCKS.wall

    @functools.wraps(original)
    async def sleep(delay: float, result: Any = None) -> Any:
        if delay <= 0:  # a bare switch to the event loop
            return await original(delay, result)
        __tracebackhide__ = True
        started = clock()
        try:
            return await original(delay, result)
        finally:
            counters.add(ASYNC_NAME, clock() - started)

    return sleep
