"""Sleeps that a test asks for since it changed: no machine, however busy, makes a test ask for them."""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.counted import SLEEPS, count_of, least_gap
from lapwing.analysis.gates import severity_of
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.metric import WALL
from lapwing.model.record import Count
from lapwing.model.thresholds import ChangeThresholds
from lapwing.units import NS_PER_MS

_FEWEST_RUNS: Final = 3  # of the baseline, to know how often a test sleeps
_LONGEST_POLL_NS: Final = 100 * NS_PER_MS
"""Loops that wait for something sleep for less at a time, and more often on a slow machine."""

_MOST_OF_IT: Final = 0.5


def added_sleep_ns(before: Sequence[Mapping[str, Count]], after: Sequence[Mapping[str, Count]]) -> int:
    """The time that every run of `after` slept longer than every run of `before`, in nanoseconds.

    0 unless it is sure that no loop merely had to wait longer: as many sleeps in all runs, or none before
    and long ones since; of fewer than three baseline runs as many sleeps, each longer by 100 ms and twice
    as long. `before` and `after` are the counters of one test by run.
    """
    if not before or not after:
        return 0
    return sum(_added(name, before, after) for name in SLEEPS)


def called_by_sleep(comparison: Comparison, added_ns: int, thresholds: ChangeThresholds) -> Comparison:
    """A slowdown that could not be told on a busy machine, as `regressed` where added sleep makes it up."""
    is_open = comparison.verdict is ChangeVerdict.CANNOT_TELL and comparison.worth_a_look
    if not is_open or comparison.metric != WALL.name:
        return comparison
    # The noise of so few runs is guessed; what is plainly added has none.
    is_guessed = comparison.baseline_runs < _FEWEST_RUNS
    if not is_guessed and (comparison.q is None or comparison.q > thresholds.q):
        return comparison
    if comparison.ratio <= 1 or added_ns < _MOST_OF_IT * (comparison.after - comparison.before):
        return comparison
    return comparison._replace(
        verdict=ChangeVerdict.REGRESSED,
        severity=severity_of(comparison.ratio, thresholds.critical),
        worth_a_look=False,
        reason="it asks for longer sleeps, which no other work makes longer",
    )


def _added(name: str, before: Sequence[Mapping[str, Count]], after: Sequence[Mapping[str, Count]]) -> int:
    early = [count_of(counts, name) for counts in before]
    late = [count_of(counts, name) for counts in after]
    added = least_gap([each.time_ns for each in early], [each.time_ns for each in late])
    if added <= 0:
        return 0
    times = {each.count for each in early}
    is_as_often = len(times) == 1 and times == {each.count for each in late}
    if len(before) < _FEWEST_RUNS:  # they do not tell by how much it oversleeps
        least = max(_LONGEST_POLL_NS * max(times), max(each.time_ns for each in early))
        return added if is_as_often and added >= least > 0 else 0
    if is_as_often:
        return added
    is_new = times == {0} and all(each.time_ns >= _LONGEST_POLL_NS * each.count for each in late)
    return added if is_new else 0
