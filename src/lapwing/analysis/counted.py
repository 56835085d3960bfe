"""What the runs of two sides counted of one thing."""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.model.record import Count

SLEEPS: Final = ("sleep", "async_sleep")
"""Counters of time that a test slept."""

_NOTHING: Final = Count(0)


def count_of(counts: Mapping[str, Count], name: str) -> Count:
    """What was counted under `name`; no event where there is none."""
    return counts.get(name, _NOTHING)


def least_gap(before: Sequence[int], after: Sequence[int]) -> int:
    """From the nearest of `before` to the nearest of `after`; 0 where the two sides overlap."""
    if min(after) > max(before):
        return min(after) - max(before)
    return min(0, max(after) - min(before))
