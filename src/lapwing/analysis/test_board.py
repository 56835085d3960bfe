"""Samples of some runs to one row per test."""

from collections.abc import Sequence
from typing import Final

from lapwing.model.series import RunSamples
from lapwing.model.test_board import TestStanding
from lapwing.stats.quantiles import quantile

_FEWEST: Final = 6  # runs of which the halves are compared


def test_standings(runs: Sequence[RunSamples]) -> tuple[TestStanding, ...]:
    """Every test of `runs` (oldest first), the most expensive first."""
    walls: dict[str, list[int]] = {}
    cpus: dict[str, list[int]] = {}
    peaks: dict[str, int] = {}
    categories: dict[str, str] = {}
    for run in runs:
        for nodeid, wall_ns in zip(run.subjects, run.wall_ns, strict=True):
            walls.setdefault(nodeid, []).append(wall_ns)
        for nodeid, cpu_ns in zip(run.subjects, run.cpu_ns, strict=True):
            if cpu_ns is not None:
                cpus.setdefault(nodeid, []).append(cpu_ns)
        if run.peak_bytes:
            for nodeid, peak in zip(run.subjects, run.peak_bytes, strict=True):
                if peak is not None and peak > peaks.get(nodeid, -1):
                    peaks[nodeid] = peak
        if run.categories:
            categories.update(zip(run.subjects, run.categories, strict=True))
    rows = [
        _standing(nodeid, values, cpus.get(nodeid), peaks.get(nodeid), categories.get(nodeid, ""))
        for nodeid, values in walls.items()
    ]
    return tuple(sorted(rows, key=lambda row: (-row.total_ns, row.nodeid)))


test_standings.__test__ = False  # type: ignore[attr-defined]


def _standing(
    nodeid: str, walls: Sequence[int], cpus: Sequence[int] | None, peak: int | None, category: str
) -> TestStanding:
    ordered = sorted(walls)
    middle = _at(ordered, 0.5)
    half = len(walls) // 2
    early = _at(sorted(walls[:half]), 0.5) if len(walls) >= _FEWEST else 0
    return TestStanding(
        nodeid=nodeid,
        category=category,
        runs=len(walls),
        total_ns=sum(walls),
        p50_ns=middle,
        p95_ns=_at(ordered, 0.95),
        p99_ns=_at(ordered, 0.99),
        cpu_ns=_at(sorted(cpus), 0.5) if cpus else None,
        peak_bytes=peak,
        spread=(_at(ordered, 0.75) - _at(ordered, 0.25)) / middle if middle else 0.0,
        change=_at(sorted(walls[half:]), 0.5) / early if early else None,
        last_ns=walls[-1],
    )


def _at(ordered: Sequence[int], q: float) -> int:
    return round(quantile(ordered, q) or 0)
