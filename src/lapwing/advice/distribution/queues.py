"""The queues of tests that a distribution fills and workers empty."""

from collections.abc import Sequence
from typing import Final, Protocol

MIN_QUEUE: Final = 2
"""Tests that a worker of pytest-xdist must have to run one: it needs to know the next before it begins."""


class Queues:
    """What each worker has been given and not ended, the running test first; and who gets no more."""

    def __init__(self, workers: int) -> None:
        self.pending: list[list[int]] = [[] for _ in range(workers)]
        self.is_closed = [False] * workers

    def give(self, worker: int, tests: Sequence[int]) -> None:
        """Add `tests` to the end of the queue of `worker`."""
        self.pending[worker].extend(tests)

    def close(self, worker: int) -> None:
        """`worker` gets no more tests, and may run its last one."""
        self.is_closed[worker] = True

    def can_run(self, worker: int) -> bool:
        """Whether `worker`, which runs nothing, can begin its next test."""
        held = len(self.pending[worker])
        return held >= MIN_QUEUE or (held > 0 and self.is_closed[worker])


class Distribution(Protocol):
    """A rule by which tests go to workers."""

    def begin(self) -> None:
        """All workers have collected: hand out the first tests."""

    def completed(self, worker: int, test: int, time_ns: float) -> None:
        """`worker` has ended `test`, which is out of its queue and took `time_ns`."""
