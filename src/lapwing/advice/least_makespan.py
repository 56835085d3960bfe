"""The least time that some parts need when so many of them run side by side."""

from collections.abc import Sequence


def least_makespan(times: Sequence[int], shards: int) -> int:
    """The smallest T that three conditions allow; no split of `times` (ns, >= 0) has a shorter longest shard.

    The sum must fit into `shards` times T; the longest part must fit into T; and of the parts longer than
    T / 3, of which a shard takes two at most, all must fit, the longest ones alone and the others in pairs
    of a longest with a shortest. This is a dual bound after Hochbaum and Shmoys (1987); where Graham's rule
    ends on a part longer than T / 3 that rule is optimal (Graham 1969), else its last part adds at most T / 3
    to the mean: so `longest_first` never exceeds 4/3 of it.
    """
    ordered = sorted(times, reverse=True)
    if not ordered:
        return 0
    low = max(ordered[0], -(-sum(ordered) // shards))
    high = max(low, sum(ordered))
    while low < high:
        middle = (low + high) // 2
        if _fits(ordered, shards, middle):
            high = middle
        else:
            low = middle + 1
    return low


def _fits(ordered: Sequence[int], shards: int, makespan: int) -> bool:
    """Whether the parts longer than a third of `makespan` fit, at most two to a shard."""
    long = [time for time in ordered if 3 * time > makespan]
    if len(long) <= shards:
        return True
    if len(long) > 2 * shards:
        return False
    paired = long[2 * shards - len(long) :]
    half = len(paired) // 2
    return all(
        first + second <= makespan
        for first, second in zip(paired[:half], reversed(paired[half:]), strict=True)
    )
