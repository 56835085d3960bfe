"""What happens between two moments of a test: time, processor, memory, and what probes count."""

from collections.abc import Mapping

from lapwing.measure.clock import CLOCKS
from lapwing.measure.leak_signals import resident_bytes
from lapwing.measure.present_recording import present_recording
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.library import LibraryProbe
from lapwing.measure.probes.probe import Probe
from lapwing.measure.probes.registry import PROBES, make_probes
from lapwing.model.value import Value


class Monitored(Value):
    """What was measured."""

    wall_ns: int
    cpu_ns: int  # of this process
    memory_bytes: int | None  # resident at the end less at the start
    counters: Mapping[str, tuple[int, int]]  # events and nanoseconds by name


class Monitor:
    """Measures from when it is made until `stop`.

    In a recorded test it reads what the recording counts; else it has probes of its own.
    """

    def __init__(self) -> None:
        self._probes: list[Probe] = []
        recording = present_recording()
        if recording is not None and recording.running_test() is not None:
            self._counters = recording.counters
        else:
            self._counters = Counters()
            self._probes = [*make_probes(tuple(PROBES), self._counters), LibraryProbe(None, self._counters)]
            for probe in self._probes:
                probe.install()
            self._counters.begin()
        self._before = self._counters.counted()
        self._resident = resident_bytes()
        self._cpu, self._wall = CLOCKS.process_cpu(), CLOCKS.wall()

    def stop(self) -> Monitored:
        """What happened since; the probes are taken away."""
        wall, cpu = CLOCKS.wall() - self._wall, CLOCKS.process_cpu() - self._cpu
        resident = resident_bytes()
        grown = None if resident is None or self._resident is None else resident - self._resident
        after = self._counters.counted()
        if self._probes:
            self._counters.end()
            while self._probes:
                self._probes.pop().remove()
        counted = {
            name: (events - self._before.get(name, (0, 0))[0], spent - self._before.get(name, (0, 0))[1])
            for name, (events, spent) in after.items()
        }
        return Monitored(wall, cpu, grown, {name: each for name, each in counted.items() if each[0]})
