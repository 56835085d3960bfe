"""Reading a spool file back, as far as it was written."""

from __future__ import annotations

import json
import os
from collections.abc import Iterator, Mapping
from itertools import compress, repeat
from operator import add
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, Subtest, TestRecord
from lapwing.model.value import Value
from lapwing.store.run_files import line

if TYPE_CHECKING:
    from lapwing.model.budget import TestBudgets
    from lapwing.model.import_cost import ImportCost
    from lapwing.model.measurement import BenchmarkRecord
    from lapwing.store.run_files.writer import Kept

_OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}
_NO_COUNTERS: Final[Mapping[str, Count]] = {}
_SPOOL: Final = ".jsonl"
_CHUNK_BYTES: Final = 1 << 18
_NO_EXTRAS: Final[tuple[int, Mapping[str, Count], tuple[Subtest, ...]]] = (0, _NO_COUNTERS, ())
_new_record: Final[Any] = tuple.__new__  # as `TestRecord._make` does


class Begun(Value):
    """A test that began and never ended in its process."""

    nodeid: str
    attempt: int
    start_ns: int  # since the epoch


class Stop(Value):
    """A test that its deadline stopped."""

    nodeid: str
    attempt: int
    at_ns: int  # since the epoch
    stack: str


class ProcessSpool(Value):
    """What one process wrote. Offsets of records count from the epoch until `gather` shifts them."""

    run_id: str
    worker: str
    pid: int
    start_ns: int  # since the epoch
    startup_ns: int
    conftests_ns: int | None
    end_ns: int | None  # None where the process did not end in order
    boot_cpu_ns: int | None
    end_blocks: int | None
    tests: list[TestRecord]
    fixtures: list[FixtureRecord]
    collection: list[CollectRecord]
    benchmarks: list[BenchmarkRecord]
    deselected: int
    was_interrupted: bool
    running: Begun | None
    limits: list[TestBudgets]
    stops: list[Stop]
    imports: list[ImportCost]
    broken_lines: int


def read_process(path: Path, origin_ns: int = 0) -> ProcessSpool | None:
    """The content of one spool file, offsets counted from `origin_ns` (since the epoch).

    None where not even the header is whole. A last line without its newline is what a kill
    leaves behind and is passed over; other lines that cannot be read are counted as broken.
    Raises OSError; ValueError for a format of a newer version.
    """
    with path.open("rb") as file:
        reading = _begun(file.readline(), path.name, origin_ns)
        if reading is None:
            return None
        while lines := file.readlines(_CHUNK_BYTES):
            reading.take_all(lines)
    return reading.all()


def kept_process(kept: Kept, origin_ns: int = 0) -> ProcessSpool | None:
    """What `read_process` would read in the file of this very process, from what it kept of it."""
    header, *lines = kept.lines
    reading = _begun(header, "", origin_ns)
    if reading is None:
        return None
    reading.take_tests(kept.tests)
    if lines:
        reading.take_all(lines)
    reading.begun = ["b", *kept.running] if kept.running is not None else []
    return reading.all()


def _begun(raw: bytes, name: str, origin_ns: int) -> _Reading | None:
    """A reading that has taken the header; None where that is not whole. Raises as `read_process`."""
    header = _parse(raw)
    if header is None or len(header) < 2 or header[0] != "h":
        return None
    if header[1] != line.FORMAT:
        raise ValueError(f"{name} has format {header[1]}, this version reads {line.FORMAT}")
    if len(header) != line.HEADER_ITEMS:
        return None
    _, _, run_id, worker, pid, clock, epoch, startup, conftests = header
    if not all(isinstance(number, int) for number in (pid, clock, epoch, startup, conftests or 0)):
        return None
    return _Reading(run_id, worker, pid, clock, epoch - origin_ns, startup, conftests)


def _whole_or_none(item: Any) -> int | None:
    return item if item.__class__ is int else None


def _parse(raw: bytes) -> list[Any] | None:
    if not raw.endswith(b"\n"):
        return None
    try:
        items = json.loads(raw)
    except ValueError:
        return None
    return items if isinstance(items, list) and items else None


