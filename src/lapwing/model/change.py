"""What one test's values did over runs: steps, and whether they lie around one level."""

from enum import StrEnum

from lapwing.model.value import Value


class Step(Value):
    """A lasting change between two neighboring values of a series."""

    at: int  # index of the first value of the new level, 1 or more
    before: float  # level up to there: median, in the unit of the series
    after: float  # level from there to the next step
    ratio: float | None  # after / before; None where the values are not all over zero
    interval: tuple[float, float] | None  # of the ratio, at 95%
    p: float  # two-sided, neighbors' resemblance taken into account


class Shape(StrEnum):
    """How the values of a series lie around their levels."""

    STEADY = "steady"
    BIMODAL = "bimodal"  # back and forth between two levels
    HEAVY_TAILED = "heavy_tailed"  # single values far above the level
    TOO_SHORT = "too_short"  # too few values to tell


class SeriesChange(Value):
    """A series looked at as a whole."""

    steps: tuple[Step, ...]  # oldest first
    shape: Shape
    modes: tuple[float, float] | None = None  # the two levels of a bimodal series, in its unit
    upper_share: float | None = None  # of the values at the upper one
    tail_share: float = 0.0  # of values over three times the median of their level
