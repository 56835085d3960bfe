"""Comparing what probes counted: no machine stretches a count, and it has no noise to learn.

A test asks as many queries as its code says. So each moved count is compared by itself, and shown; a
limit on it is a budget's, and no judgment becomes `regressed` by one.
"""

import math
from collections.abc import Callable, Mapping, Sequence
from typing import Final

from lapwing.analysis.counted import count_of, least_gap
from lapwing.analysis.exact import exact_comparison
from lapwing.analysis.gates import UNCHANGED, Judged, severity_of
from lapwing.analysis.limits import Limits
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.metric import COUNTER_PREFIX, Unit, metric_named
from lapwing.model.record import Count
from lapwing.model.thresholds import ChangeThresholds
from lapwing.stats.median import median_of_sorted

MORE_IS_BETTER: Final = frozenset({"cache_hits"})

Counted = Mapping[str, Mapping[str, Count]]
"""Of one run: by test that passed, what was counted in it."""

BY_CHANCE: Final = frozenset({"thread_wait", "loop_wait"})
"""How often one thread waits for another, or a loop for what comes, chance decides as much as the code."""

_LEAST_RUNS: Final = 2  # waits that look again and again sleep as often as the machine makes them
_WIDTHS: Final = 3
"""So many times what the baseline varies by must a count lie off: few runs do not show how far polls go."""


def compare_counters(before: Sequence[Counted], after: Sequence[Counted], limits: Limits) -> list[Comparison]:
    """Comparisons of the counts, in the order of the first judged run, that differ among the runs of a test.

    `regressed` or `improved` where the runs of the two sides lie three times as far from each other as those
    of the baseline, and the ratio is over the threshold, `cannot_tell` where there is one baseline run only,
    `unchanged` otherwise. A probe that counted nothing on one side, in any test, may have been switched off
    there, and is left out; its name up to the first underscore says which probe counted.
    """
    probes = _probes(before) & _probes(after)
    if not probes:
        return []
    tests = dict.fromkeys(nodeid for run in after for nodeid in run)
    names = sorted(
        {name for run in (*before, *after) for counts in run.values() for name in counts} - BY_CHANCE
    )
    thresholds_of = {
        name: limits.by_subject(metric_named(COUNTER_PREFIX + name))
        for name in names
        if _probe(name) in probes
    }
    made = []
    for nodeid in tests:
        early = [run[nodeid] for run in before if nodeid in run]
        late = [run[nodeid] for run in after if nodeid in run]
        if early and late:
            made += _of_test(nodeid, early, late, thresholds_of)
    return made


def _of_test(
    nodeid: str,
    before: Sequence[Mapping[str, Count]],
    after: Sequence[Mapping[str, Count]],
    thresholds_of: Mapping[str, Callable[[str], ChangeThresholds]],
) -> list[Comparison]:
    made = []
    for name in sorted({name for counts in (*before, *after) for name in counts} & thresholds_of.keys()):
        early = sorted([count_of(counts, name).count for counts in before])
        late = sorted([count_of(counts, name).count for counts in after])
        if min(early[0], late[0]) < max(early[-1], late[-1]):
            made.append(_compare(nodeid, name, early, late, thresholds_of[name](nodeid)))
    return made


def _compare(
    nodeid: str, name: str, before: list[int], after: list[int], thresholds: ChangeThresholds
) -> Comparison:
    early, late = median_of_sorted(before), median_of_sorted(after)
    ratio = late / early if early else math.inf if late else 1.0
    judged = _judge(name, before, after, ratio, thresholds)
    return exact_comparison(
        nodeid,
        COUNTER_PREFIX + name,
        Unit.COUNT,
        before=early,
        after=late,
        ratio=ratio,
        runs=(len(before), len(after)),
        judged=judged,
    )


def _judge(
    name: str, before: Sequence[int], after: Sequence[int], ratio: float, thresholds: ChangeThresholds
) -> Judged:
    gap = least_gap(before, after)
    if not gap:
        return Judged(ChangeVerdict.UNCHANGED, reason="within what the baseline has shown")
    if abs(gap) < _WIDTHS * (before[-1] - before[0]):
        return Judged(ChangeVerdict.UNCHANGED, reason="such counts vary in the baseline, too")
    is_more = gap > 0
    by = ratio if is_more else 1 / ratio if ratio else math.inf
    if by <= 1 + thresholds.warning:
        return UNCHANGED
    if len(before) < _LEAST_RUNS:
        return Judged(
            ChangeVerdict.CANNOT_TELL,
            reason="one baseline run does not show whether it is the same each time",
        )
    if is_more is (name in MORE_IS_BETTER):
        return Judged(ChangeVerdict.IMPROVED)
    return Judged(ChangeVerdict.REGRESSED, severity_of(by, thresholds.critical))


def _probes(runs: Sequence[Counted]) -> set[str]:
    return {_probe(name) for run in runs for counts in run.values() for name in counts}


def _probe(name: str) -> str:
    return name.partition("_")[0]
