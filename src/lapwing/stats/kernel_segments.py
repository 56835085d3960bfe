"""Cutting a series into stretches of one distribution each, by a kernel: candidates for steps.

`arrays` has a twin with numpy for many series at once; both give the same answer.
"""

import math
from collections.abc import Callable, Sequence
from itertools import accumulate
from typing import Final, NamedTuple

from lapwing.stats.median import median_of_sorted
from lapwing.stats.ranks import mid_ranks

SHORTEST: Final = 3
"""Values in the shortest stretch: two beside each other are an outlier, not a level."""

PENALTY: Final = 1.0
"""Price of a cut in units of ln(number of values): less cuts where nothing changed."""

WIDTH: Final = 0.5
"""Width of the kernel in units of the median distance between two values; a third to one serve alike."""

RANK_WEIGHT: Final = 0.05
"""What ranks weigh beside the kernel. The kernel places steps better and forgives wild values; ranks find
small steps in evenly noisy series. With none a third of those is missed, with 0.2 false ones double."""

PLACE_TRUST: Final = 1.5
"""How many units of log likelihood one unit of cost stands for when a cut is placed."""

TIE: Final = 1e-9
"""Costs that differ by less are equal, and the longer last stretch wins: rounding decides nothing."""

_MOST_FOR_WIDTH: Final = 200  # values from which the width is taken


class Segments(NamedTuple):
    """A series cut into stretches."""

    starts: tuple[int, ...]  # where each stretch but the first begins, rising
    cost: float  # of the cheapest cutting, with its penalties


def segment_all(series: Sequence[Sequence[float]]) -> list[Segments]:
    """Each series cut by itself; the signature that its twin in `arrays` shares."""
    return [segment(values) for values in series]


