"""Metrics of one's own: kept with the test, compared like any other."""

from typing import Final

from lapwing.api.place import keep, running_test
from lapwing.measure.present_recording import present_recording
from lapwing.perftest.limits import PerformanceLimitError
from lapwing.perftest.own_metrics import OPEN, Key, open_metric, own_record, scale_of

_INFINITE: Final = float("inf")


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
    try:
        is_number = 0 <= value < _INFINITE
    except TypeError:
        is_number = False
    if not is_number:
        raise ValueError(f"{name}: {value!r} is not a number of 0 or more")
    key = name, unit, higher_is_better
    entry = OPEN.get(key)
    if entry is None:
        _first(key, value)
    else:
        append, scale = entry
        append(value * scale)
    if budget is not None and ((value < budget) if higher_is_better else (value > budget)):
        least = "at least " if higher_is_better else ""
        raise PerformanceLimitError(f"{name} is {value:g} {unit} (limit: {least}{budget:g} {unit})")


def _first(key: Key, value: float) -> None:
    recording = present_recording()
    if recording is None or not recording.counters.is_on:  # between tests nothing ends
        keep([own_record(key, running_test(), (float(value) * scale_of(key[1]),))])
        return
    append, scale = open_metric(key, recording, running_test())
    append(value * scale)
