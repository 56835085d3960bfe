"""Tests that are flaky in time: two modes, or single runs that take far longer than the others."""

from collections.abc import Mapping, Sequence

from lapwing.analysis.change_points import series_changes
from lapwing.analysis.many_series import cutter_for
from lapwing.model.change import Shape
from lapwing.model.stability import FlakyTime
from lapwing.stats.median import median_of_sorted
from lapwing.stats.wilson import wilson_interval

_FLAKY = (Shape.BIMODAL, Shape.HEAVY_TAILED)


def flaky_times(series: Mapping[str, Sequence[float]]) -> tuple[FlakyTime, ...]:
    """Of tests with their times (ns, the machine taken out, oldest first) those that are flaky.

    In order of the time that their slow runs cost over the median.
    """
    changes = series_changes(list(series.values()), cutter=cutter_for(len(series)))
    found = []
    for (nodeid, values), change in zip(series.items(), changes, strict=True):
        if change.shape not in _FLAKY:
            continue
        share = change.tail_share if change.upper_share is None else change.upper_share
        middle = median_of_sorted(sorted(values))
        flaky = FlakyTime(
            nodeid=nodeid,
            shape=change.shape,
            runs=len(values),
            median_ns=middle,
            worst_ns=max(values),
            modes=change.modes,
            upper_share=change.upper_share,
            tail_share=change.tail_share,
            interval=wilson_interval(round(share * len(values)), len(values)),
        )
        found.append((sum(max(0.0, value - middle) for value in values), flaky))
    return tuple(flaky for _, flaky in sorted(found, key=lambda each: (-each[0], each[1].nodeid)))
