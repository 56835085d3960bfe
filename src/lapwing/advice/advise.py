"""What would make a run faster: every advisor is asked, every proposal is simulated."""

from collections.abc import Callable, Iterable
from typing import Final

from lapwing.advice.advisors import (
    coverage,
    distribution,
    duplicate_setup,
    garbage_collector,
    heavy_imports,
    heavy_plugins,
    long_test,
    network,
    never_fails,
    parallel,
    parameter_explosion,
    parameter_outlier,
    repeated_queries,
    setup_methods,
    sleeping,
    subprocesses,
    wider_fixture,
    wrong_category,
)
from lapwing.advice.facts import Facts
from lapwing.advice.proposal import Proposal
from lapwing.advice.what_if import what_if, work_saved_ns
from lapwing.model.suggestion import Confidence, Suggestion
from lapwing.units import NS_PER_MS

ADVISORS: Final[tuple[Callable[[Facts], Iterable[Proposal]], ...]] = (
    wider_fixture.advise,
    duplicate_setup.advise,
    setup_methods.advise,
    sleeping.advise,
    network.advise,
    subprocesses.advise,
    repeated_queries.advise,
    heavy_imports.advise,
    heavy_plugins.advise,
    parameter_explosion.advise,
    parameter_outlier.advise,
    long_test.advise,
    parallel.advise,
    distribution.advise,
    never_fails.advise,
    wrong_category.advise,
    garbage_collector.advise,
    coverage.advise,
)

CHANCE: Final = {Confidence.HIGH: 0.9, Confidence.MEDIUM: 0.6, Confidence.LOW: 0.3}
"""How likely advice of a confidence can be followed; what is expected of it is its gain times this."""

LEAST_NS: Final = 50 * NS_PER_MS
LEAST_SHARE: Final = 0.01
SIMULATION_ERROR: Final = 0.1
"""Relative error of a simulated makespan, by `benchmarks/what_if.py`: intervals are wider by it."""


def advise(facts: Facts) -> tuple[Suggestion, ...]:
    """The suggestions of all advisors, the largest expected gain first.

    A gain is the simulated makespan as it was less that after the change, with the workers and the
    distribution of the run where the change is not about them. What gains less than 50 ms or 1% of the
    run is left out, unless it is told for another reason than time.
    """
    found = [_suggestion(proposal, facts) for ask in ADVISORS for proposal in ask(facts)]
    worthy = [each for each, is_gainful in found if not is_gainful or _is_worth_it(each, facts)]
    return tuple(sorted(worthy, key=lambda each: (-each.gain_ns * CHANCE[each.confidence], each.title)))


def _suggestion(proposal: Proposal, facts: Facts) -> tuple[Suggestion, bool]:
    gain = 0
    if proposal.is_gainful:
        workers = facts.now.workers if proposal.workers is None else proposal.workers
        dist = proposal.dist or facts.now.dist
        suite = proposal.suite
        after = facts.tried(workers, dist) if suite is None else what_if(suite, workers, dist)
        gain = max(0, facts.now.makespan_ns - after.makespan_ns)
        is_as_it_ran = (workers, dist) == (facts.now.workers, facts.now.dist)
        if gain and suite is not None and proposal.takes_out and is_as_it_ran and workers:
            gain = max(0, min(gain, round(work_saved_ns(facts.suite, suite, workers))))
    least, most = proposal.span
    suggestion = Suggestion(
        advisor=proposal.advisor,
        title=proposal.title,
        change=proposal.change,
        gain_ns=gain,
        low_ns=round(gain * min(1.0, least) * (1 - SIMULATION_ERROR)),
        high_ns=round(gain * max(1.0, most) * (1 + SIMULATION_ERROR)),
        confidence=proposal.confidence,
        evidence=proposal.evidence,
        where=proposal.where,
        risk=proposal.risk,
    )
    return suggestion, proposal.is_gainful


def _is_worth_it(suggestion: Suggestion, facts: Facts) -> bool:
    return suggestion.gain_ns >= max(LEAST_NS, LEAST_SHARE * facts.now.makespan_ns)
