"""Which event is being counted, so that what it is built on does not count again.

SQLAlchemy calls sqlite3, requests calls urllib3 calls http.client: one query, one request. The
outermost that we know counts. The mark follows tasks and greenlets, and is the serial of the
test: one that was left behind by a lost task says nothing of later tests.
"""

import functools
from collections.abc import Collection
from contextvars import ContextVar
from typing import Any, Final

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counters import Counters

INSIDE: Final[ContextVar[int]] = ContextVar("lapwing_inside", default=0)
"""Serial of the test in which an event of this context is being counted."""


REQUESTS: Final = "http_requests"
"""Requests sent, by whichever library."""


class Events:
    """Probes of one kind: on in the tests of some categories, off in all others."""

    def __init__(self, counters: Counters, names: Collection[str]) -> None:
        """`names`: those in a category's `probes` that switch this kind on."""
        self.counters = counters
        self._names = frozenset(names)
        self.is_on = False
        self.serial = 0

    def begin(self, wanted: Collection[str] | None, serial: int) -> None:
        """A test begins."""
        self.serial = serial
        self.is_on = wanted is None or not self._names.isdisjoint(wanted)

    def end(self) -> None:
        """The test is over."""
        self.is_on = False


def timed(original: Any, events: Events, name: str, *, count: int = 1) -> Any:
    """`original`, counted as `count` events `name` with its time where it is the outermost event."""
    clock, inside, counters = CLOCKS.wall, INSIDE, events.counters

    @functools.wraps(original)
    def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not events.is_on or inside.get() == events.serial:
            return original(*args, **kwargs)
        token = inside.set(events.serial)
        started = clock()
        try:
            return original(*args, **kwargs)
        finally:
            entry = counters.counts[name]
            entry[0] += count
            entry[1] += clock() - started
            inside.reset(token)

    return call


def timed_async(original: Any, events: Events, name: str) -> Any:
    """The same of a coroutine function."""
    clock, inside, counters = CLOCKS.wall, INSIDE, events.counters

    @functools.wraps(original)
    async def call(*args: Any, **kwargs: Any) -> Any:
        __tracebackhide__ = True
        if not events.is_on or inside.get() == events.serial:
            return await original(*args, **kwargs)
        token = inside.set(events.serial)
        started = clock()
        try:
            return await original(*args, **kwargs)
        finally:
            entry = counters.counts[name]
            entry[0] += 1
            entry[1] += clock() - started
            inside.reset(token)

    return call
