"""Would more pairs tell more? When a paired comparison that is not clear yet may end all the same."""

import math
from typing import Final

from lapwing.analysis.paired import is_clear
from lapwing.model.comparison import Comparison
from lapwing.model.paired import PairedComparison
from lapwing.model.paired_design import Design
from lapwing.stats.student_t import t_quantile

_HOPE: Final = 0.05
"""Chance to get clear from which on more pairs are worth their time."""


def is_settled(judged: PairedComparison, design: Design, limit: float | None = None) -> bool:
    """Whether more pairs would only cost time: the answer is clear, or hardly can become so.

    `limit` is as in `judge_pairs`. To end without a verdict calls nothing, so nothing is wrong more often.
    """
    return is_clear(judged) or (bool(judged.comparisons) and chance_of_clear(judged, design, limit) < _HOPE)


def chance_of_clear(judged: PairedComparison, design: Design, limit: float | None = None) -> float:
    """The chance that the last look of `design` finds `judged` clear, as things stand.

    The center of all pairs is foretold to lie around that of the pairs so far, with the variance
    s² (1 - n / N), where s is the standard error now, n the pairs so far and N all of them; its interval is
    to shrink with the root of the number of pairs (predictive power, as in Spiegelhalter, Freedman and
    Blackburn 1986). The clock that decides may come to any verdict, the other only to a change. 1 where the
    pairs so far bound nothing.
    """
    if not judged.comparisons:
        return 1.0
    deciding, *others = judged.comparisons
    chances = [_chance(deciding, judged.pairs, design, limit, is_deciding=True)]
    chances += [_chance(each, judged.pairs, design, None, is_deciding=False) for each in others]
    return max(chances)


def _chance(
    clock: Comparison, pairs: int, design: Design, limit: float | None, *, is_deciding: bool
) -> float:
    most = design.looks[-1]
    if clock.interval is None or pairs < 2:
        return 1.0
    if pairs >= most:
        return 0.0
    look = max((at for at, count in enumerate(design.looks) if count <= pairs), default=0)
    center, (low, high) = math.log(clock.ratio), (math.log(each) for each in clock.interval)
    error = (high - low) / 2 / t_quantile(1 - design.spending(look) / 2, pairs - 1)
    last_error = error * math.sqrt(pairs / most)
    width = last_error * t_quantile(1 - design.spending(len(design.looks) - 1) / 2, most - 1)
    spread = error * math.sqrt(1 - pairs / most)
    negligible = math.log1p(design.negligible)
    moved = max(width, negligible)
    slower = 1 - _below(moved, center, spread)
    faster = _below(-moved, center, spread)
    if not is_deciding:
        return slower + faster
    if limit is not None:
        return min(1.0, slower + _below(max(math.log1p(limit) - width, -moved), center, spread))
    room = negligible - width
    same = _below(room, center, spread) - _below(-room, center, spread) if room > 0 else 0.0
    return slower + faster + same


def _below(value: float, center: float, spread: float) -> float:
    """P(X <= `value`) of a normal X."""
    if spread <= 0:
        return float(center <= value)
    return (1 + math.erf((value - center) / spread / math.sqrt(2))) / 2
