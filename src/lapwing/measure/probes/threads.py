"""Waits of the test's own thread for other threads: conditions, events, queues, futures, and joins."""

from __future__ import annotations

import functools
import threading
from typing import Any, Final

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.patch import Patch

NAME: Final = "thread_wait"

_LEAST_NS: Final = 1_000_000  # how often others have not yet come is chance


class ThreadsProbe:
    """Counts waits of a millisecond and more of the thread that installs it.

    Events, barriers, queues and futures of Python all wait in a condition.
    """

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._patches: list[Patch] = []

    def install(self) -> None:
        """Begin to count."""
        for owner, name in ((threading.Condition, "wait"), (threading.Thread, "join")):
            counted = _counted(getattr(owner, name), self._counters, threading.get_ident())
            self._patches.append(Patch(owner, name, counted))

    def remove(self) -> None:
        """Put everything back."""
        while self._patches:
            self._patches.pop().restore()


def _counted(original: Any, counters: Counters, own_thread: int) -> Any:
    clock, this_thread = CLOCKS.wall, threading.get_ident

    @functools.wraps(original)
    def wait(*values: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        if not counters.is_on or this_thread() != own_thread:
            return original(*values, **named)
        started = clock()
        try:
            return original(*values, **named)
        finally:
            spent = clock() - started
            if spent >= _LEAST_NS:
                counters.add(NAME, spent)

    return wait
