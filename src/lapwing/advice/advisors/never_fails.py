"""Tests that have never failed and cost much: candidates for a nightly run."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_count, format_duration

_LEAST_RUNS: Final = 10
_LEAST_SHARE: Final = 0.02  # of the time of all tests, for one of them
_MOST: Final = 10


def advise(facts: Facts) -> Iterator[Proposal]:
    """Leave them out of every run, and keep them in one a day."""
    history = facts.history
    least_ns = _LEAST_SHARE * facts.work_ns
    costly = [
        test
        for test in facts.suite.tests
        if test.own_ns >= least_ns
        and test.nodeid not in history.failed
        and history.passed.get(test.nodeid, 0) >= _LEAST_RUNS
    ]
    costly = sorted(costly, key=lambda test: -test.own_ns)[:_MOST]
    if not costly or len(costly) == len(facts.suite.tests):
        return
    left_out = {test.nodeid for test in costly}
    total = sum(test.own_ns for test in costly)
    runs = min(history.passed[test.nodeid] for test in costly)
    yield Proposal(
        advisor="never-fails",
        title=f"{format_count(len(costly), 'test')} never failed in {runs} runs and "
        f"{'takes' if len(costly) == 1 else 'take'} {format_duration(total)}",
        change="Mark them (nightly), leave them out by default with -m 'not nightly', and run them once a "
        "day.",
        confidence=Confidence.LOW,
        suite=facts.suite._replace(
            tests=tuple(test for test in facts.suite.tests if test.nodeid not in left_out)
        ),
        evidence=tuple(f"{format_duration(test.own_ns)}: {test.nodeid}" for test in costly[:5]),
        where=facts.place_of(costly[0].nodeid),
        risk="What they would find is found a day later.",
    )
