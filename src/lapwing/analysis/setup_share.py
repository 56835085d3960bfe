"""Set-ups beside calls: a slow machine stretches both, a slower fixture only the set-ups.

Both are CPU time of the same tests in the same run, so that what the machine does falls out of their ratio.
"""

import math
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.compare import MOVED_AT_ONCE
from lapwing.analysis.gates import severity_of
from lapwing.analysis.untold import BUSY_MACHINE
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.stats.median import median, weighted_median
from lapwing.stats.student_t import t_quantile
from lapwing.units import format_duration

BY_SET_UPS: Final = "set-ups compute longer than calls of the same tests have it: not the machine"
WITH_OTHERS: Final = f"{MOVED_AT_ONCE}, and it did so, too"

_FEWEST_RUNS: Final = 3  # of the baseline, to know how much the ratio varies
_LEAST_SPREAD: Final = 0.03  # ln; three runs may agree by luck
_LEAST_CALLS: Final = 5.0  # absolute floors that calls must compute for, to be a measure
_LEAST_SHARE: Final = 0.25  # of what a fixture takes longer by the wall that set-ups must compute longer


class Phases(Value):
    """CPU time of one test, nanoseconds."""

    setup_ns: int
    call_ns: int


def set_ups_compute_longer_ns(
    before: Sequence[Mapping[str, Phases]],
    after: Sequence[Mapping[str, Phases]],
    thresholds: ChangeThresholds,
) -> float:
    """By how much set-ups compute longer than calls have it, all tests together, in nanoseconds.

    `before` and `after` have the tests of a run by node id; those that all runs have count. How fast the
    machine was in a run is the median over tests of their calls against their usual ones, weighed by these:
    a call that changed by itself moves little. 0 unless it is sure: what set-ups took at an equal machine
    is in every run of `after` over that in every one of `before`, by over the threshold of
    sums, the absolute floor, and Student's t at `q` of the spread of `before` (divisor n - 1).
    """
    runs = [*before, *after]
    if len(before) < _FEWEST_RUNS or not after:
        return 0.0
    common = set(runs[0]).intersection(*runs[1:])
    usual = {each: median([run[each].call_ns for run in before]) or 0.0 for each in common}
    setups = [sum([run[each].setup_ns for each in common]) for run in runs]
    if sum(usual.values()) <= _LEAST_CALLS * thresholds.min_change_ns or min(setups) <= 0:
        return 0.0
    logs = [math.log(spent) - _speed(run, usual) for spent, run in zip(setups, runs, strict=True)]
    early, late = logs[: len(before)], logs[len(before) :]
    center = sum(early) / len(early)
    variance = sum((each - center) ** 2 for each in early) / (len(early) - 1)
    error = max(math.sqrt(variance), _LEAST_SPREAD) * math.sqrt(1 / len(early) + 1 / len(late))
    change = (median(late) or 0.0) - center
    enough = max(math.log1p(thresholds.suite_warning), t_quantile(1 - thresholds.q, len(early) - 1) * error)
    if min(late) <= max(early) or change <= enough:
        return 0.0
    more_ns = (median(setups[len(before) :]) or 0.0) * (1 - math.exp(-change))
    return more_ns if more_ns > thresholds.min_change_ns else 0.0


def _speed(run: Mapping[str, Phases], usual: Mapping[str, float]) -> float:
    """ln of how much longer calls take in `run` than usual."""
    known = [(run[each].call_ns, spent) for each, spent in usual.items() if spent and run[each].call_ns]
    return (
        weighted_median([math.log(now / spent) for now, spent in known], [each for _, each in known]) or 0.0
    )


def looks_slower(fixture: Comparison) -> bool:
    """Whether a fixture is slower, or would be called so if the machine were not busy."""
    is_open = fixture.worth_a_look and fixture.reason == BUSY_MACHINE
    return is_open or fixture.verdict is ChangeVerdict.REGRESSED


def called_by_set_ups(
    fixtures: Sequence[Comparison], more_ns: float, thresholds: ChangeThresholds
) -> tuple[Comparison, ...]:
    """`fixtures` with the one that grew most as `regressed` where set-ups that compute longer fit it.

    `more_ns` is by how much they do. A fixture that grew by far less is not what they take longer by.
    """
    most = max(filter(looks_slower, fixtures), key=lambda each: each.after - each.before, default=None)
    if most is None or not more_ns:
        return tuple(fixtures)
    grown_ns = most.after - most.before
    if more_ns < _LEAST_SHARE * grown_ns or grown_ns < _LEAST_SHARE * more_ns:
        return tuple(fixtures)
    called = most._replace(
        verdict=ChangeVerdict.REGRESSED,
        severity=severity_of(most.ratio, thresholds.suite_critical),
        worth_a_look=False,
        reason=BY_SET_UPS,
    )
    return tuple(called if each is most else each for each in fixtures)


class NewSetUps(Value):
    """The fixture that took longest of those that the baseline does not have."""

    name: str
    took_ns: float
    more_ns: float  # by which new fixtures take longer than those that are gone


def newly_set_up(before: Sequence[RunSamples], after: Sequence[RunSamples]) -> NewSetUps | None:
    """What fixtures that are new in `after` took, medians over runs of their sums; None without any."""
    old, new = _known(before), _known(after)
    added = {name: spent for name, spent in new.items() if name not in old}
    if not added:
        return None
    name = max(added, key=added.__getitem__)
    gone_ns = sum([spent for name, spent in old.items() if name not in new])
    return NewSetUps(name, added[name], sum(added.values()) - gone_ns)


def _known(runs: Sequence[RunSamples]) -> dict[str, float]:
    spent: dict[str, list[int]] = {}
    for run in runs:
        for name, wall_ns in zip(run.subjects, run.wall_ns, strict=True):
            spent.setdefault(name, []).append(wall_ns)
    return {name: median(values) or 0.0 for name, values in spent.items()}


def reason_by_set_ups(fixtures: Sequence[Comparison], more_ns: float, new: NewSetUps | None) -> str:
    """What is to be said of a suite of which half changed at once; "" where no fixture is known to be it.

    `more_ns` is by how much set-ups compute longer than calls have it.
    """
    called = next((each for each in fixtures if each.reason == BY_SET_UPS), None)
    grown_ns = 0.0 if called is None else called.after - called.before
    if new is not None and more_ns and new.more_ns >= max(_LEAST_SHARE * more_ns, grown_ns):
        took = f"new: {format_duration(new.took_ns)}"
        return f"{MOVED_AT_ONCE}, with the set-up of {new.name} ({took}): {BY_SET_UPS}"
    if called is None:
        return ""
    took = f"{format_duration(called.before)} → {format_duration(called.after)}"
    return f"{MOVED_AT_ONCE}, with the set-up of {called.nodeid} ({took}): {BY_SET_UPS}"
