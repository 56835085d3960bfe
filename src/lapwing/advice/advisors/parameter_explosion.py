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

    pytest joins the values' names with `-`, which a name may have in it, too: parameters are taken off one by
    one from either side, and what is no product then is the names of one.
    """
    left = {tuple(text.split("-")) for text in params}
    if len(left) != len(params):
        return []
    sizes: list[int] = []
    while len(left) > 1:
        beside = _taken_off(left)
        if beside is None:
            sizes.append(len(left))
            break
        size, left = beside
        sizes.append(size)
    return sorted((size for size in sizes if size > 1), reverse=True)


_Name = tuple[str, ...]


def _taken_off(names: set[_Name]) -> tuple[int, set[_Name]] | None:
    """How many values an outer parameter has, and what stands beside each of them; None: not the same."""
    if () in names:
        return None
    for at, others in ((0, slice(1, None)), (-1, slice(None, -1))):
        parts: dict[str, set[_Name]] = {}
        for name in names:
            parts.setdefault(name[at], set()).add(name[others])
        first, *rest = parts.values()
        if all(each == first for each in rest):
            return len(parts), first
    return None


def _spread(tests: Sequence[TimedTest], kept: int) -> list[str]:
    """The node ids to drop so that `kept` tests of all times stay."""
    ranked = sorted(tests, key=lambda test: (test.own_ns, test.nodeid))
    keep = {round(at * (len(ranked) - 1) / max(1, kept - 1)) for at in range(kept)}
    return [test.nodeid for at, test in enumerate(ranked) if at not in keep]
