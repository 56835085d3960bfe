"""What benchmarks measured in some runs, as one level per metric."""

import math
from collections.abc import Iterable, Sequence
from typing import Final

from lapwing.model.baseline import MeasuredEntry
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.value import Value
from lapwing.stats.median import median, median_of_sorted
from lapwing.stats.spread import MAD_TO_SD, mad, robust_variance

Key = tuple[str, str, str]
"""Test, benchmark, metric."""

_LEAST: Final = 1e-9  # of whatever unit: what is nothing has no logarithm


class Level(Value):
    """One metric of one benchmark over some runs."""

    record: BenchmarkRecord  # of the newest run
    logs: tuple[float, ...]  # per run, ln of the median of its samples; sorted
    means: tuple[float, ...]  # per run, the mean of its samples
    within: float = 0.0  # robust standard deviation of ln(sample) inside the newest run

    @property
    def center(self) -> float:
        """ln of the level."""
        return median_of_sorted(self.logs)


def levels(runs: Sequence[Iterable[BenchmarkRecord]]) -> dict[Key, Level]:
    """The level of every metric that `runs` (newest first) measured.

    Of a benchmark that was repeated in one run, all samples count together. What has no samples, or
    other values than numbers over zero or equal to it, is left out.
    """
    found: dict[Key, tuple[BenchmarkRecord, list[float], list[float]]] = {}
    for run in runs:
        joined: dict[Key, list[float]] = {}
        newest: dict[Key, BenchmarkRecord] = {}
        for record in run:
            key = record.nodeid, record.name, record.metric
            joined.setdefault(key, []).extend(record.samples)
            newest[key] = record
        for key, samples in joined.items():
            center = median(samples)
            if center is None or not 0 <= center < math.inf:
                continue
            known = found.setdefault(key, (newest[key], [], []))
            if known[0].unit == newest[key].unit:
                known[1].append(math.log(max(center, _LEAST)))
                known[2].append(math.fsum(samples) / len(samples))
    return {
        key: Level(record, tuple(sorted(logs)), tuple(means), _within(record.samples))
        for key, (record, logs, means) in found.items()
    }


def _within(samples: Sequence[float]) -> float:
    logs = [math.log(max(each, _LEAST)) for each in samples]
    center = median(logs)
    spread = mad([each - (center or 0.0) for each in logs])
    return MAD_TO_SD * (spread or 0.0)


def measured_entries(runs: Sequence[Iterable[BenchmarkRecord]]) -> tuple[MeasuredEntry, ...]:
    """The levels of `runs` (newest first) as entries of a baseline file, sorted."""
    return tuple(_entry(key, level) for key, level in sorted(levels(runs).items()))


def _entry(key: Key, level: Level) -> MeasuredEntry:
    center = level.center
    variance = robust_variance([each - center for each in level.logs], len(level.logs) - 1)
    return MeasuredEntry(
        *key,
        unit=level.record.unit,
        value=math.exp(center),
        mean=median(level.means) or 0.0,
        runs=len(level.logs),
        spread=None if variance is None else math.sqrt(variance),
        higher_is_better=level.record.higher_is_better,
        metadata=level.record.metadata,
    )
