"""A run that did not happen: workers, their queues, and the processors they share, event by event."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.advice.distribution.queues import Distribution, Queues
from lapwing.model.what_if import SuiteTimes, TimedTest

_NOTHING: Final = 1e-6  # ns: what is left of a test that has ended, by rounding


class Simulated:
    """What each worker did; times in ns from the moment at which all had collected."""

    def __init__(self, workers: int) -> None:
        self.ends = [0.0] * workers  # of the last test of each
        self.tests: list[list[int]] = [[] for _ in range(workers)]  # in the order run


def simulate(suite: SuiteTimes, workers: int, distribution: Callable[[Queues], Distribution]) -> Simulated:
    """Run the tests of `suite` on `workers` workers that get them by `distribution`.

    A worker computes for part of a test's time (`cpu_share`) and waits for the rest. Where all that run
    together ask for more processors than there are, the computing part of each takes as many times longer
    (processor sharing, as in Kleinrock 1976, chapter 4). A worker sets up a wide fixture before the first
    test that needs it, and again where it has been to another place since.
    """
    queues = Queues(workers)
    rule = distribution(queues)
    done = Simulated(workers)
    held: list[dict[str, int]] = [{} for _ in range(workers)]
    left = [0.0] * workers  # of the running test, on processors of its own
    shares = [0.0] * workers
    began = [0.0] * workers
    running: list[int] = []  # ascending
    now = 0.0

    def start_all() -> None:
        for worker in range(workers):
            if worker not in running and queues.can_run(worker):
                at = queues.pending[worker][0]
                left[worker], shares[worker] = _work(suite, suite.tests[at], held[worker])
                began[worker] = now
                running.append(worker)
        running.sort()

    rule.begin()
    start_all()
    while running:
        slow = sum([shares[worker] for worker in running]) / suite.cores
        if slow > 1.0:
            stretch = [_stretch(shares[worker], slow) for worker in running]
            step = min([left[worker] * each for worker, each in zip(running, stretch, strict=True)])
            for worker, each in zip(running, stretch, strict=True):
                left[worker] -= step / each
        else:  # mostly: nobody waits for a processor
            step = min([left[worker] for worker in running])
            for worker in running:
                left[worker] -= step
        now += step
        for worker in [worker for worker in running if left[worker] <= _NOTHING]:
            running.remove(worker)
            test = queues.pending[worker].pop(0)
            done.tests[worker].append(test)
            done.ends[worker] = now
            rule.completed(worker, test, now - began[worker])
        if len(running) < workers:
            start_all()
    return done


def _stretch(share: float, slow: float) -> float:
    """How many times longer something takes that computes for `share` of its time (at most all of it)."""
    return 1 + min(share, 1.0) * (slow - 1)


def _work(suite: SuiteTimes, test: TimedTest, held: dict[str, int]) -> tuple[float, float]:
    """Time of a test with the wide fixtures that the worker still has to set up, and its share of a
    processor. `held` is what is set up, by name; it is brought up to date."""
    module = test.nodeid.partition("::")[0]
    for name, at in list(held.items()):
        if not _covers(suite.fixtures[at].place, test.nodeid, module):
            del held[name]
    computing = test.own_ns * test.cpu_share + suite.around_ns
    time = float(test.own_ns + suite.around_ns)
    for at in test.fixtures:
        fixture = suite.fixtures[at]
        if held.get(fixture.name) != at:
            held[fixture.name] = at
            time += fixture.time_ns
            computing += fixture.time_ns * fixture.cpu_share
    return max(time, 1.0), computing / max(time, 1.0)


def _covers(place: str, nodeid: str, module: str) -> bool:
    """Whether a fixture of `place` stays set up while this test runs."""
    return not place or place == module or nodeid.startswith((f"{place}::", f"{place}/"))


def floor_of(times: Sequence[int], workers: int) -> int:
    """The least that units of `times` (ns) need on `workers`: the longest, or all divided evenly."""
    return max(max(times, default=0), -(-sum(times) // workers))
