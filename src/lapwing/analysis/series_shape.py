"""How a series lies around its levels: steadily, at two places in turn, or with wild single values."""

import math
from collections.abc import Sequence
from itertools import pairwise
from typing import Final

from lapwing.model.change import SeriesChange, Shape
from lapwing.stats.median import median_of_sorted
from lapwing.stats.two_modes import two_modes

TAIL_FACTOR: Final = 3.0
"""A value of over three times its level is wild."""

_TAIL_SHARE: Final = 0.02  # of wild values, from which a series is heavy-tailed: one in fifty runs
_LEAST_WILD: Final = 2  # such values: a single one may be whatever the machine did in that run
_FEWEST: Final = 15  # values under which two modes cannot be told from one
_SEPARATION: Final = 6.0  # Ashman's D; a normal, uniform or Laplacian sample of 15 or more has it in under 3%
_LEAST_SHARE: Final = 0.1  # of values at the rarer mode
_LEAST_MODE: Final = 3  # values at it
_LEAST_GAP: Final = math.log(1.1)  # modes nearer to each other disturb nobody
_SWITCHES: Final = 3  # both levels were left and come back to


def back_and_forth(values: Sequence[float], cuts: Sequence[int]) -> SeriesChange | None:
    """The series as bimodal, where its levels between `cuts` are two in turn; else None.

    Up and down at least three times, the levels of each kind nearer to each other than half of the
    way between the kinds: then no cut is a step that lasted.
    """
    if len(cuts) < _SWITCHES:
        return None
    edges = [0, *cuts, len(values)]
    levels = [median_of_sorted(sorted(values[start:stop])) for start, stop in pairwise(edges)]
    kinds = sorted((levels[::2], levels[1::2]), key=max)
    below, above = kinds
    gap = min(above) - max(below)
    if gap <= 0 or max(max(kind) - min(kind) for kind in kinds) > gap / 2:
        return None
    middle = max(below) + gap / 2
    upper = [value for value in values if value > middle]
    lower = [value for value in values if value <= middle]
    return SeriesChange(
        steps=(),
        shape=Shape.BIMODAL,
        modes=(median_of_sorted(sorted(lower)), median_of_sorted(sorted(upper))),
        upper_share=len(upper) / len(values),
    )


def shape_of(residuals: Sequence[float], level: float, *, is_log: bool) -> SeriesChange:
    """The shape of a series by its distances from its levels, without its steps.

    `level` is the newest one, in the unit of the series; modes are told beside it. Distances on
    another than the log scale are steady or too short only.
    """
    if not is_log:
        return SeriesChange(steps=(), shape=Shape.STEADY)
    count = len(residuals)
    wild = sum(value > math.log(TAIL_FACTOR) for value in residuals)
    tail = wild / count
    found = two_modes(residuals) if count >= _FEWEST else None
    if found is not None:
        rarer = min(found.upper, count - found.upper)
        if (
            rarer >= max(_LEAST_MODE, _LEAST_SHARE * count)
            and found.separation >= _SEPARATION
            and found.above - found.below >= _LEAST_GAP
        ):
            return SeriesChange(
                steps=(),
                shape=Shape.BIMODAL,
                modes=(level * math.exp(found.below), level * math.exp(found.above)),
                upper_share=found.upper / count,
                tail_share=tail,
            )
    shape = Shape.HEAVY_TAILED if wild >= _LEAST_WILD and tail >= _TAIL_SHARE else Shape.STEADY
    return SeriesChange(steps=(), shape=shape, tail_share=tail)
