"""Metrics of one's own: kept with the test, compared like any other."""

import math
from typing import Final

from lapwing.api.place import keep, running_test
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import Unit
from lapwing.perftest.benchmark import SOURCE
from lapwing.perftest.limits import PerformanceLimitError

_SCALES: Final = {
    "ns": (Unit.NS, 1.0),
    "us": (Unit.NS, 1e3),
    "ms": (Unit.NS, 1e6),
    "s": (Unit.NS, 1e9),
    "bytes": (Unit.BYTES, 1.0),
    "kB": (Unit.BYTES, 1e3),
    "MB": (Unit.BYTES, 1e6),
}
"""Units that are kept as nanoseconds and bytes; every other one is kept as it is written."""


def record_metric(
    name: str,
    value: float,
    *,
    unit: str = "count",
    budget: float | None = None,
    higher_is_better: bool = False,
) -> None:
    """Keep `value` of the metric `name` with the test that runs.

    `unit` is a word of your own; `s`, `ms`, `MB` and their like are shown as durations and sizes. `budget` is
    in the same unit: the most that is allowed, the least where higher is better. Several values of one
    name in one test are samples of it. Raises AssertionError where the budget is broken, when the
    value is kept, and ValueError for a value that is no number of 0 or more.
    """
    __tracebackhide__ = True
    number = float(value)
    if not math.isfinite(number) or number < 0:
        raise ValueError(f"{name}: {value!r} is not a number of 0 or more")
    kept_unit, scale = _SCALES.get(unit, (unit, 1.0))
    keep(
        [
            BenchmarkRecord(
                name=name,
                nodeid=running_test(),
                source=SOURCE,
                unit=str(kept_unit),
                samples=(number * scale,),
                metric=name,
                higher_is_better=higher_is_better,
            )
        ]
    )
    if budget is None:
        return
    if (number < budget) if higher_is_better else (number > budget):
        least = "at least " if higher_is_better else ""
        raise PerformanceLimitError(f"{name} is {number:g} {unit} (limit: {least}{budget:g} {unit})")
