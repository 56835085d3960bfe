"""Spikes: a pause of the interpreter or the machine that lands in some test of a run, in any of them.

A garbage collection of 50 ms strikes another test in every run. The median of three runs does not
see it, a single judged run does, and the spread of the test it struck knows nothing of it. What does
are the spikes that other tests have had: how often was there one of this size?
"""

import math
from bisect import bisect_left, bisect_right
from collections.abc import Sequence
from itertools import accumulate
from typing import Final

from lapwing.analysis.arithmetic import Arithmetic
from lapwing.model.value import Value
from lapwing.stats import columns as lists

MARGIN: Final = 1.5
"""A change that stands for itself is larger than any spike by this factor."""

_AS_LONG: Final = math.log(2)  # tests up to twice as long are likes: longer ones vary by more


class KnownSpikes(Value):
    """Spikes that a baseline file knows: the largest of its runs."""

    sizes: Sequence[float]  # excesses in nanoseconds
    lengths: Sequence[float]  # ln durations of the tests that had them
    runs: int


class Spikes:
    """Excesses, in nanoseconds over a test's own level, of which every one is noise."""

    def __init__(
        self,
        sizes: Sequence[float],
        lengths: Sequence[float],
        centers: Sequence[float],
        cells: int,
        arithmetic: Arithmetic = lists,
    ) -> None:
        """`sizes` are the excesses and `lengths` beside them ln durations of the tests that had them.

        `centers` are ln durations of all tests, `cells` looks at each.
        """
        self._sizes, rising = arithmetic.rising(sizes, lengths)
        self._lengths = rising[::-1]  # the largest spike's first
        self._shortest = list(accumulate(self._lengths, min))
        self._blocks: dict[int, list[float]] = {}
        self._centers = sorted(centers)
        self._cells = cells

    def chance(self, excess: float, center: float, *, unseen: int) -> float:
        """How often a test no longer than twice exp(`center`) spikes by `excess` or more.

        (unseen + spikes) / (1 + looks). With `unseen` 1 it is the p value of a permutation test
        (Phipson and Smyth 2010), right where the test's own spread is not known. With 0 that spread
        decides alone where no such spike was seen; counting one more costs 4 points of detection.
        """
        looks = self._cells * bisect_right(self._centers, center + _AS_LONG)
        return (unseen + self._count(excess, center)) / (1 + looks)

    def are_smaller(self, excess: float, center: float) -> bool:
        """Whether no spike of a test as long comes near `excess`."""
        larger = self._larger(excess / MARGIN)
        return larger == 0 or self._shortest[larger - 1] > center + _AS_LONG

    def _larger(self, excess: float) -> int:
        return len(self._sizes) - bisect_left(self._sizes, excess)

    def _count(self, excess: float, center: float) -> int:
        """Spikes of `excess` or more of tests as long, in O(log^2 n): noisy suites ask thousands of times.

        The largest spikes are the blocks of a Fenwick tree, each sorted by duration when first asked for.
        """
        longest, stop, count = center + _AS_LONG, self._larger(excess), 0
        while stop:
            start = stop & (stop - 1)
            if stop not in self._blocks:
                self._blocks[stop] = sorted(self._lengths[start:stop])
            count += bisect_right(self._blocks[stop], longest)
            stop = start
        return count


def spikes_up(
    before: Sequence[Sequence[float]] | None,
    centers: Sequence[float],
    changes: Sequence[float],
    least_ns: float,
    arithmetic: Arithmetic = lists,
    known: KnownSpikes | None = None,
) -> Spikes:
    """Spikes that slow a judged run: those of the baseline's runs, and falls of the judged one.

    A fall counts because a spike that struck the baseline looks like one. `before` are sorted ln
    values by row, made by `arithmetic` (None for a baseline file, which may have `known` some), `changes` ln
    ratios by row; spikes under `least_ns` are left out.
    """
    sizes, lengths = _falls(centers, changes, least_ns)
    if before is None:
        if known is None:
            return Spikes(sizes, lengths, centers, 1, arithmetic)
        sizes, lengths = [*sizes, *known.sizes], [*lengths, *known.lengths]
        return Spikes(sizes, lengths, centers, 1 + known.runs, arithmetic)
    runs = max(arithmetic.counts(before), default=0)
    more, of = arithmetic.excesses(before, centers, least_ns)
    cells = 1 + (runs if runs > 1 else 0)
    return Spikes(
        arithmetic.joined([sizes, more]), arithmetic.joined([lengths, of]), centers, cells, arithmetic
    )


def spikes_down(centers: Sequence[float], changes: Sequence[float], least_ns: float) -> Spikes:
    """Spikes that a single baseline run may have had: as often as tests of the judged run have grown."""
    return Spikes(*_falls(centers, [-change for change in changes], least_ns), centers, 1)


def _falls(
    centers: Sequence[float], changes: Sequence[float], least_ns: float
) -> tuple[list[float], list[float]]:
    sizes: list[float] = []
    lengths: list[float] = []
    for center, change in zip(centers, changes, strict=True):
        if change < 0:
            fall = math.exp(center) * (1 - math.exp(change))
            if fall >= least_ns:
                sizes.append(fall)
                lengths.append(center)
    return sizes, lengths
