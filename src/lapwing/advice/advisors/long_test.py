"""One test that is longer than a worker's share: no distribution can make the run shorter than it."""

from collections.abc import Iterator
from math import ceil

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_duration


def advise(facts: Facts) -> Iterator[Proposal]:
    """Split it, so that workers can share it."""
    workers = facts.now.workers
    if workers < 2 or not facts.suite.tests:
        return
    longest = max(facts.suite.tests, key=lambda test: test.own_ns)
    share = facts.work_ns // workers
    if longest.own_ns <= share:
        return
    rest = (facts.work_ns - longest.own_ns) // workers
    parts = min(64, max(2, ceil(longest.own_ns / max(1, rest, longest.own_ns // 8))))
    part = longest._replace(own_ns=longest.own_ns // parts)
    tests = [test for test in facts.suite.tests if test is not longest]
    at = facts.suite.tests.index(longest)
    tests[at:at] = [part._replace(nodeid=f"{longest.nodeid}/{number}") for number in range(parts)]
    yield Proposal(
        advisor="long-test",
        title=f"one test takes {format_duration(longest.own_ns)}, more than a worker's share of "
        f"{format_duration(share)}",
        change=f"Split it into {parts} tests or more that can run side by side.",
        confidence=Confidence.MEDIUM,
        suite=facts.suite._replace(tests=tuple(tests)),
        takes_out=False,
        span=(0.6, 1.05),
        evidence=(f"{format_duration(longest.own_ns)}: {longest.nodeid}",),
        where=facts.place_of(longest.nodeid),
    )
