"""How well found steps fit known ones.

A found step counts if it lies within five places of a known one; each serves once. F1 and cover of series
that several people marked are those of the Turing Change Point Benchmark (van den Burg & Williams 2020):
precision over the union of the annotators, recall averaged over them, cover likewise; the beginning of a
series counts as a step that all know and all find.
"""

from collections.abc import Mapping, Sequence
from itertools import pairwise

MARGIN = 5

Labels = Mapping[str, Sequence[int]]


def hits(known: Sequence[int], found: Sequence[int]) -> int:
    """Known steps that have a found one of their own, the nearest, within MARGIN."""
    left = set(found)
    count = 0
    for place in sorted(known):
        near = [at for at in left if abs(at - place) <= MARGIN]
        if near:
            left.remove(min(near, key=lambda at: (abs(at - place), at)))
            count += 1
    return count


def f1(labels: Labels, found: Sequence[int]) -> float:
    """The benchmark's F1 of one series."""
    annotators = [{0, *marked} for marked in labels.values()]
    steps = sorted({0, *found})
    precision = hits(sorted(set().union(*annotators)), steps) / len(steps)
    recall = sum(hits(sorted(marked), steps) / len(marked) for marked in annotators) / len(annotators)
    return 2 * precision * recall / (precision + recall) if precision + recall else 0.0


def cover(labels: Labels, found: Sequence[int], count: int) -> float:
    """The benchmark's cover of one series of `count` values: overlap of stretches by their length."""
    stretches = _stretches(found, count)
    covers = []
    for marked in labels.values():
        total = 0.0
        for start, stop in _stretches(marked, count):
            total += (stop - start) * max(_overlap(start, stop, *other) for other in stretches)
        covers.append(total / count)
    return sum(covers) / len(covers)


def _stretches(steps: Sequence[int], count: int) -> list[tuple[int, int]]:
    return list(pairwise([0, *sorted({at for at in steps if 0 < at < count}), count]))


def _overlap(start: int, stop: int, other_start: int, other_stop: int) -> float:
    shared = min(stop, other_stop) - max(start, other_start)
    return max(0, shared) / (max(stop, other_stop) - min(start, other_start))
