"""Numbers of a chart as words, and as places on an axis."""

import math
from collections.abc import Sequence

from lapwing.report.chart import Scale
from lapwing.units import NS_PER_S, format_duration, format_share, format_size


def shown(value: float, scale: Scale) -> str:
    """A value for people."""
    if scale is Scale.DURATION:
        return format_duration(value)
    if scale is Scale.SIZE:
        return format_size(value)
    if scale is Scale.SHARE:
        return format_share(value)
    return f"{value:,.0f}" if value == int(value) else f"{value:,.3g}"


def round_up(value: float, scale: Scale) -> float:
    """The smallest end of an axis from zero that is not under `value` and can be halved roundly.

    Ends are 1, 2, 4, 6 or 10 times a power of ten; of durations over a minute, such times a minute.
    """
    if value < 1e-9 or not math.isfinite(value):
        return 1.0
    unit = 60.0 * NS_PER_S if scale is Scale.DURATION and value > 60 * NS_PER_S else 1.0
    size = value / unit
    power = 10.0 ** math.floor(math.log10(size))
    return unit * power * next((step for step in (1, 2, 4, 6, 10) if step * power >= size * (1 - 1e-9)), 10)


def quantile(ordered: Sequence[float], q: float) -> float:
    """The value at share `q` of ordered values, between neighbors in proportion (type 7). Not empty."""
    place = q * (len(ordered) - 1)
    low = int(place)
    high = min(low + 1, len(ordered) - 1)
    return ordered[low] + (ordered[high] - ordered[low]) * (place - low)
