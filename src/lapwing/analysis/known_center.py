"""What a baseline file knows of one test: a center, a spread and a number of runs, in place of values."""

import math
from collections.abc import Sequence

from lapwing.analysis.noise import LEAST_VARIANCE, Spread, own_spread
from lapwing.model.value import Value
from lapwing.stats.student_t import t_quantile


class KnownCenter(Value):
    """One metric of one test in a baseline file."""

    center: float  # ln of the median
    runs: int
    spread: float | None  # standard deviation of one value, ln

    def spread_with(self, after: Sequence[float]) -> Spread | None:
        """Its spread pooled with that of the judged values (ln); None where neither side has one."""
        own = own_spread((self.center,), after)
        if self.spread is None or self.runs < 2:
            return own
        freedom = self.runs - 1
        if own is None:
            return Spread(max(self.spread**2, LEAST_VARIANCE), freedom)
        total = freedom + own.freedom
        return Spread((freedom * self.spread**2 + own.freedom * own.variance) / total, total)

    def shown(self) -> tuple[float, float]:
        """About what its runs have shown: lowest and highest, without one bad run of five or more."""
        # Blom's approximation of normal order statistics, through the t quantile at infinite freedom.
        reach = 0.0
        if self.spread is not None and self.runs > 1:
            rank = self.runs - 1 if self.runs >= 5 else self.runs
            reach = self.spread * t_quantile((rank - 0.375) / (self.runs + 0.25), math.inf)
        return self.center - reach, self.center + reach
