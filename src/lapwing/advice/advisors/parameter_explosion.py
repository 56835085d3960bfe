"""Tests whose parameters are combined each with each."""

from collections.abc import Iterator, Sequence
from math import prod
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.parametrized import by_function
from lapwing.advice.proposal import Proposal
from lapwing.model.ids import split_node_id
from lapwing.model.suggestion import Confidence
from lapwing.model.what_if import TimedTest
from lapwing.units import format_duration

_LEAST_SHARE: Final = 0.05
_LEAST_TESTS: Final = 12


def advise(facts: Facts) -> Iterator[Proposal]:
    """Every pair of values once, instead of every combination."""
    for name, tests in by_function(facts.suite.tests).items():
        total = sum(test.own_ns for test in tests)
        sizes = _axes([split_node_id(test.nodeid).params or "" for test in tests])
        if len(tests) < _LEAST_TESTS or total < _LEAST_SHARE * facts.work_ns or len(sizes) < 2:
            continue
        kept = max(1, prod(sizes[:2]))  # a table of all pairs needs at least as many rows
        if len(sizes) == 2:
            kept = max(sizes)  # every value once
        if kept >= len(tests):
            continue
        dropped = set(_spread(tests, kept))
        yield Proposal(
            advisor="parameter-explosion",
            title=f"{name} runs {' × '.join(map(str, sizes))} = {len(tests)} combinations, "
            f"{format_duration(total)}",
            change=f"About {kept} cases meet "
            f"{'every value' if len(sizes) == 2 else 'every pair of values'}: write them out, or let a "
            "table of pairs choose them.",
            confidence=Confidence.MEDIUM,
            suite=facts.suite._replace(
                tests=tuple(test for test in facts.suite.tests if test.nodeid not in dropped)
            ),
            span=(0.7, 1.05),
            evidence=(f"{format_duration(total // len(tests))} for each of {len(tests)} combinations",),
            where=facts.sources.tests.get(name, name),
            risk="A fault that only a combination of three values shows, or of two where each value is "
            "met once, is no longer found.",
        )


def _axes(params: Sequence[str]) -> list[int]:
    """How many values each parameter has, the largest first; empty where they are no full product.

    pytest joins the values' names with `-`.
    """
    parts = [text.split("-") for text in params]
    if len({len(each) for each in parts}) != 1:
        return []
    sizes = sorted((len(set(column)) for column in zip(*parts, strict=True)), reverse=True)
    sizes = [size for size in sizes if size > 1]
    return sizes if prod(sizes) == len(params) else []


def _spread(tests: Sequence[TimedTest], kept: int) -> list[str]:
    """The node ids to drop so that `kept` tests of all times stay."""
    ranked = sorted(tests, key=lambda test: (test.own_ns, test.nodeid))
    keep = {round(at * (len(ranked) - 1) / max(1, kept - 1)) for at in range(kept)}
    return [test.nodeid for at, test in enumerate(ranked) if at not in keep]
