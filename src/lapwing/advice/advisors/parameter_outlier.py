"""Single parameters for which a test takes many times as long."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.cut import cut
from lapwing.advice.facts import Facts
from lapwing.advice.parametrized import by_function
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import format_duration

_LEAST_TESTS: Final = 4
_TIMES: Final = 5
_LEAST_SHARE: Final = 0.03


def advise(facts: Facts) -> Iterator[Proposal]:
    """A smaller value that shows the same."""
    for name, tests in by_function(facts.suite.tests).items():
        usual = sorted(test.own_ns for test in tests)[len(tests) // 2]
        slow = {test.nodeid: test.own_ns - usual for test in tests if test.own_ns > _TIMES * max(1, usual)}
        over = sum(slow.values())
        if len(tests) < _LEAST_TESTS or len(slow) * 4 > len(tests) or over < _LEAST_SHARE * facts.work_ns:
            continue
        ranked = sorted(slow, key=lambda nodeid: (-slow[nodeid], nodeid))
        yield Proposal(
            advisor="parameter-outlier",
            title=f"{len(slow)} of {len(tests)} parameters of {name} take {format_duration(over)} more "
            f"than the usual {format_duration(usual)}",
            change="Choose a smaller value that shows the same, or move the large one to a nightly run.",
            confidence=Confidence.MEDIUM,
            suite=cut(facts.suite, slow, computing=True),
            span=(0.6, 1.05),
            evidence=tuple(f"{format_duration(slow[nodeid] + usual)}: {nodeid}" for nodeid in ranked[:5]),
            where=facts.sources.tests.get(name, ranked[0]),
            risk="What only the large value shows is no longer tested in every run.",
        )
