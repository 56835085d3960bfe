"""Waits of the test's own thread in an event loop: asyncio's, which tornado runs in, too, and gevent's.

What is awaited in a loop need not sleep, nor ask a socket that is watched: a timer, a future, a signal.
"""

from __future__ import annotations

import functools
from _thread import get_ident
from collections.abc import Callable
from types import ModuleType
from typing import Any, Final

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.patch import Patch

NAME: Final = "loop_wait"

_LEAST_NS: Final = 1_000_000  # shorter turns of a loop are no waits of anybody


def watch_asyncio(counters: Counters, own_thread: int) -> Patch:
    """Count in the selector that asyncio waits in; its loop on Windows has another, and is not counted."""
    import selectors

    selector = selectors.DefaultSelector
    return Patch(selector, "select", _turn(selector.select, counters, own_thread))


def watch_gevent(hub: ModuleType, counters: Counters, own_thread: int) -> Patch | None:
    """Count where the greenlet that runs the test hands over to the hub until something has happened."""
    if not hasattr(hub, "Hub") or not hasattr(hub, "getcurrent"):
        return None
    return Patch(hub.Hub, "switch", _handed_over(hub.Hub.switch, hub.getcurrent, counters, own_thread))


def _turn(original: Any, counters: Counters, own_thread: int) -> Any:
    clock = CLOCKS.wall

    @functools.wraps(original)
    def select(selector: Any, timeout: float | None = None) -> Any:
        __tracebackhide__ = True
        if timeout == 0 or not counters.is_on or get_ident() != own_thread:
            return original(selector, timeout)
        started = clock()
        try:
            return original(selector, timeout)
        finally:
            spent = clock() - started
            if spent >= _LEAST_NS:
                counters.add(NAME, spent)

    return select


def _handed_over(original: Any, present: Callable[[], Any], counters: Counters, own_thread: int) -> Any:
    clock = CLOCKS.wall

    @functools.wraps(original)
    def switch(hub: Any, *values: Any, **named: Any) -> Any:
        __tracebackhide__ = True
        # Others than the first greenlet of the thread wait side by side with it.
        if not counters.is_on or get_ident() != own_thread or present().parent is not None:
            return original(hub, *values, **named)
        started = clock()
        try:
            return original(hub, *values, **named)
        finally:
            spent = clock() - started
            if spent >= _LEAST_NS:
                counters.add(NAME, spent)

    return switch
