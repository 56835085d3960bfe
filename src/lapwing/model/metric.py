"""Metrics: what is measured of a subject, in which unit, and which direction is worse."""

from enum import StrEnum
from typing import Final

from lapwing.model.value import Value


class Unit(StrEnum):
    """Unit of a metric's values, as every JSON names it."""

    NS = "ns"
    BYTES = "bytes"
    COUNT = "count"


class Metric(Value):
    """A named quantity. For all of ours so far, more is worse."""

    name: str
    unit: Unit
    is_time: bool  # on a ratio scale and stretched by a slow machine


WALL: Final = Metric("wall", Unit.NS, True)
CPU: Final = Metric("cpu", Unit.NS, True)
PEAK: Final = Metric("peak_bytes", Unit.BYTES, False)
DELTA: Final = Metric("delta_bytes", Unit.BYTES, False)
FIXTURE_SETUP: Final = Metric("fixture_setup", Unit.NS, True)
COLLECTION: Final = Metric("collection", Unit.NS, True)
SUITE_WALL: Final = Metric("suite_wall", Unit.NS, True)
GROUP_WALL: Final = Metric("group_wall", Unit.NS, True)

METRICS: Final = {
    metric.name: metric
    for metric in (WALL, CPU, PEAK, DELTA, FIXTURE_SETUP, COLLECTION, SUITE_WALL, GROUP_WALL)
}
COUNTER_PREFIX: Final = "counter:"


def metric_named(name: str) -> Metric:
    """The metric called `name`; `counter:NAME` is the count of a probe. Raises KeyError."""
    if name.startswith(COUNTER_PREFIX):
        return Metric(name, Unit.COUNT, False)
    return METRICS[name]
