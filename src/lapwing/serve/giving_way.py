"""Who gives way where all places are taken: whoever has clearly more of them than the one who comes."""

from collections import Counter
from collections.abc import Hashable, Iterable


def who_gives_way(holders: Iterable[Hashable], to: Hashable) -> Hashable | None:
    """Of `holders`, one for each place, whoever has most, if that is at least two more than `to` has.

    None where nobody has: among equals no place changes hands. There is at least one place.
    """
    taken = Counter(holders)
    greediest, has = taken.most_common(1)[0]
    return None if has < taken[to] + 2 else greediest
