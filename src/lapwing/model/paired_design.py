"""When a paired comparison looks at its evidence, and what each look may spend of its error."""

import math

from lapwing.model.value import Value

PAIRS = 10
"""Pairs before the first look."""

MOST_PAIRS = 40
"""Pairs after which it ends, clear or not."""

ERROR = 0.01
"""Chance of one clock to call equal code changed, at whatever look; two clocks make 2%."""

NEGLIGIBLE = 0.05
"""A smaller change counts as none."""

_FIRST_SHARE = 0.4
_LOOKS = (1.0, 1.5, 2.0, 3.0, 4.0)


class Design(Value):
    """A sequential plan. It looks after `pairs` of them, then after 1.5, 2, 3, 4 times as many.

    Each look may err with its own part of `error`, the first with 40% of it, the later ones with equal
    parts of the rest. The parts add up to `error`, so that, by Boole's inequality, looking several
    times does not make the whole err more often, however the looks depend on each other.
    """

    pairs: int = PAIRS
    most_pairs: int = MOST_PAIRS
    error: float = ERROR
    negligible: float = NEGLIGIBLE

    @property
    def looks(self) -> tuple[int, ...]:
        """Numbers of pairs at which the evidence is looked at, the last one always `most_pairs`."""
        most = max(self.pairs, self.most_pairs)
        planned = {math.ceil(self.pairs * times) for times in _LOOKS}
        return (*sorted(look for look in planned if look < most), most)

    def spending(self, look: int) -> float:
        """The error that look number `look` (from 0) may spend."""
        later = len(self.looks) - 1
        if not later:
            return self.error
        return self.error * (_FIRST_SHARE if look == 0 else (1 - _FIRST_SHARE) / later)
