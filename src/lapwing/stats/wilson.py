"""A share with its interval."""

import math

from lapwing.stats.student_t import t_quantile


def wilson_interval(hits: int, count: int, *, confidence: float = 0.95) -> tuple[float, float]:
    """Interval of the share behind `hits` of `count` independent trials (Wilson 1927).

    Without correction for continuity. (0, 1) without trials. Raises ValueError where hits do not lie
    within 0..count, or the confidence not between 0 and 1.
    """
    if not 0 <= hits <= count:
        raise ValueError(f"hits lie between 0 and the number of trials {count}, got {hits}")
    if not 0 < confidence < 1:
        raise ValueError(f"a confidence lies between 0 and 1, got {confidence}")
    if not count:
        return 0.0, 1.0
    z = t_quantile(0.5 + confidence / 2, math.inf)
    share, extra = hits / count, z * z / count
    middle = (share + extra / 2) / (1 + extra)
    reach = z / (1 + extra) * math.sqrt(share * (1 - share) / count + extra / (4 * count))
    return (
        max(0.0, middle - reach) if hits else 0.0,
        min(1.0, middle + reach) if hits < count else 1.0,
    )
