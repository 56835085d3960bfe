"""A robust trend of many values against one other quantity, such as noise against duration."""

from bisect import bisect_right
from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Final, Self

from lapwing.stats.median import median_of_sorted
from lapwing.stats.quantiles import quantile

_CELLS: Final = 8  # steps between two knots: a jump between steps is far under the noise
_GROWTH: Final = 1.5
_MOST_MEMBERS: Final = 101


class MedianTrend:
    """A running median over `positions`, taken at knots and joined by straight lines.

    The windows count `first` members at the high end and grow by half toward the low end; a last
    one too small to stand alone joins its neighbor. Of a large window evenly spaced members stand
    for all. Beyond the outer knots the trend is level.
    Why windows: an exact running median costs a sorted insertion for every test of every run.
    """

    def __init__(self, members: list[list[int]], knots: list[float], cells: list[int]) -> None:
        self.members = members  # per knot, rising: indexes into the positions
        self.knots = knots
        self.cells = cells  # per position: where in a table from `table` its value stands

    @classmethod
    def over(cls, positions: Sequence[float], first: int) -> Self:
        """The windows for `positions` (at least one), the first of `first` members."""
        order = sorted(range(len(positions)), key=positions.__getitem__, reverse=True)
        members: list[list[int]] = []
        knots: list[float] = []
        start, size = 0, float(first)
        while start < len(order):
            stop = start + int(size)
            if len(order) - stop < size:
                stop = len(order)
            window = order[start:stop]
            knots.append(positions[window[len(window) >> 1]])
            stride = -(-len(window) // _MOST_MEMBERS)
            members.append(window[::stride])
            start, size = stop, size * _GROWTH
        members.reverse()
        knots.reverse()
        return cls(members, knots, [_cell(position, knots) for position in positions])

    def levels(
        self,
        value_at: Callable[[int], float | None],
        q: float = 0.5,
    ) -> list[float]:
        """Per knot the quantile `q` of the values of its members; None is left out.

        A window without values takes the level of all; 0 where there is no value at all.
        """
        parts = [[value for value in map(value_at, window) if value is not None] for window in self.members]
        if not all(parts):
            everything = [value for part in parts for value in part] or [0.0]
            parts = [part or everything for part in parts]
        if q == 0.5:
            return [median_of_sorted(sorted(part)) for part in parts]
        return [quantile(part, q) or 0.0 for part in parts]

    def table(self, levels: Sequence[float]) -> list[float]:
        """The trend through `levels` at every cell."""
        values = []
        for low, high in pairwise(levels):
            step = (high - low) / _CELLS
            values += [low + step * cell for cell in range(_CELLS)]
        values.append(levels[-1])
        return values


def _cell(position: float, knots: list[float]) -> int:
    after = bisect_right(knots, position)
    if after == 0:
        return 0
    if after == len(knots):
        return (after - 1) * _CELLS
    low, high = knots[after - 1], knots[after]
    return (after - 1) * _CELLS + int((position - low) / (high - low) * _CELLS + 0.5)
