"""Sums over runs of one day, for what is left of them when they go. No connection."""

from collections.abc import Iterable, Mapping, Sequence

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
