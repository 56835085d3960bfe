"""Gathering: the spool files of a run become one recorded run."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Final

from lapwing.model.record import CollectRecord, FixtureRecord, Outcome, TestRecord, taker
from lapwing.model.run import RecordedRun, StoppedTest, WorkerFacts
from lapwing.model.value import Value
from lapwing.store.run_files.folder import RunFacts, read_facts, watchdog_file
from lapwing.store.run_files.reader import ProcessSpool, Stop, kept_process, process_files, read_process

if TYPE_CHECKING:
    from lapwing.model.budget import TestBudgets
    from lapwing.model.import_cost import ImportCost
    from lapwing.model.measurement import BenchmarkRecord
    from lapwing.store.run_files.writer import Kept

_OUTCOME: Final = taker("outcome")
_START: Final = taker("start_ns")

MAIN: Final = "main"
"""Name of the process that is not a worker of pytest-xdist."""


class Gathered(Value):
    """A run read back from its folder."""

    recorded: RecordedRun
    broken_lines: int  # lines that could not be read, a torn last one of a killed process included
    was_killed: bool  # the run never came to its end


def gather(folder: Path, facts: RunFacts | None = None, kept: Kept | None = None) -> Gathered | None:
    """The run in `folder`, as far as it was written; None where nothing of it can be read.

    `facts` are what the folder says of the run, for a caller who has just written it, and `kept` what this
    process still has of its own file.
    A test that began and never ended is `crashed` if its worker died and the run went on,
    `unfinished` if the run was killed or interrupted. Raises OSError; ValueError for a folder of
    a newer version.
    """
    facts = facts or read_facts(folder)
    if facts is None:
        return None
    run = facts.ended or facts.started
    spools = [
        spool for path in process_files(folder) if (spool := _read(path, run.started_at_ns, kept)) is not None
    ]
    tests: list[TestRecord] = []
    fixtures: list[FixtureRecord] = []
    collection: list[CollectRecord] = []
    benchmarks: list[BenchmarkRecord] = []
    processes: list[WorkerFacts] = []
    limits: dict[tuple[str, str], TestBudgets] = {}
    stopped: list[StoppedTest] = []
    imports: dict[str, ImportCost] = {}
    for spool in spools:
        crashed = spool.end_ns is None and facts.ended is not None and spool.worker != MAIN
        tests += spool.tests
        stops = list(spool.stops)
        if spool.running is not None:
            ended = _ended_by_watchdog(folder, spool, run.started_at_ns)
            stops += [ended] if ended is not None else []
            tests.append(_cut_short(spool, crashed, stops))
        stopped += [StoppedTest(stop.nodeid, stop.attempt, stop.stack) for stop in stops]
        limits |= {(each.nodeid, each.category): each for each in spool.limits}
        imports = {each.module: each for each in spool.imports} | imports  # workers import the same
        fixtures += spool.fixtures
        collection += spool.collection
        benchmarks += spool.benchmarks
        processes.append(_process(spool, crashed))
        if spool.worker == MAIN and spool.end_ns is not None:
            # By the monotonic clock: a test may have left the clock of the day frozen or moved.
            run = run._replace(duration_ns=max(0, spool.end_ns))
    if facts.ended is None:
        last = max((record.start_ns + (record.duration_ns or 0) for record in tests), default=0)
        run = run._replace(is_complete=False, why_incomplete="killed", duration_ns=max(last, 0))
    elif run.is_complete:
        why = _why_incomplete(tests, collection, any(spool.was_interrupted for spool in spools))
        run = run._replace(is_complete=not why, why_incomplete=why)
    if run.distribution == "loadgroup":
        from lapwing.model.ids import normalize_node_id

        tests = [record._replace(nodeid=normalize_node_id(record.nodeid)) for record in tests]
        fixtures = [record._replace(requester=normalize_node_id(record.requester)) for record in fixtures]
        stopped = [each._replace(nodeid=normalize_node_id(each.nodeid)) for each in stopped]
        named = (each._replace(nodeid=normalize_node_id(each.nodeid)) for each in limits.values())
        limits = {(each.nodeid, each.category): each for each in named}
    # Every worker of pytest-xdist collects and deselects the whole suite.
    deselected = max((spool.deselected for spool in spools), default=0)
    recorded = RecordedRun(
        run=run._replace(processes=tuple(processes), deselected=deselected),
        tests=tuple(tests),
        fixtures=tuple(fixtures),
        collection=tuple(collection),
        benchmarks=tuple(benchmarks),
        budgets=tuple(limits.values()),
        stopped=tuple(stopped),
        imports=tuple(sorted(imports.values(), key=lambda each: (-each.cumulative_ns, each.module))),
    )
    return Gathered(recorded, sum(spool.broken_lines for spool in spools), facts.ended is None)


def _why_incomplete(tests: list[TestRecord], collection: list[CollectRecord], was_interrupted: bool) -> str:
    """What pytest's exit status did not say: tests that never ended, or were never collected."""
    outcomes = set(map(_OUTCOME, tests))
    if Outcome.CRASHED in outcomes:
        return "a worker crashed"
    if was_interrupted or Outcome.UNFINISHED in outcomes:
        return "interrupted"
    return "collection errors" if any(each.outcome is Outcome.ERROR for each in collection) else ""


def _ended_by_watchdog(folder: Path, spool: ProcessSpool, origin_ns: int) -> Stop | None:
    """The end of the running test by the watchdog, which can only write into a file of its own."""
    assert spool.running is not None
    path = folder / watchdog_file(spool.worker)
    try:
        stack = path.read_text(encoding="utf-8", errors="replace")
        at_ns = path.stat().st_mtime_ns - origin_ns
    except FileNotFoundError:
        return None
    return Stop(spool.running.nodeid, spool.running.attempt, at_ns, stack) if stack else None


def _cut_short(spool: ProcessSpool, crashed: bool, stops: list[Stop]) -> TestRecord:
    """The test that was running: stopped at its deadline with its process, or ended with it."""
    assert spool.running is not None
    running = spool.running
    for stop in stops:
        if (stop.nodeid, stop.attempt) == (running.nodeid, running.attempt):
            return TestRecord(
                nodeid=running.nodeid,
                outcome=Outcome.TIMEOUT,
                attempt=running.attempt,
                worker=spool.worker,
                start_ns=running.start_ns,
                call_ns=max(0, stop.at_ns - running.start_ns),
            )
    return TestRecord(
        nodeid=spool.running.nodeid,
        outcome=Outcome.CRASHED if crashed else Outcome.UNFINISHED,
        attempt=spool.running.attempt,
        worker=spool.worker,
        start_ns=spool.running.start_ns,
    )


def _read(path: Path, origin_ns: int, kept: Kept | None) -> ProcessSpool | None:
    if kept is not None and path.name == kept.name:
        return kept_process(kept, origin_ns)
    return read_process(path, origin_ns)


def _process(spool: ProcessSpool, crashed: bool) -> WorkerFacts:
    first = min(map(_START, spool.tests), default=None)
    return WorkerFacts(
        name=spool.worker,
        pid=spool.pid,
        start_ns=spool.start_ns,
        warmup_ns=None if first is None else first - spool.start_ns,
        end_ns=spool.end_ns,
        crashed=crashed,
        conftests_ns=spool.conftests_ns,
        boot_cpu_ns=spool.boot_cpu_ns,
        end_blocks=spool.end_blocks,
    )
