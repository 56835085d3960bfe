"""Metrics: what is measured of a subject, in which unit, and which direction is worse."""

from typing import Final

from lapwing.model.value import Value
from lapwing.model.word import Word


class Unit(Word):
    """Unit of a metric's values, as every JSON names it."""

    NS = "ns"
    BYTES = "bytes"
    COUNT = "count"


class Metric(Value):
    """A named quantity. For all of ours so far, more is worse."""

    name: str
    unit: Unit
    is_time: bool  # on a ratio scale and stretched by a slow machine
    words: str = ""  # for people, beside the subject; "" where the subject says enough
    decides: bool = True  # whether a regression of it makes a whole judgment one


WALL: Final = Metric("wall", Unit.NS, True)
CPU: Final = Metric("cpu", Unit.NS, True, "cpu time")
PEAK: Final = Metric("peak_bytes", Unit.BYTES, False, "peak memory")
DELTA: Final = Metric("delta_bytes", Unit.BYTES, False, "memory kept")
FIXTURE_SETUP: Final = Metric("fixture_setup", Unit.NS, True, "fixture set-up", decides=False)
COLLECTION: Final = Metric("collection", Unit.NS, True, "collection", decides=False)
SUITE_WALL: Final = Metric("suite_wall", Unit.NS, True)
GROUP_WALL: Final = Metric("group_wall", Unit.NS, True)
CATEGORY_WALL: Final = Metric("category_wall", Unit.NS, True, "category")

METRICS: Final = {
    metric.name: metric
    for metric in (WALL, CPU, PEAK, DELTA, FIXTURE_SETUP, COLLECTION, SUITE_WALL, GROUP_WALL, CATEGORY_WALL)
}
"""Metrics by name. Fixtures and modules decide nothing by themselves: few of them are measured, so that the
machine's shift is hard to tell, and a cold cache alone makes collection three times as long. A test that
pays for one of them is judged with it."""

COUNTER_PREFIX: Final = "counter:"


def metric_named(name: str) -> Metric:
    """The metric called `name`; `counter:NAME` is the count of a probe. Raises KeyError."""
    if name.startswith(COUNTER_PREFIX):
        return Metric(name, Unit.COUNT, False)
    return METRICS[name]