def place_all(series: Sequence[Sequence[float]], cuts: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The cuts of each series placed by `place`; the signature that its twin in `arrays` shares."""
    return [place(values, own) for values, own in zip(series, cuts, strict=True)]


def segment(values: Sequence[float]) -> Segments:
    """The cheapest way to cut `values` (finite; equal spread at all levels, so logarithms of times).

    A stretch of m values costs its scatter in a space of two features: of the Laplacian kernel
    k = exp(-|x - y| / width), m - (sum of k over all its pairs) / m, less RANK_WEIGHT (sum of its
    standardized ranks)^2 / m, which is the scatter of the ranks but for a constant. Each cut costs
    PENALTY ln n. Kernel change points: Harchaoui & Cappe 2007; Arlot, Celisse & Harchaoui 2019. The search
    is exact, by dynamic programming: time grows with the square of the number of values, memory
    with the number.

    Fewer than two shortest stretches, or all values equal: no cut. Shifting or scaling all values
    changes nothing.
    """
    count = len(values)
    width = kernel_width(values) if count >= 2 * SHORTEST else 0.0
    if not width:
        return Segments((), 0.0)
    scaled = [value / width for value in values]
    ranks = rank_sums(values)
    price = PENALTY * math.log(count)
    exp = math.exp
    best = [-price] + [math.inf] * count  # of the first so many values
    came_from = [0] * (count + 1)
    sums: list[float] = []  # by start of a stretch that ends here: its sum of k over pairs
    for last, value in enumerate(scaled):
        # k of the new value with all before it, summed from it backward: what each stretch gains.
        gains = (
            list(accumulate([exp(-abs(before - value)) for before in scaled[last - 1 :: -1]])) if last else []
        )
        gains.reverse()
        sums = [total + 2 * gain + 1 for total, gain in zip(sums, gains, strict=True)]
        sums.append(1.0)
        end = last + 1
        if end < SHORTEST:
            continue
        reached = ranks[end]
        costs = [
            earlier + size - (total + RANK_WEIGHT * (reached - rank) ** 2) / size
            for earlier, total, rank, size in zip(
                best[: end - SHORTEST + 1], sums, ranks, range(end, 0, -1), strict=False
            )
        ]
        least = min(costs) + TIE
        start = next(at for at, cost in enumerate(costs) if cost <= least)
        best[end] = costs[start] + price
        came_from[end] = start
    return Segments(tuple(cuts_back(came_from, count)), best[count])


def place(values: Sequence[float], cuts: Sequence[int]) -> tuple[int, ...]:
    """`cuts` of `values`, each at the median of all its places between its neighbors.

    A place weighs exp(-PLACE_TRUST cost) of the two stretches that it makes: a clear step stays where
    it is, a blurred one comes to the middle of where it may be.
    """
    width = kernel_width(values)
    if not cuts or not width:
        return tuple(cuts)
    scaled = [value / width for value in values]
    ranks = rank_sums(values)
    return settled(cuts, len(scaled), lambda start, stop: _place(scaled[start:stop], ranks[start : stop + 1]))


def settled(cuts: Sequence[int], count: int, place_in: Callable[[int, int], int]) -> tuple[int, ...]:
    """`cuts` of `count` values, one after the other where `place_in` puts it.

    It is given the stretch between the cut's neighbors, of which those before it have settled already, and
    counts from its beginning.
    """
    placed = list(cuts)
    for at, _ in enumerate(placed):
        start = placed[at - 1] if at else 0
        stop = placed[at + 1] if at + 1 < len(placed) else count
        placed[at] = start + place_in(start, stop)
    return tuple(placed)


def kernel_width(values: Sequence[float]) -> float:
    """WIDTH times the median distance between two values; 0 where all are equal.

    Where more than half of the distances are zero, their mean takes the place of the median.
    """
    values = speaking(values)
    distances = [abs(value - before) for at, value in enumerate(values) for before in values[:at]]
    if not distances:
        return 0.0
    distances.sort()
    return WIDTH * (median_of_sorted(distances) or math.fsum(distances) / len(distances))


def speaking(values: Sequence[float]) -> Sequence[float]:
    """All of `values`, or of more than 200 so many spread evenly: they speak for all."""
    count = len(values)
    if count <= _MOST_FOR_WIDTH:
        return values
    return [values[at * count // _MOST_FOR_WIDTH] for at in range(_MOST_FOR_WIDTH)]


def rank_sums(values: Sequence[float]) -> list[float]:
    """Running sums, from 0, of the ranks of `values` less their mean, in their standard deviations."""
    middle = (len(values) + 1) / 2
    distances = [rank - middle for rank in mid_ranks(values)]
    spread = math.sqrt(math.fsum(distance * distance for distance in distances) / len(distances)) or 1.0
    return list(accumulate([distance / spread for distance in distances], initial=0.0))


def cuts_back(came_from: Sequence[int], count: int) -> list[int]:
    """The cuts on the way to the end of `count` values, rising; each end knows where its stretch began."""
    cuts = []
    while count:
        count = came_from[count]
        cuts.append(count)
    return cuts[-2::-1]


def _place(values: Sequence[float], ranks: Sequence[float]) -> int:
    """The weighted median of the places that cut `values` in two."""
    count = len(values)
    within = _sums_within(values)  # of k over pairs of the first so many values
    behind = _sums_within(values[::-1])[::-1]
    places = range(SHORTEST, count - SHORTEST + 1)
    gains = [
        (within[place] + RANK_WEIGHT * (ranks[place] - ranks[0]) ** 2) / place
        + (behind[place] + RANK_WEIGHT * (ranks[-1] - ranks[place]) ** 2) / (count - place)
        for place in places
    ]
    most = max(gains)
    reached = list(accumulate([math.exp(PLACE_TRUST * (gain - most)) for gain in gains]))
    half = reached[-1] / 2 - TIE
    return next(place for place, weight in zip(places, reached, strict=True) if weight >= half)


def _sums_within(values: Sequence[float]) -> list[float]:
    exp = math.exp
    new = [
        1 + 2 * math.fsum([exp(-abs(before - value)) for before in values[:at]])
        for at, value in enumerate(values)
    ]
    return list(accumulate(new, initial=0.0))
