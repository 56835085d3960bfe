"""`--dist lapwing`: the unit that takes longest goes first.

A worker of pytest-xdist runs a test only when it holds the next one, too. What is given to wait behind a long
unit is therefore the shortest that is left: it would be lost to others for as long.
"""

from collections import deque
from collections.abc import Sequence

from lapwing.advice.distribution.queues import MIN_QUEUE, Queues


class LongestFirst:
    """The rule over units of tests, the longest unit first."""

    def __init__(self, queues: Queues, units: Sequence[Sequence[int]]) -> None:
        self._queues = queues
        self._left = deque(units)
        self._had_long = [False] * len(queues.pending)  # what was given last came from the front

    def begin(self) -> None:
        """Give each worker one of the longest, and something to hold behind it."""
        workers = range(min(len(self._queues.pending), len(self._left)))
        for worker in range(len(workers), len(self._queues.pending)):
            self._queues.close(worker)
        for worker in workers:
            self._give(worker)
        for worker in workers:
            self._refill(worker)
        if not self._left:
            for worker in workers:
                self._queues.close(worker)

    def completed(self, worker: int, test: int, time_ns: float) -> None:
        """Give the worker another unit where it runs out of tests."""
        del test, time_ns
        self._refill(worker)

    def _refill(self, worker: int) -> None:
        if self._queues.is_closed[worker]:
            return
        while self._left and len(self._queues.pending[worker]) < MIN_QUEUE:
            self._give(worker)
        if not self._left:
            self._queues.close(worker)

    def _give(self, worker: int) -> None:
        self._had_long[worker] = not self._had_long[worker]
        self._queues.give(worker, self._left.popleft() if self._had_long[worker] else self._left.pop())
