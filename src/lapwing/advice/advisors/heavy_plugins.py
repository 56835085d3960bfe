"""Plugins of pytest that every process of a run loads, whether its tests use them or not."""

from collections.abc import Iterator
from typing import Final

from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.model.suggestion import Confidence
from lapwing.units import NS_PER_MS, format_duration, format_share

_LEAST_NS: Final = 200 * NS_PER_MS
_USUAL_NS: Final = 130 * NS_PER_MS  # of pytest's own work and plugins that import nothing heavy
_UNUSED: Final = 0.5  # of what is left; which of them a suite needs only its people know
_PREFIXES: Final = ("pytest-", "pytest_")
_OTHERS: Final = frozenset({"anyio", "faker", "hypothesis", "schemathesis", "syrupy", "typeguard"})


def advise(facts: Facts) -> Iterator[Proposal]:
    """Load only the plugins that the suite uses."""
    conftests = facts.conftests_ns
    if conftests is None:
        return
    spent = facts.suite.controller_ns - conftests
    saved = round(_UNUSED * (spent - _USUAL_NS))
    plugins = sorted(name for name in facts.recorded.run.packages if _is_plugin(name))
    if saved < _LEAST_NS or not plugins:
        return
    yield Proposal(
        advisor="heavy-plugins",
        title=f"pytest and its plugins take {format_duration(spent)} to load in every process, "
        f"{format_share(spent / max(1, facts.now.makespan_ns))} of the run",
        change="Switch off those that this suite does not use with '-p no:NAME' in addopts, or set "
        "PYTEST_DISABLE_PLUGIN_AUTOLOAD=1 and name those that it does with '-p NAME'; what they cost shows "
        "'lapwing why --imports'.",
        confidence=Confidence.LOW,
        suite=facts.started_sooner(saved),
        span=(0.0, 1 / _UNUSED),
        evidence=(f"installed: {', '.join(plugins)}",),
        where="addopts",
        risk="A plugin that some test needs is missed only where that test runs.",
    )


def _is_plugin(package: str) -> bool:
    return package.lower().startswith(_PREFIXES) or package.lower() in _OTHERS
