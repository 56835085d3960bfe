"""Which runs are a test's baseline: since an accepted step or a lasting improvement, up to an open slowdown.

A window of twenty runs forgets slowly, and learns what it should not. Without this an accepted slowdown
would be reported until half of the window shows it, last month's improvement could be lost again unseen,
and a slowdown that nobody accepted would pass for normal as soon as it was in the window itself.
"""

import math
from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from lapwing.analysis.change_points import series_change
from lapwing.analysis.columns import SHORTEST_NS
from lapwing.analysis.run_factors import run_factors
from lapwing.analysis.scheduling import wall
from lapwing.model.series import RunSamples
from lapwing.model.value import Value
from lapwing.stats.kernel_segments import SHORTEST
from lapwing.stats.median import median, median_of_sorted

_WORTH_A_LOOK: Final = math.log(1.1)  # a change of late by less leaves the window as it is
_MOST_LOOKED_AT: Final = 200  # tests; if more changed at once, the largest changes come first
_FEWEST_BEFORE: Final = 5  # values over which a young slowdown must lie
_SPEAKING: Final = 200  # tests from which the machine factor of the runs is estimated


class Bounds(Value):
    """Moments (ns since the epoch) between which a test's runs are its baseline; None: no bound."""

    start: int | None = None  # runs before it are out
    end: int | None = None  # runs from it on are out


def within(
    runs: Sequence[RunSamples], started_at_ns: Mapping[str, int], bounds: Mapping[str, Bounds]
) -> list[RunSamples]:
    """`runs` without the tests in `bounds` where they ran outside of theirs.

    `started_at_ns` gives the start of each run by its id.
    """
    return [
        run.only(
            set(run.subjects)
            - {name for name, own in bounds.items() if _is_out(own, started_at_ns[run.run_id])}
        )
        for run in runs
    ]


def baseline_bounds(
    baseline: Sequence[RunSamples],
    judged: Sequence[RunSamples],
    started_at_ns: Mapping[str, int],
    accepted: Mapping[str, int],
    *,
    lasting: int,
) -> dict[str, Bounds]:
    """Bounds of the tests that have some.

    `accepted` are moments at which accepted levels began, by test. Of the others those whose last step in
    baseline and judged runs is an improvement that lasted `lasting` runs begin there, and those whose
    last step is a slowdown end there: until it is accepted it is compared with what was before. A quick
    look at medians, the suite's own taken out, chooses whom to look at closely.
    """
    bounds = {name: Bounds(start=at) for name, at in accepted.items()}
    ordered = [*sorted(baseline, key=lambda run: started_at_ns[run.run_id]), *judged]
    candidates = _changed_of_late(ordered, lasting, (name for run in judged for name in run.subjects))
    if not candidates:
        return bounds
    factors = run_factors(_some(ordered), wall)
    columns = [dict(zip(run.subjects, run.wall_ns, strict=True)) for run in ordered]
    for name in candidates:
        start = accepted.get(name)
        measured = [
            at
            for at, (run, column) in enumerate(zip(ordered, columns, strict=True))
            if name in column and (start is None or started_at_ns.get(run.run_id, start) >= start)
        ]
        values = [max(columns[at][name], SHORTEST_NS) / (factors[at] or 1.0) for at in measured]
        last = next(reversed(series_change(values).steps), None)
        slower = last.at if last is not None and last.after > last.before else _young_slowdown(values)
        if slower is not None:
            bounds[name] = Bounds(start, started_at_ns.get(ordered[measured[slower]].run_id))
        elif last is not None and len(values) - last.at >= lasting + len(judged):
            bounds[name] = Bounds(started_at_ns.get(ordered[measured[last.at]].run_id))
    return bounds


def _young_slowdown(values: Sequence[float]) -> int | None:
    """Where the last values, three to five, begin to lie over every one before, too few to be a step.

    Of twenty values in random order the last three are the largest once in 1,140 times.
    """
    for newest in range(SHORTEST + 2, SHORTEST - 1, -1):
        before, after = values[:-newest], values[-newest:]
        if len(before) < _FEWEST_BEFORE:
            continue
        level = median_of_sorted(sorted(before))
        if min(after) > max(before) and math.log(min(after) / level) > _WORTH_A_LOOK:
            return len(before)
    return None


def _is_out(bounds: Bounds, moment: int) -> bool:
    return (bounds.start is not None and moment < bounds.start) or (
        bounds.end is not None and moment >= bounds.end
    )


def _changed_of_late(runs: Sequence[RunSamples], lasting: int, judged: Iterable[str]) -> list[str]:
    """The `judged` tests whose last values lie clearly lower or higher than those before, the most first."""
    series: dict[str, list[int]] = {name: [] for name in judged}
    for run in runs:
        for name, value in zip(run.subjects, run.wall_ns, strict=True):
            if name in series:
                series[name].append(value)
    found: dict[str, float] = {}
    for newest in (SHORTEST, lasting):
        shifts = {
            name: math.log(_level(values[-newest:]) / _level(values[:-newest]))
            for name, values in series.items()
            if len(values) >= newest + SHORTEST
        }
        common = median(list(shifts.values())) or 0.0
        for name, shift in shifts.items():
            if abs(shift - common) > _WORTH_A_LOOK:
                found[name] = max(abs(shift - common), found.get(name, 0.0))
    return sorted(found, key=lambda name: -found[name])[:_MOST_LOOKED_AT]


def _level(values: Sequence[int]) -> float:
    return max(median_of_sorted(sorted(values)), SHORTEST_NS)


def _some(runs: Sequence[RunSamples]) -> list[RunSamples]:
    """The runs with some of their tests, the longest: enough to see the machine."""
    newest = runs[-1]
    ranked = sorted(range(len(newest.subjects)), key=newest.wall_ns.__getitem__, reverse=True)
    speaking = {newest.subjects[at] for at in ranked[:_SPEAKING]}
    return [run.only(speaking) for run in runs]
