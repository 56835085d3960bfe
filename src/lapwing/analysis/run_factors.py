"""How fast the machine was in each run of a history: what many tests did at once was the machine."""

import math
from collections.abc import Callable, Sequence
from typing import Final

from lapwing.analysis.columns import SHORTEST_NS, Raw
from lapwing.model.series import RunSamples
from lapwing.stats.median import median_of_sorted

FEWEST_TESTS: Final = 30
"""Tests of a run under which its machine cannot be told from its tests."""

_SWEEPS: Final = 4
"""Sweeps of the median polish: after two or three nothing moves any more."""

_LEAST_SHARE: Final = 0.5  # of the runs in which a test must be measured to speak for the machine


def run_factors(
    runs: Sequence[RunSamples], raw: Callable[[RunSamples], Raw], *, without: str | None = None
) -> list[float | None]:
    """How many times slower than in the middle run the machine was, for each run; None if unknown.

    Median polish (Tukey 1977) of ln time over runs and tests: a run's factor is the median over its tests of
    time by the test's own median over runs. A test must be measured in half of the runs, and a run have
    FEWEST_TESTS of them. `without` is left out, so that a test's own steps are not taken for the machine.
    """
    logs = [_logs(run, raw, without) for run in runs]
    counts: dict[str, int] = {}
    for column in logs:
        for subject in column:
            counts[subject] = counts.get(subject, 0) + 1
    common = {subject for subject, count in counts.items() if count >= max(2, _LEAST_SHARE * len(runs))}
    kept = [{subject: value for subject, value in column.items() if subject in common} for column in logs]
    known = [at for at, column in enumerate(kept) if len(column) >= FEWEST_TESTS]
    shifts = dict.fromkeys(known, 0.0)
    by_subject: dict[str, list[tuple[int, float]]] = {subject: [] for subject in common}
    for at in known:
        for subject, value in kept[at].items():
            by_subject[subject].append((at, value))
    measured = [(subject, values) for subject, values in by_subject.items() if values]
    for _ in range(_SWEEPS):
        before = dict(shifts)
        centers = {
            subject: median_of_sorted(sorted([value - shifts[at] for at, value in values]))
            for subject, values in measured
        }
        for at in known:
            shifts[at] = median_of_sorted(
                sorted([value - centers[subject] for subject, value in kept[at].items()])
            )
        if shifts == before:
            break
    middle = median_of_sorted(sorted(shifts.values())) if shifts else 0.0
    return [math.exp(shifts[at] - middle) if at in shifts else None for at in range(len(runs))]


def _logs(run: RunSamples, raw: Callable[[RunSamples], Raw], without: str | None) -> dict[str, float]:
    values = raw(run)
    if len(values) != len(run.subjects):
        return {}
    return {
        subject: math.log(max(value, SHORTEST_NS))
        for subject, value in zip(run.subjects, values, strict=True)
        if value is not None and subject != without
    }
