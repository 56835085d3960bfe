"""How long the garbage collector held everybody up."""

from __future__ import annotations

import gc
import sys
from collections import deque
from collections.abc import Callable
from functools import partial
from itertools import accumulate, count
from operator import sub
from typing import Any

from lapwing.measure.clock import CLOCKS, Clock


class CollectorTimer:
    """Sums collector pauses.

    The interpreter lets handlers of signals run where a function of Python is entered, and swallows whatever
    is raised in a callback of the collector: written in Python, the callback would lose the deadline or the
    Ctrl-C that arrived during a collection. It is therefore put together of functions of the interpreter's
    own, as the clock has to be, and the signal waits until the test goes on.
    """

    __slots__ = ("_hook", "_previous_hook", "callback", "sums")

    def __init__(self, clock: Clock = CLOCKS.wall) -> None:
        begun: deque[int] = deque(maxlen=1)
        # The last item is the length of all pauses so far, in nanoseconds, and their number.
        self.sums: deque[tuple[int, int]] = deque([(0, 0)], maxlen=1)
        begins = map(begun.append, iter(clock, None))
        pauses = map(sub, iter(clock, None), iter(begun.pop, None))
        ends = map(self.sums.append, zip(accumulate(pauses), count(1), strict=False))
        # The interpreter names the phase as the first argument: the attribute of that name takes a step.
        phases = {"start": property(partial(next, begins)), "stop": property(partial(next, ends))}
        self.callback: Callable[[str, dict[str, int]], None] = partial(getattr, type("Phases", (), phases)())
        self._hook: Callable[[Any], Any] | None = None
        self._previous_hook: Callable[[Any], Any] = sys.unraisablehook

    def install(self) -> None:
        """Begin to listen.

        A test that recurses to the limit can set off a collection there, where not even our
        callback can be called. The interpreter then tells `sys.unraisablehook`, and pytest makes
        that a warning or a failure of the test; it is ours, and nobody needs to know.
        """
        gc.callbacks.append(self.callback)
        previous = self._previous_hook = sys.unraisablehook

        def hook(unraisable: Any) -> None:
            if unraisable.object is not self.callback:
                previous(unraisable)

        self._hook = sys.unraisablehook = hook

    def remove(self) -> None:
        """Stop listening; a test that emptied the list of callbacks has done it already."""
        if self.callback in gc.callbacks:
            gc.callbacks.remove(self.callback)
        if self._hook is not None and sys.unraisablehook is self._hook:
            sys.unraisablehook = self._previous_hook
        self._hook = None
