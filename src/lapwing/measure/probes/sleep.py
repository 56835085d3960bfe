"""Sleeps: `time.sleep`, `asyncio.sleep` (by anyio, too) and `trio.sleep`, with the time really slept.

What else is waited for in an event loop is counted beside them, from the moment such a loop is imported.

A test that replaces `time.sleep` replaces the probe and is not counted: it does not sleep.
"""

from __future__ import annotations

import functools
import sys
import time
from _thread import get_ident
from types import ModuleType
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counted_call import CountedCall
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.imports import ImportWatch
from lapwing.measure.probes.patch import Patch

NAME = "sleep"
ASYNC_NAME = "async_sleep"

_ANYIO = "anyio._backends._asyncio"  # has a name of its own for asyncio's function, taken before we came
_GEVENT = "gevent.hub"


class SleepProbe:
    """Counts sleeps while installed."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._patches: list[Patch] = []
        self._own_thread = 0
        self._asyncio_sleep: Any = None  # the counted one, which a package imported later takes as it is
        self._watch = ImportWatch(("asyncio", _ANYIO, "trio", _GEVENT), self._met)

    def install(self) -> None:
        """Begin to count; `asyncio` is met when it has been imported."""
        self._own_thread = get_ident()
        self._patches.append(Patch(time, "sleep", CountedCall(time.sleep, NAME, self._counters)))
        self._watch.install()

    def _met(self, package: ModuleType) -> None:
        if package.__name__ in ("asyncio", _GEVENT):
            self._watch_loop(package)
        if package.__name__ == _GEVENT:
            return
        if package.__name__ != "asyncio":
            sleep = getattr(package, "sleep", None)
            if sleep is not None and sleep is not self._asyncio_sleep:
                self._patches.append(Patch(package, "sleep", _counted_async(sleep, self._counters)))
            return
        tasks = sys.modules.get("asyncio.tasks")
        if tasks is not None and getattr(package, "sleep", None) is getattr(tasks, "sleep", object()):
            self._asyncio_sleep = counted = _counted_async(tasks.sleep, self._counters)
            self._patches += [Patch(tasks, "sleep", counted), Patch(package, "sleep", counted)]

    def _watch_loop(self, package: ModuleType) -> None:
        from lapwing.measure.probes.event_loop import watch_asyncio, watch_gevent

        if package.__name__ == _GEVENT:
            patch = watch_gevent(package, self._counters, self._own_thread)
            self._patches += [patch] if patch is not None else []
        else:
            self._patches.append(watch_asyncio(self._counters, self._own_thread))

    def remove(self) -> None:
        """Put everything back."""
        self._watch.remove()
        while self._patches:
            self._patches.pop().restore()


def _counted_async(original: Any, counters: Counters) -> Any:
    clock = CLOCKS.wall

    @functools.wraps(original)
    async def sleep(*values: Any, **named: Any) -> Any:
        delay = values[0] if values else named.get("delay", named.get("seconds", 0))
        if delay <= 0 or not counters.is_on:  # a bare switch to the event loop
            return await original(*values, **named)
        __tracebackhide__ = True
        started = clock()
        try:
            return await original(*values, **named)
        finally:
            entry = counters.counts[ASYNC_NAME]
            entry[0] += 1
            entry[1] += clock() - started

    return sleep
