"""Both sides of a comparison, row by row, with the machine taken out."""

import math
from collections.abc import Sequence

from lapwing.analysis.arithmetic import Arithmetic
from lapwing.analysis.known_center import KnownCenter
from lapwing.analysis.noise import Spread, own_spread
from lapwing.analysis.spikes import KnownSpikes
from lapwing.model.value import Value
from lapwing.stats.median import median_difference_unit, median_variance
from lapwing.stats.shift import shift, shift_variance


class Sides(Value):
    """Both sides row by row, ln of the values, the machine taken out."""

    before: Sequence[Sequence[float]] | None  # sorted values by row; None for a baseline file
    after: list[Sequence[float]]
    centers: list[float]
    counts: list[int]
    known: list[KnownCenter] | None
    again: list[Sequence[float]]  # of `after` those of confirming runs; empty without such runs
    arithmetic: Arithmetic  # what made `before`
    spikes: KnownSpikes | None = None  # of a baseline file that knows them

    def spread(self, row: int) -> Spread | None:
        """Of one value, about the medians of both sides; None where there are too few values."""
        if self.before is not None:
            return own_spread(self.before[row], self.after[row])
        assert self.known is not None
        return self.known[row].spread_with(self.after[row])

    def unit(self, row: int, count: int = 0) -> float:
        """Standard deviation of the difference of medians, if one value has variance 1.

        `count` values after the change, or if 0 all.
        """
        return median_difference_unit(self.counts[row], count or len(self.after[row]))

    def shift(self, row: int, after: Sequence[float]) -> float:
        """How far `after` lies over the baseline, by all of its values where they are known."""
        before = (self.centers[row],) if self.before is None else self.before[row]
        found = shift(before, after)
        assert found is not None
        return found

    def shift_unit(self, row: int, count: int) -> float:
        """Standard deviation of the shift of `count` values, if one value has variance 1."""
        if self.before is None:  # a median is all that is known
            return math.sqrt(median_variance(self.counts[row]) + math.pi / 3 / count)
        return math.sqrt(shift_variance(self.counts[row], count))

    def first_unit(self, row: int) -> float:
        """The same without confirming runs."""
        return self.unit(row, len(self.after[row]) - (len(self.again[row]) if self.again else 0))

    def shown(self, row: int) -> tuple[float, float]:
        """What the baseline has shown: lowest and highest, without one bad run of five or more."""
        if self.before is not None:
            return range_shown(self.before[row])
        assert self.known is not None
        return self.known[row].shown()


def range_shown(values: Sequence[float]) -> tuple[float, float]:
    """Lowest and highest of rising `values`, without one bad run of five or more."""
    return (values[1], values[-2]) if len(values) >= 5 else (values[0], values[-1])
