"""Ranks of a sample."""

from collections.abc import Sequence
from itertools import groupby


def mid_ranks(values: Sequence[float]) -> list[float]:
    """The rank of each value from 1; equal values share the middle of their ranks."""
    ranks = [0.0] * len(values)
    before = 0
    for _, group in groupby(sorted(range(len(values)), key=values.__getitem__), key=values.__getitem__):
        places = list(group)
        for place in places:
            ranks[place] = before + (len(places) + 1) / 2
        before += len(places)
    return ranks
