"""`--dist loadscope`, `loadfile` and `loadgroup`: units of tests that stay together.

As in pytest-xdist 3.8. The unit with the most tests goes first (in the order of collection with equal
counts); a worker that holds two tests or less gets the next.
"""

from collections.abc import Sequence

from lapwing.advice.distribution.queues import MIN_QUEUE, Queues


class Units:
    """The rule over units of tests, each named once per test in the order of collection."""

    def __init__(self, queues: Queues, unit_of: Sequence[str], *, reorder: bool = True) -> None:
        """`reorder` is pytest-xdist's `--loadscope-reorder`, which is on by default."""
        self._queues = queues
        units: dict[str, list[int]] = {}
        for at, unit in enumerate(unit_of):
            units.setdefault(unit, []).append(at)
        self._left = (
            sorted(units.values(), key=lambda tests: -len(tests)) if reorder else list(units.values())
        )
        self._left.reverse()

    def begin(self) -> None:
        """Close workers for whom there is no unit; give the others one, and a second where one is small."""
        workers = len(self._queues.pending)
        used = range(min(workers, len(self._left)))
        for worker in range(len(used), workers):
            self._queues.close(worker)
        for worker in used:
            self._queues.give(worker, self._left.pop())
        for worker in used:
            self._refill(worker)
        if not self._left:
            for worker in used:
                self._queues.close(worker)

    def completed(self, worker: int, test: int, time_ns: float) -> None:
        """Give the worker another unit where it runs out of tests."""
        del test, time_ns
        self._refill(worker)

    def _refill(self, worker: int) -> None:
        if self._queues.is_closed[worker]:
            return
        if not self._left:
            self._queues.close(worker)
        elif len(self._queues.pending[worker]) <= MIN_QUEUE:
            self._queues.give(worker, self._left.pop())
