"""How long the garbage collector held everybody up."""

from __future__ import annotations

import gc
import sys
from collections.abc import Callable
from typing import Any

from lapwing.measure.clock import CLOCKS, Clock


class CollectorTimer:
    """Sums collector pauses between two readings of its counters."""

    __slots__ = ("_clock", "_hook", "_previous_hook", "_started", "pause_ns", "pauses")

    def __init__(self, clock: Clock = CLOCKS.wall) -> None:
        self._clock = clock
        self._started = 0
        self.pause_ns = 0
        self.pauses = 0
        self._hook: Callable[[Any], Any] | None = None
        self._previous_hook: Callable[[Any], Any] = sys.unraisablehook

    def __call__(self, phase: str, info: dict[str, Any]) -> None:
        """Called by the interpreter as a collection starts and stops."""
        if phase == "start":
            self._started = self._clock()
        elif self._started:
            self.pause_ns += self._clock() - self._started
            self.pauses += 1
            self._started = 0

    def install(self) -> None:
        """Begin to listen.

        A test that recurses to the limit can set off a collection there, where not even our
        callback can be called. The interpreter then tells `sys.unraisablehook`, and pytest makes
        that a warning or a failure of the test; it is ours, and nobody needs to know.
        """
        gc.callbacks.append(self)
        previous = self._previous_hook = sys.unraisablehook

        def hook(unraisable: Any) -> None:
            if unraisable.object is not self:
                previous(unraisable)

        self._hook = sys.unraisablehook = hook

    def remove(self) -> None:
        """Stop listening; a test that emptied the list of callbacks has done it already."""
        if self in gc.callbacks:
            gc.callbacks.remove(self)
        if self._hook is not None and sys.unraisablehook is self._hook:
            sys.unraisablehook = self._previous_hook
        self._hook = None
