"""Arithmetic on columns of numbers: the twin of `stats.columns` with numpy."""

from collections.abc import Callable, Sequence
from typing import Any

import numpy as np
import numpy.typing as npt

from lapwing.stats.running_median import running_median as _plain_running_median

_Floats = npt.NDArray[np.float64]
_Vector = Any  # an array: to the rest of the house a sequence of floats, which numpy does not say


def vector(values: Sequence[float]) -> _Vector:
    """As `columns.vector`."""
    return np.asarray(values, dtype=np.float64)


def places(rows: Sequence[int]) -> Sequence[int] | Any:
    """As `columns.places`."""
    return rows if isinstance(rows, range) else np.asarray(rows, dtype=np.intp)


def plain(values: Sequence[float]) -> list[float]:
    """As `columns.plain`."""
    found: list[float] = vector(values).tolist()
    return found


def logs(values: Sequence[float | None], least: float) -> _Vector:
    """As `columns.logs`."""
    return np.log(np.maximum(np.array(values, dtype=np.float64), least))


def less(values: Sequence[float], others: Sequence[float]) -> _Vector:
    """As `columns.less`."""
    return vector(values) - vector(others)


def times(values: Sequence[float], factors: Sequence[float]) -> _Vector:
    """As `columns.times`."""
    return vector(values) * vector(factors)


def at(values: Sequence[float], rows: Sequence[int]) -> _Vector:
    """As `columns.at`."""
    if isinstance(rows, range) and len(rows) == len(values):
        return vector(values)
    return vector(values)[np.asarray(rows, dtype=np.intp)]


def joined(parts: Sequence[Sequence[float]]) -> _Vector:
    """As `columns.joined`."""
    return np.concatenate([vector(part) for part in parts])


def running_median(values: Sequence[float], window: int, step: int) -> _Vector:
    """As `columns.running_median`."""
    numbers: _Floats = vector(values)
    count, reach, middle = len(numbers), window >> 1, step >> 1
    first = -(-(reach - middle) // step) if reach > middle else 0
    last = (count - 1 - reach - middle) // step
    if last < first or reach < middle:
        return vector(_plain_running_median(numbers.tolist(), window, step))
    centers = np.arange(middle, count + middle, step)
    medians = np.empty(len(centers))
    starts = centers[first : last + 1] - reach
    whole = np.lib.stride_tricks.sliding_window_view(numbers, window)[starts]
    medians[first : last + 1] = np.partition(whole, reach, axis=1)[:, reach]
    for place in [*range(first), *range(last + 1, len(centers))]:
        center = int(centers[place])
        medians[place] = np.median(numbers[max(center - reach, 0) : center + reach + 1])
    return np.repeat(medians, step)[:count]


def lookup(rows: Sequence[int], values: Sequence[float], count: int) -> Callable[[int], float | None]:
    """As `columns.lookup`."""
    if isinstance(rows, range):
        item = vector(values).item
        return item  # type: ignore[no-any-return]
    spread = np.full(count, np.nan)
    spread[np.asarray(rows, dtype=np.intp)] = values
    item = spread.item

    def value_at(row: int) -> float | None:
        value: float = item(row)
        return value if value == value else None

    return value_at


def sorted_rows(columns: Sequence[tuple[Sequence[int], Sequence[float]]], count: int) -> list[list[float]]:
    """As `columns.sorted_rows`."""
    if not columns:
        return [[] for _ in range(count)]
    table = np.full((count, len(columns)), np.nan)
    for place, (rows, values) in enumerate(columns):
        table[slice(None) if isinstance(rows, range) else places(rows), place] = values
    table.sort(axis=1)  # what is missing comes last
    found: list[list[float]] = table.tolist()
    known = np.count_nonzero(~np.isnan(table), axis=1)
    for row in np.nonzero(known < len(columns))[0].tolist():
        del found[row][known[row] :]
    return found
