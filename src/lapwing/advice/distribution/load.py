"""`--dist load`: chunks of consecutive tests that become smaller towards the end.

As in pytest-xdist 3.8. At first each worker gets a quarter of its even share. A worker that holds less
than a quarter of its share of what is left is filled up to half of that share; one whose test took 0.1 s
and that has two tests more waits.
"""

from typing import Final

from lapwing.advice.distribution.queues import MIN_QUEUE, Queues
from lapwing.units import NS_PER_MS

_LONG_NS: Final = 100 * NS_PER_MS


class Load:
    """The rule over `tests` tests, numbered in the order of collection."""

    def __init__(self, queues: Queues, tests: int) -> None:
        self._queues = queues
        self._left = list(range(tests))
        self._workers = len(queues.pending)

    def begin(self) -> None:
        """Hand out the first chunks; where there are less than two tests per worker, all of them."""
        if len(self._left) < MIN_QUEUE * self._workers:
            for at in range(len(self._left)):
                self._send(at % self._workers, 1)
        else:
            chunk = max(len(self._left) // self._workers // 4, MIN_QUEUE)
            for worker in range(self._workers):
                self._send(worker, chunk)
        if not self._left:
            self._close_all()

    def completed(self, worker: int, test: int, time_ns: float) -> None:
        """Fill the worker up, or close it where nothing is left."""
        del test
        if self._queues.is_closed[worker]:
            return
        if not self._left:
            self._queues.close(worker)
            return
        share = len(self._left) // self._workers
        held = len(self._queues.pending[worker])
        if held < max(MIN_QUEUE, share // 4):
            if time_ns >= _LONG_NS and held >= MIN_QUEUE:
                return
            self._send(worker, max(MIN_QUEUE, share // 2) - held)

    def _send(self, worker: int, count: int) -> None:
        self._queues.give(worker, self._left[:count])
        del self._left[:count]

    def _close_all(self) -> None:
        for worker in range(self._workers):
            self._queues.close(worker)
