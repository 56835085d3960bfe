"""A run as a trace in the form of Chrome's trace viewer, which Perfetto and speedscope read, too.

The form is the JSON object format of "Trace Event Format": complete events (`X`) with begin and duration
in microseconds, and metadata events (`M`) that name tracks. Slices of one track lie beside or inside each
other, never across: a fixture's set-up is told by its own clock readings and therefore has a track beside
its worker's tests.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import Any, Final

from lapwing.model.record import FixtureRecord, TestRecord
from lapwing.model.run import RecordedRun
from lapwing.units import NS_PER_MS, NS_PER_US

_PROCESS: Final = 1
_PHASES: Final = ("setup", "call", "teardown")


def chrome_trace(recorded: RecordedRun, begin_ns: int) -> dict[str, Any]:
    """The trace of a run; `begin_ns` is the offset from the run's start that becomes the trace's zero."""
    run = recorded.run
    workers = sorted(
        {each.name for each in run.processes}
        | {each.worker for each in recorded.tests}
        | {each.worker for each in recorded.fixtures}
        | {each.worker for each in recorded.collection}
    )
    events = [_named("process_name", 0, f"{run.project or 'tests'}, run {run.run_id}")]
    for at, worker in enumerate(workers):
        track, beside = 2 * at + 1, 2 * at + 2
        fixtures = [each for each in recorded.fixtures if each.worker == worker]
        events.append(_named("thread_name", track, worker))
        events += _start_up(recorded, worker, track, begin_ns)
        for each in recorded.collection:
            if each.worker == worker:
                events.append(
                    _slice("collection", each.nodeid, track, each.start_ns - begin_ns, each.duration_ns)
                )
        for record in recorded.tests:
            if record.worker == worker:
                events += _test(record, track, begin_ns)
        if fixtures:
            events.append(_named("thread_name", beside, f"{worker}, fixtures"))
            events += _fixtures(fixtures, beside, begin_ns)
    return {
        "traceEvents": events,
        "displayTimeUnit": "ms",
        "otherData": {"run_id": run.run_id, "commit": run.revision.commit, "tool": "lapwing"},
    }


def _start_up(recorded: RecordedRun, worker: str, track: int, begin_ns: int) -> Iterator[dict[str, Any]]:
    """From the trace's zero to the moment at which this process began to record."""
    started = next((each.start_ns for each in recorded.run.processes if each.name == worker), begin_ns)
    if started > begin_ns:
        yield _slice("start-up", "start-up", track, 0, started - begin_ns)


def _test(record: TestRecord, track: int, begin_ns: int) -> Iterator[dict[str, Any]]:
    """The test, and inside it its phases, one after another."""
    begin = record.start_ns - begin_ns
    event = _slice("test", record.nodeid, track, begin, record.duration_ns or 0)
    event["args"] = {
        "outcome": record.outcome.value,
        "category": record.category,
        "attempt": record.attempt,
        "cpu_ms": None if record.cpu_ns is None else record.cpu_ns / NS_PER_MS,
        **{
            f"{name}, {count.count} times, ms": count.time_ns / NS_PER_MS
            for name, count in record.counters.items()
        },
    }
    yield event
    for name, spent in zip(_PHASES, (record.setup_ns, record.call_ns, record.teardown_ns), strict=True):
        if spent:
            yield _slice("phase", name, track, begin, spent)
            begin += spent


def _fixtures(fixtures: Sequence[FixtureRecord], track: int, begin_ns: int) -> Iterable[dict[str, Any]]:
    """The set-ups. A recorded time is the fixture's own: those that it asked for meanwhile are added."""
    ends: list[int] = []
    open_at: list[int] = []
    ordered = sorted(fixtures, key=lambda each: each.start_ns)
    for at, each in enumerate(ordered):
        while open_at and ends[open_at[-1]] <= each.start_ns:
            open_at.pop()
        for outer in open_at:
            ends[outer] += each.setup_ns
        ends.append(each.start_ns + each.setup_ns)
        open_at.append(at)
    for each, end in zip(ordered, ends, strict=True):
        event = _slice("fixture", each.name, track, each.start_ns - begin_ns, end - each.start_ns)
        event["args"] = {
            "scope": each.scope,
            "defined": each.location,
            "first asked by": each.requester,
            "param": each.param,
            "own_ms": each.setup_ns / NS_PER_MS,
            "teardown_ms": None if each.teardown_ns is None else each.teardown_ns / NS_PER_MS,
        }
        yield event


def _slice(kind: str, name: str, track: int, begin_ns: int, duration_ns: int) -> dict[str, Any]:
    return {
        "ph": "X",
        "cat": kind,
        "name": name,
        "pid": _PROCESS,
        "tid": track,
        "ts": begin_ns / NS_PER_US,
        "dur": duration_ns / NS_PER_US,
    }


def _named(what: str, track: int, name: str) -> dict[str, Any]:
    return {"ph": "M", "name": what, "pid": _PROCESS, "tid": track, "args": {"name": name}}
