"""Our rules of distribution, held against pytest-xdist's own schedulers over the same simulated workers."""

from types import SimpleNamespace

import pytest
from hypothesis import given
from hypothesis import strategies as st
from xdist.scheduler import (
    LoadFileScheduling,
    LoadGroupScheduling,
    LoadScheduling,
    LoadScopeScheduling,
    WorkStealingScheduling,
)

from lapwing.advice.simulate import simulate
from lapwing.advice.what_if import simulated_run
from lapwing.model.what_if import SuiteTimes, TimedTest
from lapwing.units import NS_PER_MS

SCHEDULERS = {
    "load": LoadScheduling,
    "worksteal": WorkStealingScheduling,
    "loadscope": LoadScopeScheduling,
    "loadfile": LoadFileScheduling,
    "loadgroup": LoadGroupScheduling,
}


class Node:
    """A worker as pytest-xdist's schedulers see it, over a queue of ours."""

    def __init__(self, rule, number):
        self.rule, self.number = rule, number
        self.gateway = SimpleNamespace(id=f"gw{number}")
        self.shutting_down = False

    def send_runtest_some(self, indices):
        self.rule.queues.give(self.number, indices)

    def shutdown(self):
        self.shutting_down = True
        self.rule.queues.close(self.number)

    def send_steal(self, indices):
        self.rule.steals.append((self, list(indices)))


class OfXdist:
    """A scheduler of pytest-xdist as a rule of ours."""

    def __init__(self, dist, queues, names):
        workers = len(queues.pending)
        options = {"maxschedchunk": None, "tx": [f"{workers}*popen"], "loadscopereorder": True}
        config = SimpleNamespace(
            getoption=options.__getitem__, getvalue=options.__getitem__, option=SimpleNamespace(**options)
        )
        self.queues, self.steals = queues, []
        self.scheduler = SCHEDULERS[dist](config)
        self.nodes = [Node(self, number) for number in range(workers)]
        for node in self.nodes:
            self.scheduler.add_node(node)
        for node in self.nodes:
            self.scheduler.add_node_collection(node, names)

    def begin(self):
        self.scheduler.schedule()
        self._steal()

    def completed(self, worker, test, time_ns):
        self.scheduler.mark_test_complete(self.nodes[worker], test, time_ns / 1e9)
        self._steal()

    def _steal(self):
        while self.steals:
            node, indices = self.steals.pop()
            queue = self.queues.pending[node.number]
            queue[:] = [test for test in queue if test not in indices]
            self.scheduler.remove_pending_tests_from_node(node, indices)


def run_by_xdist(suite, workers, dist):
    names = [test.nodeid + (f"@{test.group}" if test.group else "") for test in suite.tests]
    return simulate(suite, workers, lambda queues: OfXdist(dist, queues, names))


def suite_of(times_ms, modules=1, groups=()):
    tests = [
        TimedTest(
            f"tests/test_{at % modules}.py::{'TestIt::' if at % 5 == 0 else ''}test_{at}",
            time * NS_PER_MS,
            cpu_share=0.0,
            group=groups[at % len(groups)] if groups else "",
        )
        for at, time in enumerate(times_ms)
    ]
    return SuiteTimes(
        tests=tuple(tests),
        fixtures=(),
        cores=64.0,
        controller_ns=0,
        boot_ns=0,
        collection_ns=0,
        around_ns=0,
        alone_around_ns=0,
        ending_ns=0,
        alone_ending_ns=0,
    )


TIMES = st.lists(st.integers(1, 300), min_size=1, max_size=60)


@pytest.mark.parametrize("dist", SCHEDULERS)
@given(times=TIMES, workers=st.integers(1, 6), modules=st.integers(1, 4))
def test_every_worker_runs_what_pytest_xdist_gives_it_in_the_same_order(dist, times, workers, modules):
    suite = suite_of(times, modules)

    assert simulated_run(suite, workers, dist).tests == run_by_xdist(suite, workers, dist).tests


@given(times=TIMES, workers=st.integers(1, 4))
def test_groups_are_handed_out_as_pytest_xdist_does(times, workers):
    suite = suite_of(times, groups=("db", "", "port", ""))

    ours, theirs = simulated_run(suite, workers, "loadgroup"), run_by_xdist(suite, workers, "loadgroup")
    assert ours.tests == theirs.tests


@pytest.mark.parametrize("dist", [*SCHEDULERS, "lapwing"])
@given(times=TIMES, workers=st.integers(1, 6))
def test_every_test_runs_once(dist, times, workers):
    suite = suite_of(times, 3)

    ran = sorted(test for tests in simulated_run(suite, workers, dist).tests for test in tests)
    assert ran == list(range(len(times)))


def test_the_longest_test_goes_first_and_only_a_short_one_waits_behind_it():
    suite = suite_of([10, 20, 30, 900, 40, 50])

    ran = simulated_run(suite, 2, "lapwing")

    first = [tests[0] for tests in ran.tests]
    assert first == [3, 5]
    assert ran.tests[0] == [3, 0]
    assert max(ran.ends) == pytest.approx(910 * NS_PER_MS, rel=0.01)


@pytest.mark.parametrize("dist", [*SCHEDULERS, "lapwing"])
@given(times=TIMES, workers=st.integers(1, 6))
def test_no_distribution_beats_the_longest_test_or_the_even_share(dist, times, workers):
    suite = suite_of(times)

    makespan = max(simulated_run(suite, workers, dist).ends)
    assert makespan >= max(max(times), sum(times) / workers) * NS_PER_MS * 0.999
