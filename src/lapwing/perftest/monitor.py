"""What happens between two moments of a test: time, processor, memory, and what probes count."""

import json
from collections.abc import Mapping

from lapwing.measure.clock import CLOCKS
from lapwing.measure.leak_signals import resident_bytes
from lapwing.measure.present_recording import Recording, present_recording
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.inside import Events
from lapwing.measure.probes.library import LibraryProbe
from lapwing.measure.probes.probe import Probe
from lapwing.measure.probes.registry import PROBES, make_probes
from lapwing.measure.probes.sql.queries import DUPLICATES, N_PLUS_ONE, QUERIES, Queries
from lapwing.model.query import Asked
from lapwing.model.value import Value
from lapwing.perftest.queries import OPEN


class Monitored(Value):
    """What was measured."""

    wall_ns: int
    cpu_ns: int  # of this process
    memory_bytes: int | None  # resident at the end less at the start
    counters: Mapping[str, tuple[int, int]]  # events and nanoseconds by name


class Monitor:
    """Measures from when it is made until `stop`.

    In a recorded test it reads what the recording counts, which meanwhile counts what tests of this category
    do not, too; else it has probes of its own.
    """

    def __init__(self) -> None:
        recording = present_recording()
        is_recorded = recording is not None and recording.running_test() is not None
        self._counting = _Recorded(recording) if recording is not None and is_recorded else _Own()
        self._resident = resident_bytes()
        self._cpu, self._wall = CLOCKS.process_cpu(), CLOCKS.wall()

    def stop(self) -> Monitored:
        """What happened since; what counts for this monitor only is taken away."""
        wall, cpu = CLOCKS.wall() - self._wall, CLOCKS.process_cpu() - self._cpu
        resident = resident_bytes()
        grown = None if resident is None or self._resident is None else resident - self._resident
        counted = {name: each for name, each in self._counting.end().items() if each[0]}
        return Monitored(wall, cpu, grown, counted)


class _Own:
    """Probes that count for a monitor only."""

    def __init__(self) -> None:
        self._counters = Counters()
        is_asked = bool(OPEN)  # around this monitor: what asks of queries there asks for it, too
        libraries = LibraryProbe(("http", "cache") if is_asked else None, self._counters)
        self._probes: list[Probe] = [*make_probes(tuple(PROBES), self._counters), libraries]
        for probe in self._probes:
            probe.install()
        self._counters.begin()
        self._own_queries: Queries | None = None if is_asked else libraries.part("sql")
        if self._own_queries is not None:
            OPEN.append(self._own_queries)
        self._queries = OPEN[-1]
        self._window = self._queries.open_window()

    def end(self) -> dict[str, tuple[int, int]]:
        """Events and nanoseconds by name."""
        asked = self._queries.close_window(self._window)
        if self._own_queries is not None:
            OPEN.remove(self._own_queries)
        # What caches of functions have more than before is told at the end.
        counted = json.loads(self._counters.end())
        while self._probes:
            self._probes.pop().remove()
        told = {name: (events, spent) for name, (events, spent) in counted.items()}
        # Where the one around this ended first it has taken its counts along.
        queries = (asked.queries, asked.duration_ns) if asked.queries > 0 else (0, 0)
        return told | {QUERIES: queries} | _repeated(asked)


class _Recorded:
    """The probes of a recording."""

    def __init__(self, recording: Recording) -> None:
        self._counters = recording.counters
        self._serial = self._counters.serial
        self._queries: Queries | None = recording.part("sql")
        self._events: list[tuple[Events, bool]] = []
        if self._counters.on_wanted is not None:
            self._counters.on_wanted(None)  # no test before has wanted the caches of functions
        for part in (recording.part("http"), recording.part("cache")):
            if part is not None:
                self._events.append((part, part.is_on))
                part.end()  # what caches of functions had until now belongs before
                part.begin(None, self._serial)
        self._window = None if self._queries is None else self._queries.open_window()
        self._before = self._counters.counted()

    def end(self) -> dict[str, tuple[int, int]]:
        """Events and nanoseconds by name; of the running test only, where the monitor began in another."""
        is_same_test = self._counters.serial == self._serial
        counted: dict[str, tuple[int, int]] = {}
        if is_same_test:
            if self._queries is not None and self._window is not None:
                counted |= _repeated(self._queries.close_window(self._window))
            for part, was_on in self._events:
                part.end()
                if was_on:
                    part.begin(None, self._serial)
        before = self._before if is_same_test else {}
        for name, (events, spent) in self._counters.counted().items():
            events_before, spent_before = before.get(name, (0, 0))
            counted[name] = (events - events_before, spent - spent_before)
        return counted


def _repeated(asked: Asked) -> dict[str, tuple[int, int]]:
    """What repeats among queries, as a test counts it at its end."""
    counted: dict[str, tuple[int, int]] = {}
    for pattern in asked.patterns:
        name = N_PLUS_ONE if pattern.is_n_plus_one else DUPLICATES
        count, spent = counted.get(name, (0, 0))
        took = pattern.rounds_ns if pattern.is_n_plus_one else pattern.duration_ns
        counted[name] = (count + 1, spent + took)
    return counted
