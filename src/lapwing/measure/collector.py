"""How long the garbage collector held everybody up."""

import gc
from typing import Any

from lapwing.measure.clock import CLOCKS, Clock


class CollectorTimer:
    """Sums collector pauses between two readings of its counters."""

    __slots__ = ("_clock", "_started", "pause_ns", "pauses")

    def __init__(self, clock: Clock = CLOCKS.wall) -> None:
        self._clock = clock
        self._started = 0
        self.pause_ns = 0
        self.pauses = 0

    def __call__(self, phase: str, info: dict[str, Any]) -> None:
        """Called by the interpreter as a collection starts and stops."""
        if phase == "start":
            self._started = self._clock()
        elif self._started:
            self.pause_ns += self._clock() - self._started
            self.pauses += 1
            self._started = 0

    def install(self) -> None:
        """Begin to listen."""
        gc.callbacks.append(self)

    def remove(self) -> None:
        """Stop listening; a test that emptied the list of callbacks has done it already."""
        if self in gc.callbacks:
            gc.callbacks.remove(self)
