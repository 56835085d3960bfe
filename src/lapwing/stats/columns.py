"""Arithmetic on columns of numbers, one value per row and a column per run, in lists.

`arrays.columns` is the twin with numpy for large tables. A column may lack rows: `rows` beside its
values says which row each value stands in, a `range` where it has all.
"""

import math
from bisect import bisect_left
from collections.abc import Callable, Sequence
from operator import mul, sub

from lapwing.stats import running_median as _running_median
from lapwing.stats.median import median_of_sorted as _median_of_sorted

Floats = Sequence[float]


def vector(values: Floats) -> Floats:
    """`values` in the form that the other functions take most cheaply."""
    return values


def places(rows: Sequence[int]) -> Sequence[int]:
    """Row numbers in the form that `at` takes most cheaply."""
    return rows


def plain(values: Floats) -> list[float]:
    """`values` as a new list of floats."""
    return list(values)


def logs(values: Sequence[float | None], least: float) -> Floats:
    """ln of each value (none of them None), of `least` where one is smaller."""
    if min(values, default=least) < least:  # type: ignore[type-var, operator]
        return [math.log(value) if value > least else math.log(least) for value in values]  # type: ignore[operator, arg-type]
    return list(map(math.log, values))  # type: ignore[arg-type]


def less(values: Floats, others: Floats) -> Floats:
    """`values` less `others`, each from each."""
    return list(map(sub, values, others))


def times(values: Floats, factors: Floats) -> Floats:
    """`values` by `factors`, each by each."""
    return list(map(mul, values, factors))


def at(values: Floats, rows: Sequence[int]) -> Floats:
    """The values of `rows` out of those of all rows."""
    return values if isinstance(rows, range) and len(rows) == len(values) else [values[row] for row in rows]


def joined(parts: Sequence[Floats]) -> Floats:
    """The parts one after another."""
    return parts[0] if len(parts) == 1 else [value for part in parts for value in part]


def running_median(values: Floats, window: int, step: int) -> Floats:
    """See `stats.running_median`."""
    return _running_median.running_median(values, window, step)


def lookup(rows: Sequence[int], values: Floats, count: int) -> Callable[[int], float | None]:
    """A look-up by row, of `count`, into the values beside `rows`; None of a row that is not there."""
    if isinstance(rows, range):
        return values.__getitem__
    return dict(zip(rows, values, strict=True)).get


def sorted_rows(columns: Sequence[tuple[Sequence[int], Floats]], count: int) -> Sequence[Floats]:
    """Of each of `count` rows the values over `columns` (rows and values), rising; a row may be empty."""
    if columns and all(isinstance(rows, range) and len(rows) == count for rows, _ in columns):
        return list(map(sorted, zip(*[values for _, values in columns], strict=True)))
    found: list[list[float]] = [[] for _ in range(count)]
    for rows, values in columns:
        for row, value in zip(rows, values, strict=True):
            found[row].append(value)
    for row_values in found:
        row_values.sort()
    return found


def medians(rows: Sequence[Floats]) -> list[float]:
    """The median of each row of `sorted_rows`, none of them empty."""
    return list(map(_median_of_sorted, rows))


def counts(rows: Sequence[Floats]) -> list[int]:
    """How many values each row has."""
    return list(map(len, rows))


def ends(rows: Sequence[Floats], count: int) -> Sequence[Floats]:
    """The `count` largest values of each row of `sorted_rows`, rising; fewer where a row has fewer."""
    return [row[-count:] for row in rows]


def excesses(rows: Sequence[Floats], centers: Floats, least: float) -> tuple[Floats, Floats]:
    """How far exp of a value lies over exp of its row's center, where by `least` or more; and these centers.

    Of rows of `sorted_rows` that have two values or more.
    """
    sizes: list[float] = []
    of: list[float] = []
    floor = math.log(least)
    for center, values in zip(centers, rows, strict=True):
        if len(values) < 2 or values[-1] < floor:
            continue
        level = math.exp(center)
        large = values[bisect_left(values, math.log(level + least)) :]
        if large:
            sizes += [math.exp(value) - level for value in large]
            of += [center] * len(large)
    return sizes, of


def rising(values: Floats, others: Floats) -> tuple[list[float], list[float]]:
    """`values` rising, and in the same order the others beside them."""
    order = sorted(range(len(values)), key=values.__getitem__)
    return [values[place] for place in order], [others[place] for place in order]
