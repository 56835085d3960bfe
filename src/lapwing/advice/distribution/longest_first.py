"""`--dist lapwing`: the unit that takes longest goes first.

A worker of pytest-xdist runs a test only when it holds the next one, too. What is given to wait behind a
long unit is therefore the shortest that is left: it would be lost to others for as long.
"""

from collections import deque
from collections.abc import Sequence

from lapwing.advice.distribution.queues import MIN_QUEUE, Queues


class LongestFirst:
    """The rule over units of tests, the longest unit first."""

    def __init__(self, queues: Queues, units: Sequence[Sequence[int]]) -> None:
        self._queues = queues
        self._left = deque(units)
        self._was_long = [False] * len(queues.pending)  # what was given last came from the front

    def begin(self) -> None:
        """Give each worker one of the longest, and something to hold behind it."""
        for worker in range(len(self._queues.pending)):
            self._give(worker)
        for worker in range(len(self._queues.pending)):
            self._refill(worker)

    def completed(self, worker: int, test: int, time_ns: float) -> None:
        """See that the worker holds two tests."""
        del test, time_ns
        self._refill(worker)

    def _refill(self, worker: int) -> None:
        while self._left and len(self._queues.pending[worker]) < MIN_QUEUE:
            self._give(worker)
        if not self._left:
            self._queues.close(worker)

    def _give(self, worker: int) -> None:
        if self._left:
            self._was_long[worker] = not self._was_long[worker]
            unit = self._left.popleft() if self._was_long[worker] else self._left.pop()
            self._queues.give(worker, unit)
