"""Sums over runs of one day, for what is left of them when they go. No connection."""

from collections.abc import Iterable, Mapping, Sequence

from lapwing.model.day import DaySummary

DaySum = tuple[int, int, int, int]
"""Runs in which a test passed; the sum, least and most of its wall times in ns."""


def day_sums(runs: Iterable[Mapping[str, Sequence[int]]]) -> dict[int, DaySum]:
    """The sums of each test by number; a run is its columns `test` and `wall_ns`."""
    sums: dict[int, DaySum] = {}
    for columns in runs:
        for test, wall_ns in zip(columns["test"], columns["wall_ns"], strict=True):
            count, total, least, most = sums.get(test, (0, 0, wall_ns, wall_ns))
            sums[test] = (count + 1, total + wall_ns, min(least, wall_ns), max(most, wall_ns))
    return sums


def without_back(days: Iterable[DaySummary], back: Iterable[tuple[int, int]]) -> list[DaySummary]:
    """The days without runs that were read in again, given as day and wall time in ns.

    Whoever sees those runs beside the days would see them twice. The least and most of a day may be theirs.
    """
    taken: dict[int, tuple[int, int]] = {}
    for day, wall_ns in back:
        runs, total = taken.get(day, (0, 0))
        taken[day] = (runs + 1, total + wall_ns)
    left = []
    for each in days:
        runs, total = taken.get(each.day, (0, 0))
        if each.runs > runs:
            left.append(each._replace(runs=each.runs - runs, total_ns=each.total_ns - total))
    return left
