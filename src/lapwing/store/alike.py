"""Which of the tests that took about as long as another are read at the least cost. No connection.

Numbers of tests that are near each other lie in one block, or on one page, of every run: a history asks
for tens of tests over tens of runs, and each other place costs a look-up in each of them.
"""

from bisect import bisect_left
from collections.abc import Sequence
from typing import Final

SHORTEST_NS: Final = 1_000
"""Shorter times are taken as a microsecond."""

ONE_IN: Final = 25
"""One test of so many in a run is of "about" the same duration."""

_CHOICE: Final = 3  # candidates for each that is chosen, or those of one place were all there are

_TOGETHER: Final = 64  # numbers that are taken to lie in one place
_MOST_OF_ONE: Final = 8  # from one place: what slows a whole module down is not to speak for the machine


def pool_size(tests: int, most: int) -> int:
    """Among how many of a run's `tests`, the nearest by duration, `most` are chosen."""
    return max(_CHOICE * most, tests // ONE_IN)


def nearest(tests: Sequence[int], took: Sequence[int], wall_ns: int, size: int) -> list[int]:
    """The `size` of `tests` whose wall times are nearest to `wall_ns` by ratio, nearest first.

    What they `took`, in nanoseconds, stands beside them.
    """
    if not tests or size < 1:
        return []
    own = max(wall_ns, SHORTEST_NS)
    # Sorting ten thousand numbers takes a tenth of ranking as many pairs.
    ordered = sorted(took)
    low = high = bisect_left(ordered, own)
    while high - low < min(size, len(ordered)):
        is_lower_nearer = low > 0 and (
            high == len(ordered) or ordered[high] * max(ordered[low - 1], SHORTEST_NS) >= own * own
        )
        low, high = (low - 1, high) if is_lower_nearer else (low, high + 1)
    least, most = ordered[low], ordered[high - 1]
    found = [
        (_ratio(each, own), number) for number, each in zip(tests, took, strict=True) if least <= each <= most
    ]
    return [number for _, number in sorted(found)[:size]]


def _ratio(took: int, own: int) -> float:
    floored = max(took, SHORTEST_NS)
    return max(floored / own, own / floored)


def gathered(ranked: Sequence[int], most: int) -> list[int]:
    """At most `most` of these numbers of tests, given nearest first, from as few places as that allows."""
    if len(ranked) <= most:
        return list(ranked)
    places: dict[int, list[int]] = {}
    for number in ranked:
        places.setdefault(number // _TOGETHER, []).append(number)
    fullest = sorted(places.values(), key=len, reverse=True)
    chosen = dict.fromkeys(number for place in fullest for number in place[:_MOST_OF_ONE])
    return [*chosen, *(number for number in ranked if number not in chosen)][:most]
