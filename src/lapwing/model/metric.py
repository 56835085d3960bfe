"""Metrics: what is measured of a subject, in which unit, and which direction is worse."""

from typing import Final

from lapwing.model.value import Value
from lapwing.model.word import Word


class Unit(Word):
    """Unit of a metric's values, as every JSON names it."""

    NS = "ns"
    BYTES = "bytes"
    COUNT = "count"
    SHARE = "ppm"  # of a whole, in millionths: limits are whole numbers


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
pays for one of them is judged with it. Nor does a counter: what may be asked of it is a budget's."""

COUNTER_PREFIX: Final = "counter:"
MEASURED_PREFIX: Final = "measured:"


def measured_metric(kind: str, name: str) -> str:
    """What comparisons call the metric `kind` of the benchmark `name` inside a test."""
    return f"{MEASURED_PREFIX}{kind}:{name}"


def measured_name(metric: str) -> str:
    """The benchmark that a metric made by `measured_metric` is about; "" of any other."""
    return metric.removeprefix(MEASURED_PREFIX).partition(":")[2] if _is_measured(metric) else ""


def measured_kind(metric: str) -> str:
    """What of a benchmark a metric made by `measured_metric` is: wall, cpu, …; "" of any other."""
    return metric.removeprefix(MEASURED_PREFIX).partition(":")[0] if _is_measured(metric) else ""


def metric_named(name: str) -> Metric:
    """The metric called `name`; `counter:NAME` is the count of a probe, `measured:KIND:NAME` a benchmark's.
    Raises KeyError."""
    if name.startswith(COUNTER_PREFIX):
        return Metric(name, Unit.COUNT, False, name, decides=False)
    if not _is_measured(name):
        return METRICS[name]
    kind, _, benchmark = name.removeprefix(MEASURED_PREFIX).partition(":")
    known = METRICS.get(kind)
    if known is None:
        return Metric(name, Unit.COUNT, False, f"{benchmark}, {kind}" if kind != benchmark else benchmark)
    return known._replace(name=name, words=f"{benchmark}, {known.words}" if known.words else benchmark)


def words_of(name: str) -> str:
    """The metric called `name` in words; "" for a test's wall time."""
    return metric_named(name).words


def _is_measured(metric: str) -> bool:
    return metric.startswith(MEASURED_PREFIX)