class _Reading:
    """State of reading one file: definitions and set-ups that later lines refer to."""

    def __init__(
        self, run_id: str, worker: str, pid: int, clock: int, start: int, startup: int, conftests: int | None
    ) -> None:
        """Of what the header tells; `start` is the offset of its moment, `clock` its monotonic ns."""
        self.run_id = run_id
        self.worker = worker
        self.pid = pid
        self.start = start
        self.startup = startup
        self.conftests = conftests
        self.shift = start - clock  # monotonic ns + shift = offset
        self.tests: list[TestRecord] = []
        self.collection: list[CollectRecord] = []
        self.benchmarks: list[BenchmarkRecord] = []
        self.definitions: dict[int, tuple[str, str, str]] = {}
        self.setups: dict[int, tuple[FixtureRecord, bool]] = {}
        self.begun: list[Any] = []  # items of the `b` line of a test that has not ended
        self.end: int | None = None
        self.boot_cpu: int | None = None
        self.blocks: int | None = None
        self.limits: list[TestBudgets] = []
        self.stops: list[Stop] = []
        self.imports: list[ImportCost] = []
        self.deselected = 0
        self.was_interrupted = False
        self.broken = 0

    def all(self) -> ProcessSpool:
        """What was read so far."""
        return ProcessSpool(
            run_id=self.run_id,
            worker=self.worker,
            pid=self.pid,
            start_ns=self.start,
            startup_ns=self.startup,
            conftests_ns=self.conftests,
            end_ns=self.end,
            boot_cpu_ns=self.boot_cpu,
            end_blocks=self.blocks,
            tests=self.tests,
            fixtures=[record for record, _ in self.setups.values()],
            collection=self.collection,
            benchmarks=self.benchmarks,
            deselected=self.deselected,
            was_interrupted=self.was_interrupted,
            running=self.running(),
            limits=self.limits,
            stops=self.stops,
            imports=self.imports,
            broken_lines=self.broken,
        )

    def running(self) -> Begun | None:
        """The test that began and has not ended."""
        if not self.begun:
            return None
        _, nodeid, attempt, start = self.begun
        return Begun(nodeid, attempt, start + self.shift)

    def take_all(self, lines: list[bytes]) -> None:
        """Many lines at once: one call of the JSON parser costs a third of many."""
        try:
            parsed = json.loads(b"[" + b",".join(lines) + b"]") if lines[-1].endswith(b"\n") else []
        except ValueError:
            parsed = []
        if len(parsed) == len(lines):
            for items in parsed:
                self.take(items)
        else:  # one of them is torn or broken
            for raw in lines:
                if raw.endswith(b"\n"):  # else torn by a kill: the test that was running
                    self.take(_parse(raw))

    def take_tests(self, kept: list[tuple[Any, ...]]) -> None:
        """Tests as `Kept` has them, before any line: by columns, with nothing to parse."""
        if not kept:
            return
        nodeids, attempts, starts, outcomes, measures, metas, extras = zip(*kept, strict=True)
        known = {meta: line.category_and_markers(meta) for meta in set(metas)}
        categories = {meta: category for meta, (category, _) in known.items()}
        rests = {meta: (0, markers, _NO_COUNTERS, ()) for meta, (_, markers) in known.items()}
        heads = zip(
            nodeids,
            map(_OUTCOMES.__getitem__, outcomes),
            attempts,
            repeat(self.worker),
            map(categories.__getitem__, metas),
            map(self.shift.__add__, starts),
            strict=False,
        )
        facts = map(add, map(add, heads, measures), map(rests.__getitem__, metas))
        self.tests += map(_new_record, repeat(TestRecord), facts)
        places = tuple(compress(range(len(kept)), extras))
        for place, items in zip(places, line.extras_of(tuple(filter(None, extras))), strict=True):
            shared, counters, subtests = self._extras(nodeids[place], *items)
            *own, _, markers, _, _ = self.tests[place]
            self.tests[place] = _new_record(TestRecord, (*own, shared, markers, counters, subtests))

    def take(self, items: Any) -> None:
        if items.__class__ is not list:
            self.broken += 1
            return
        try:
            kind = items[0]
            if kind == "t":
                self._test(items)
            elif kind == "b":
                _, _, _, start = items
                start + self.shift  # a test that may be the last one: refuse it now
                self.begun = items
            elif kind == "o":
                self.tests[-1] = self.tests[-1]._replace(outcome=_OUTCOMES[items[1]])
            elif kind == "c":
                self._collector(items)
            elif kind == "z":
                self._setups(items[1], items[2])
                self._teardowns(items[3])
            elif kind == "m":
                self.benchmarks.append(line.benchmark_of(items))
            elif kind == "l":
                self.limits.append(line.limits_of(items))
            elif kind == "s":
                _, nodeid, attempt, clock, stack = items
                self.stops.append(Stop(nodeid, attempt, clock + self.shift, stack))
            elif kind == "p":
                self.imports += line.imports_of(items)
            elif kind == "i":
                self.was_interrupted = True
            elif kind == "x":
                self.deselected += items[1]
            elif kind == "e":
                self.end = items[1] + self.shift
                if len(items) > 2:
                    self.boot_cpu, self.blocks = map(_whole_or_none, items[2:4])
        except (TypeError, ValueError, IndexError, KeyError):
            self.broken += 1

    def _test(self, items: list[Any]) -> None:
        begun, self.begun = self.begun, []
        _, nodeid, attempt, start = begun
        _, outcome, measures, category, markers, *extras = items
        shared, counters, subtests = self._extras(nodeid, *extras) if extras else _NO_EXTRAS
        self.tests.append(
            _new_record(
                TestRecord,
                (
                    nodeid,
                    _OUTCOMES[outcome],
                    attempt,
                    self.worker,
                    category,
                    start + self.shift,
                    *line.measures_of(measures),
                    shared,
                    tuple(markers),
                    counters,
                    subtests,
                ),
            )
        )

    def _extras(
        self,
        nodeid: str,
        counts: dict[str, list[int]],
        parts: list[tuple[str, str, int | None]],
        setups: list[list[Any]],
        teardowns: list[list[int]],
    ) -> tuple[int, Mapping[str, Count], tuple[Subtest, ...]]:
        """What only some tests have: time of shared fixtures, counters and subtests."""
        shared = self._setups(nodeid, setups) + self._teardowns(teardowns)
        counters = {name: Count(*value) for name, value in counts.items()} if counts else _NO_COUNTERS
        subtests = tuple([Subtest(name, _OUTCOMES[how], ns) for name, how, ns in parts])
        return shared, counters, subtests

    def _setups(self, nodeid: str, setups: list[list[Any]]) -> int:
        shared = 0
        for number, definition, start, duration, param, failed, *described in setups:
            if described:
                self.definitions[definition] = tuple(described)
            if definition not in self.definitions:  # its line was lost
                continue
            name, scope, location = self.definitions[definition]
            is_shared = scope != "function"
            if is_shared:
                shared += duration
            record = FixtureRecord(
                name, scope, location, nodeid, self.worker, param, start + self.shift, duration, None, failed
            )
            self.setups[number] = (record, is_shared)
        return shared

    def _teardowns(self, teardowns: list[list[int]]) -> int:
        shared = 0
        for number, duration in teardowns:
            if number not in self.setups:  # its line was lost
                continue
            record, is_shared = self.setups[number]
            *facts, _, failed = record
            self.setups[number] = (_new_record(FixtureRecord, (*facts, duration, failed)), is_shared)
            if is_shared:
                shared += duration
        return shared

    def _collector(self, items: list[Any]) -> None:
        _, nodeid, start, duration, cpu, outcome = items
        self.collection.append(
            CollectRecord(nodeid, self.worker, start + self.shift, duration, cpu, _OUTCOMES[outcome])
        )


def process_files(folder: Path) -> Iterator[Path]:
    """The spool files in a run's folder, by name."""
    try:
        names = sorted(os.listdir(folder))  # noqa: PTH208, a pattern costs ten times more
    except FileNotFoundError:
        return
    for name in names:
        if name.endswith(_SPOOL):
            yield folder / name
