"""`--dist worksteal`: an even split, and who has done takes half of what the fullest queue holds.

As in pytest-xdist 3.8, where asking a worker for its tests takes no time.
"""

from lapwing.advice.distribution.queues import MIN_QUEUE, Queues


class WorkSteal:
    """The rule over `tests` tests, numbered in the order of collection."""

    def __init__(self, queues: Queues, tests: int) -> None:
        self._queues = queues
        self._left = list(range(tests))

    def begin(self) -> None:
        """Give each worker its even share."""
        self._balance()

    def completed(self, worker: int, test: int, time_ns: float) -> None:
        """Let workers that hold less than two tests steal."""
        del worker, test, time_ns
        self._balance()

    def _balance(self) -> None:
        queues = self._queues
        while True:
            up = [worker for worker, closed in enumerate(queues.is_closed) if not closed]
            idle = self._idle(up)
            if not idle:
                return
            if self._left:
                for at, worker in enumerate(idle):
                    count = len(self._left) // (len(idle) - at)
                    queues.give(worker, self._left[:count])
                    del self._left[:count]
                idle = self._idle(up)
                if not idle:
                    return
            fullest = max(up, key=lambda worker: len(queues.pending[worker]))
            held = len(queues.pending[fullest])
            count = min(held // 2, max(0, held - MIN_QUEUE))
            if count == 0:
                for worker in idle:
                    queues.close(worker)
                return
            self._left += queues.pending[fullest][-count:]
            del queues.pending[fullest][-count:]

    def _idle(self, up: list[int]) -> list[int]:
        return [worker for worker in up if len(self._queues.pending[worker]) < MIN_QUEUE]
