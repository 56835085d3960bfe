"""Watching the machine while a command runs: a reading a second becomes its extremes."""

import threading
from collections.abc import Callable
from types import TracebackType
from typing import Final, Self

from lapwing.measure.clock import CLOCKS
from lapwing.model.system_watch import SystemReading, SystemWatch

PERIOD_S: Final = 1.0


class Extremes:
    """Takes readings one after another; `busy_share` is the limit over which processors are busy."""

    def __init__(self, busy_share: float) -> None:
        self._busy_share = busy_share
        self._first: SystemReading | None = None
        self._last: SystemReading | None = None
        self._last_ns = self._stretch_ns = 0
        self._watch = SystemWatch(0, 0)

    @property
    def watch(self) -> SystemWatch | None:
        """The extremes so far; None before the first reading."""
        return None if self._first is None else self._watch

    def take(self, reading: SystemReading, at_ns: int) -> None:
        """One more reading, made at `at_ns` since the epoch."""
        if self._first is None or self._last is None:
            self._first, self._watch = reading, SystemWatch(at_ns, at_ns)
        else:
            is_busy = _busy(self._last, reading) >= self._busy_share
            self._stretch_ns = self._stretch_ns + at_ns - self._last_ns if is_busy else 0
        watch = self._watch
        growth = None
        if reading.swap_used_bytes is not None and self._first.swap_used_bytes is not None:
            growth = reading.swap_used_bytes - self._first.swap_used_bytes
        self._watch = SystemWatch(
            began_at_ns=watch.began_at_ns,
            ended_at_ns=at_ns,
            least_available_share=_least(watch.least_available_share, reading.available_share),
            swap_growth_bytes=_most(watch.swap_growth_bytes, growth),
            busiest_ns=max(watch.busiest_ns, self._stretch_ns),
            most_tree_bytes=_most(watch.most_tree_bytes, reading.tree_bytes),
        )
        self._last, self._last_ns = reading, at_ns


class Watching:
    """Reads in a thread for as long as the block lasts. A reading that fails ends it, and nothing else."""

    def __init__(
        self, read: Callable[[], SystemReading], busy_share: float, period_s: float = PERIOD_S
    ) -> None:
        self._read, self._period_s = read, period_s
        self._extremes = Extremes(busy_share)
        self._is_over = threading.Event()
        self._thread = threading.Thread(target=self._watch, name="lapwing-watch", daemon=True)

    @property
    def watch(self) -> SystemWatch | None:
        """What was seen."""
        return self._extremes.watch

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._is_over.set()
        self._thread.join(timeout=5)

    def _watch(self) -> None:
        try:
            self._extremes.take(self._read(), CLOCKS.epoch())
            while not self._is_over.wait(self._period_s):
                self._extremes.take(self._read(), CLOCKS.epoch())
            self._extremes.take(self._read(), CLOCKS.epoch())
        except Exception:
            return


def _busy(before: SystemReading, after: SystemReading) -> float:
    """Share of the processors' time that was used; 0 where that is not known."""
    if None in (before.busy_ticks, before.all_ticks, after.busy_ticks, after.all_ticks):
        return 0.0
    every = (after.all_ticks or 0) - (before.all_ticks or 0)
    return ((after.busy_ticks or 0) - (before.busy_ticks or 0)) / every if every > 0 else 0.0


def _least(one: float | None, other: float | None) -> float | None:
    found = [value for value in (one, other) if value is not None]
    return min(found, default=None)


def _most(one: int | None, other: int | None) -> int | None:
    found = [value for value in (one, other) if value is not None]
    return max(found, default=None)
