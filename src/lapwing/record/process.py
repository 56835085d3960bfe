"""Opening and closing the recording of one process."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterable, Mapping
from pathlib import Path
from types import FunctionType
from typing import TYPE_CHECKING, Final

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.library import LibraryProbe
from lapwing.measure.probes.registry import make_probes
from lapwing.measure.process_facts import move_high
from lapwing.record.recorder import Recorder
from lapwing.store.run_files import line
from lapwing.store.run_files.folder import hold, let_go
from lapwing.store.run_files.writer import Kept, SpoolWriter

if TYPE_CHECKING:
    from lapwing.measure.probes.probe import Probe
    from lapwing.model.budget import TestBudgets
    from lapwing.model.import_cost import ImportCost
    from lapwing.model.measurement import BenchmarkRecord

_recordings: Final[set[ProcessRecording]] = set()
_watches_forks = False


def _stop_in_forked_children(recording: ProcessRecording) -> None:
    """Let no child of a fork write into `recording`, nor hold its folder for longer than we do.

    Such a child has its own copy of our state, and may run on through the session. An
    interpreter's list of what to do after a fork only grows: one entry serves all recordings. It
    outlives the modules: with this module's names in reach, it would keep all that pytest and we
    have made until the last moment, and the collector would walk through it once more (20,000
    instructions for each test).
    """
    global _watches_forks
    _recordings.add(recording)
    if not _watches_forks and hasattr(os, "register_at_fork"):
        only_recordings = FunctionType(_give_up_all.__code__, {"_recordings": _recordings})
        os.register_at_fork(after_in_child=only_recordings)
        _watches_forks = True


def _give_up_all() -> None:
    for recording in tuple(_recordings):
        recording.give_up()


class ProcessRecording:
    """The recorder of this process with its file, probes and hold on the run's folder."""

    def __init__(
        self,
        folder: Path,
        run_id: str,
        worker: str,
        *,
        startup_ns: int,
        conftests_ns: int | None = None,
        probes: Collection[str],
        by_category: Mapping[str, Collection[str]] | None = None,
        drivers: Collection[str] = (),
        keeps: bool = False,
    ) -> None:
        """Begin the file of `worker` below `folder`. Raises OSError.

        `startup_ns` is what the process needed from its first moment of ours until now, `conftests_ns` what
        conftest files took of it, None if that is not known. `probes` count in every test, those of libraries
        where `by_category` names them (None: everywhere). `drivers` are modules of databases that are
        not known by themselves. `keeps` is for a process that gathers the run itself, alone.
        """
        _stop_in_forked_children(self)
        self._lock = hold(folder)
        self._lock = move_high(self._lock) if self._lock >= 0 else -1
        name = f"{worker}.jsonl"
        spool = SpoolWriter(folder / name, move_high, kept=Kept(name) if keeps else None)
        now, epoch = CLOCKS.wall(), CLOCKS.epoch()
        spool.write(line.header_line(run_id, worker, os.getpid(), now, epoch, startup_ns, conftests_ns))
        counters = Counters(by_category)
        self._probes: list[Probe] = make_probes(probes, counters)
        wanted = None if by_category is None else {name for names in by_category.values() for name in names}
        libraries = LibraryProbe(wanted, counters, drivers)
        self._probes.append(libraries)
        self.recorder = Recorder(spool, counters=counters)
        self.counters = counters
        self.part = libraries.part  # by kind, what probes of libraries count into

    def start(self) -> None:
        """Begin to listen to collector and probes."""
        self.recorder.collector.install()
        for probe in self._probes:
            probe.install()

    def collected(self, nodeid: str, start: int, duration: int, cpu: int, outcome: str) -> None:
        """A collector has ended. Raises OSError."""
        self.recorder.spool.write(line.collector_line(nodeid, start, duration, cpu, outcome))

    def limited(self, limits: TestBudgets) -> None:
        """A test, or the whole run, carries limits. Raises OSError."""
        self.recorder.spool.write(line.limits_line(limits))

    def imported(self, imports: Iterable[ImportCost]) -> None:
        """Collection is over, and these were its imports. Raises OSError."""
        self.recorder.spool.write(line.imports_line(imports))

    def measured(self, record: BenchmarkRecord) -> None:
        """A test measured something. Raises OSError."""
        self.recorder.spool.write(line.measurement_line(record))

    def interrupted(self) -> None:
        """The session is being interrupted. Raises OSError."""
        self.recorder.spool.write(line.interrupted_line())

    def deselected(self, count: int) -> None:
        """`count` tests have been selected away. Raises OSError."""
        self.recorder.spool.write(line.deselected_line(count))

    def end(self) -> Kept | None:
        """The process is done with its tests. Returns what it kept, if that was asked for. Raises OSError."""
        self._remove_probes()
        _recordings.discard(self)
        try:
            self.recorder.end_process()
        finally:
            let_go(self._lock)
            self._lock = -1
        return self.recorder.spool.kept

    def give_up(self) -> None:
        """Stop recording after a fault; what was written stays."""
        self._remove_probes()
        _recordings.discard(self)
        self.recorder.close()
        let_go(self._lock)
        self._lock = -1

    def _remove_probes(self) -> None:
        while self._probes:
            self._probes.pop().remove()
