"""Arithmetic on columns of numbers: the twin of `stats.columns` with numpy."""

from collections.abc import Callable, Iterator, Sequence
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


class _Rows(Sequence[list[float]]):
    """Rising values row by row; of a large table few rows are ever looked at, and made lists of."""

    def __init__(self, table: _Floats) -> None:
        """`table` has what is missing, NaN, at the end of its rows."""
        self.table = table
        missing = np.isnan(table)
        self.counts = None if not missing.any() else table.shape[1] - np.count_nonzero(missing, axis=1)

    def __len__(self) -> int:
        return len(self.table)

    def __getitem__(self, row: Any) -> Any:
        values = self.table[row] if self.counts is None else self.table[row, : self.counts[row]]
        return values.tolist()

    def __iter__(self) -> Iterator[list[float]]:
        found: list[list[float]] = self.table.tolist()
        if self.counts is not None:
            for row in np.nonzero(self.counts < self.table.shape[1])[0].tolist():
                del found[row][self.counts[row] :]
        return iter(found)


def sorted_rows(
    columns: Sequence[tuple[Sequence[int], Sequence[float]]], count: int
) -> Sequence[Sequence[float]]:
    """As `columns.sorted_rows`."""
    table = np.full((count, len(columns)), np.nan)
    for place, (rows, values) in enumerate(columns):
        table[slice(None) if isinstance(rows, range) else places(rows), place] = values
    table.sort(axis=1)  # what is missing comes last
    return _Rows(table)


def medians(rows: Sequence[Sequence[float]]) -> list[float]:
    """As `columns.medians`."""
    table, known = _table(rows)
    every = np.arange(len(table))
    found: list[float] = ((table[every, (known - 1) // 2] + table[every, known // 2]) / 2).tolist()
    return found


def counts(rows: Sequence[Sequence[float]]) -> list[int]:
    """As `columns.counts`."""
    found: list[int] = _table(rows)[1].tolist()
    return found


def ends(rows: Sequence[Sequence[float]], count: int) -> Sequence[Sequence[float]]:
    """As `columns.ends`."""
    if isinstance(rows, _Rows) and rows.counts is None:
        found: list[list[float]] = rows.table[:, -count:].tolist()
        return found
    return [row[-count:] for row in rows]


def excesses(
    rows: Sequence[Sequence[float]], centers: Sequence[float], least: float
) -> tuple[Sequence[float], Sequence[float]]:
    """As `columns.excesses`."""
    table, known = _table(rows)
    beside: _Floats = vector(centers)
    over = np.exp(table) - np.exp(beside)[:, None]
    large = (over >= least) & (known >= 2)[:, None]
    sizes: Any = over[large]
    of: Any = np.repeat(beside, np.count_nonzero(large, axis=1))
    return sizes, of


def rising(values: Sequence[float], others: Sequence[float]) -> tuple[list[float], list[float]]:
    """As `columns.rising`."""
    numbers = vector(values)
    order = np.argsort(numbers)
    return numbers[order].tolist(), vector(others)[order].tolist()


def _table(rows: Sequence[Sequence[float]]) -> tuple[_Floats, npt.NDArray[np.intp]]:
    assert isinstance(rows, _Rows)
    known = np.full(len(rows), rows.table.shape[1]) if rows.counts is None else rows.counts
    return rows.table, known
