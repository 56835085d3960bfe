"""Metrics of one's own in the test that is running: gathered by name, kept when the test ends.

A line on the disk for each value would cost six times what gathering it does.
"""

from array import array
from collections.abc import Callable, Collection
from typing import Final

from lapwing.measure.present_recording import Recording
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import Unit
from lapwing.perftest.benchmark import SOURCE

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

Key = tuple[str, str, bool]
"""Name, unit as written, whether higher is better."""

OPEN: Final[dict[Key, tuple[Callable[[float], None], float]]] = {}
"""Of the test that is running: what takes a value, and by what it is multiplied before."""


def own_record(key: Key, nodeid: str, values: Collection[float]) -> BenchmarkRecord:
    """The record of `values`, in the unit that is kept."""
    name, unit, higher_is_better = key
    return BenchmarkRecord(
        name=name,
        nodeid=nodeid,
        source=SOURCE,
        unit=str(_SCALES.get(unit, (unit, 1.0))[0]),
        samples=tuple(values),
        metric=name,
        higher_is_better=higher_is_better,
    )


def scale_of(unit: str) -> float:
    """By what a value in `unit` is multiplied to be kept."""
    return _SCALES.get(unit, (unit, 1.0))[1]


def open_metric(key: Key, recording: Recording, nodeid: str) -> tuple[Callable[[float], None], float]:
    """From now on values of `key` are gathered until the test `nodeid` ends."""
    gathered = _Gathered(key, recording, nodeid)
    recording.counters.join(gathered)
    entry = OPEN[key] = gathered.values.append, scale_of(key[1])
    return entry


def close_metrics() -> None:
    """Gather no more: the session is over."""
    OPEN.clear()


class _Gathered:
    """The values of one metric in one test; a part of the counters, which tell when the test ends."""

    def __init__(self, key: Key, recording: Recording, nodeid: str) -> None:
        self.values = array("d")
        self._key = key
        self._recording = recording
        self._nodeid = nodeid

    def begin(self, wanted: Collection[str] | None, serial: int) -> None:
        """It began with the test."""

    def end(self) -> None:
        """The test is over: hand the values on."""
        OPEN.pop(self._key, None)
        self._recording.counters.leave(self)
        if self.values:
            self._recording.take(own_record(self._key, self._nodeid, self.values))
