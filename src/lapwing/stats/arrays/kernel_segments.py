"""Cutting many series at once by a kernel: the twin of `stats.kernel_segments` with numpy."""

import math
from collections.abc import Sequence
from functools import cache
from typing import Any, Final

import numpy as np
import numpy.typing as npt

from lapwing.stats.kernel_segments import (
    PENALTY,
    PLACE_TRUST,
    RANK_WEIGHT,
    SHORTEST,
    TIE,
    WIDTH,
    Segments,
    cuts_back,
    rank_sums,
    settled,
    speaking,
)

_Floats = npt.NDArray[np.float64]

_CELLS: Final = 200_000  # values worked on at once: they stay in the processor's cache


def segment_all(series: Sequence[Sequence[float]]) -> list[Segments]:
    """Each series cut as `kernel_segments.segment` cuts it: the same cuts, costs equal to 1e-9."""
    found = [Segments((), 0.0)] * len(series)
    widths = [_width(values) if len(values) >= 2 * SHORTEST else 0.0 for values in series]
    # Neighbors in this order are of about one length: little is wasted on filling up the shorter.
    order = sorted((at for at, width in enumerate(widths) if width), key=lambda at: len(series[at]))
    while order:
        size = max(1, _CELLS // len(series[order[-1]]))
        batch, order = order[-size:], order[:-size]
        cut = _segment_batch([series[at] for at in batch], [widths[at] for at in batch])
        for at, segments in zip(batch, cut, strict=True):
            found[at] = segments
    return found


def place_all(series: Sequence[Sequence[float]], cuts: Sequence[Sequence[int]]) -> list[tuple[int, ...]]:
    """The cuts of each series where `kernel_segments.place` puts them."""
    return [_placed(values, own) for values, own in zip(series, cuts, strict=True)]


def _placed(values: Sequence[float], cuts: Sequence[int]) -> tuple[int, ...]:
    width = _width(values) if cuts else 0.0
    if not width:
        return tuple(cuts)
    scaled: _Floats = np.array(values, dtype=np.float64) / width
    ranks: _Floats = np.array(rank_sums(values))
    return settled(cuts, len(scaled), lambda start, stop: _place(scaled[start:stop], ranks[start : stop + 1]))


def _width(values: Sequence[float]) -> float:
    """As `kernel_segments.kernel_width`."""
    array: _Floats = np.array(speaking(values), dtype=np.float64)
    distances = np.abs(array[:, None] - array)[_pairs(len(array))]
    return WIDTH * float(np.median(distances) or distances.mean())


@cache
def _pairs(count: int) -> Any:
    return np.tril_indices(count, -1)


def _segment_batch(series: Sequence[Sequence[float]], widths: Sequence[float]) -> list[Segments]:
    """The same dynamic program, a step for all series at once; shorter series are filled up behind."""
    counts = [len(values) for values in series]
    longest = max(counts)
    scaled: _Floats = np.zeros((len(series), longest))
    ranks: _Floats = np.zeros((len(series), longest + 1))
    for row, (values, width) in enumerate(zip(series, widths, strict=True)):
        scaled[row, : len(values)] = np.array(values, dtype=np.float64) / width
        ranks[row, : len(values) + 1] = rank_sums(values)
    price: _Floats = np.array([PENALTY * math.log(count) for count in counts])
    best: _Floats = np.full((len(series), longest + 1), np.inf)
    best[:, 0] = -price
    came_from = np.zeros((len(series), longest + 1), dtype=np.int64)
    sums: _Floats = np.zeros((len(series), longest))
    rows = np.arange(len(series))
    for last in range(longest):
        kernels = np.exp(-np.abs(scaled[:, :last] - scaled[:, last : last + 1]))
        sums[:, :last] += 2 * np.cumsum(kernels[:, ::-1], axis=1)[:, ::-1] + 1
        sums[:, last] = 1.0
        end = last + 1
        if end < SHORTEST:
            continue
        starts = end - SHORTEST + 1
        sizes = np.arange(end, SHORTEST - 1, -1)
        gains = sums[:, :starts] + RANK_WEIGHT * (ranks[:, end : end + 1] - ranks[:, :starts]) ** 2
        costs = best[:, :starts] + sizes - gains / sizes
        start = np.argmax(costs <= costs.min(axis=1)[:, None] + TIE, axis=1)
        best[:, end] = costs[rows, start] + price
        came_from[:, end] = start
    return [
        Segments(tuple(cuts_back(came_from[row].tolist(), count)), float(best[row, count]))
        for row, count in enumerate(counts)
    ]


def _place(values: _Floats, ranks: _Floats) -> int:
    """As `kernel_segments._place`."""
    count = len(values)
    before, whole = np.empty(count), np.empty(count)  # k of each value with those before it, with all
    rows = max(1, _CELLS // count)
    for start in range(0, count, rows):
        kernels = np.exp(-np.abs(values[start : start + rows, None] - values))
        before[start : start + rows] = np.tril(kernels, start - 1).sum(axis=1)
        whole[start : start + rows] = kernels.sum(axis=1)
    first = np.cumsum(1 + 2 * before)
    rest = np.cumsum((2 * (whole - before) - 1)[::-1])[::-1]
    places = np.arange(SHORTEST, count - SHORTEST + 1)
    gains = (first[places - 1] + RANK_WEIGHT * (ranks[places] - ranks[0]) ** 2) / places
    gains += (rest[places] + RANK_WEIGHT * (ranks[-1] - ranks[places]) ** 2) / (count - places)
    reached = np.cumsum(np.exp(PLACE_TRUST * (gains - gains.max())))
    return int(places[np.argmax(reached >= reached[-1] / 2 - TIE)])
