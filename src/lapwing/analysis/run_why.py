"""Why a run takes so long: its worker-seconds by cause, its critical path, its longest tail."""

from collections.abc import Iterable, Sequence
from heapq import nsmallest
from typing import Final

from lapwing.analysis.suite_summary import fixture_costs, module_costs
from lapwing.analysis.test_time import test_time
from lapwing.analysis.where_time_went import attribution
from lapwing.analysis.worker_spans import WorkerSpan, first_moment, worker_spans
from lapwing.model.run import RecordedRun
from lapwing.model.why import Cause, RunWhy, WorkerPath

_LONGEST: Final = 5


def run_why(recorded: RecordedRun, most: int) -> RunWhy:
    """The worker-seconds of a run that Lapwing recorded; at most `most` parts of each phase.

    The critical path is the worker whose last test ended last. The floor is the longest test, or the time of
    all tests divided by the workers, whichever is more: no distribution beats it (Graham 1969).
    """
    spans = worker_spans(recorded)
    split = test_time(recorded.tests)
    last_ns = max((span.last_ns for span in spans), default=0)
    # One that was killed did not wait for others, and another took its place.
    alive = [span for span in spans if not span.unknown_ns] or spans
    tail_start = min((span.last_ns for span in alive), default=0)
    phases = _phases(recorded, spans, most)
    durations = [record.duration_ns or 0 for record in recorded.tests]
    return RunWhy(
        wall_ns=max(0, recorded.run.duration_ns - first_moment(recorded)),
        workers=max(1, len(spans)),
        worker_ns=sum(phase.time_ns for phase in phases),
        phases=phases,
        test_time=split.causes,
        unexplained=split.unexplained,
        critical=_critical(spans),
        tail_ns=last_ns - tail_start,
        tail_idle_ns=sum(span.idle_ns for span in spans),
        tail_tests=_tail_tests(spans, tail_start) if len(spans) > 1 else (),
        imports=recorded.imports,
        floor_ns=max(max(durations, default=0), -(-sum(durations) // max(1, len(spans)))),
    )


def _phases(recorded: RecordedRun, spans: Sequence[WorkerSpan], most: int) -> tuple[Cause, ...]:
    use = attribution(recorded)
    modules = [
        Cause(each.nodeid, each.duration_ns, count=each.processes)
        for each in module_costs(recorded.collection)
    ]
    fixtures = [
        Cause(
            f"{each.name} ({each.location})" if each.location else each.name,
            each.total_ns,
            (Cause("set-up", each.setup_ns), Cause("tear-down", each.teardown_ns)),
            each.setups,
        )
        for each in fixture_costs(recorded.fixtures)
    ]
    called = [(-record.call_ns, record.nodeid) for record in recorded.tests if record.call_ns]
    calls = tuple(Cause(nodeid, -taken) for taken, nodeid in nsmallest(most, called))
    conftests = _conftests(recorded, spans)
    found = (
        Cause("start-up", sum(span.startup_ns for span in spans) - conftests),
        Cause("conftest files, and set-up of plugins", conftests),
        Cause("collection and imports", sum(span.collection_ns for span in spans), tuple(modules[:most])),
        Cause("pytest itself, before the first test", sum(span.settling_ns for span in spans)),
        Cause("fixtures", use.fixtures_ns, tuple(fixtures[:most]), sum(each.count for each in fixtures)),
        Cause("other set-up", use.setup_other_ns),
        Cause("calls", use.call_ns, calls, len(called)),
        Cause("other tear-down", use.teardown_ns),
        Cause("pytest itself, around tests", sum(span.between_ns for span in spans)),
        Cause("idle workers, waiting for tests", sum(span.waiting_ns for span in spans)),
        Cause("idle workers, with no test left", sum(span.idle_ns for span in spans)),
        Cause("end of the run", sum(span.ending_ns for span in spans)),
        Cause("killed workers", sum(span.unknown_ns for span in spans)),
    )
    return tuple(cause for cause in found if cause.time_ns)


def _conftests(recorded: RecordedRun, spans: Sequence[WorkerSpan]) -> int:
    """What the workers' conftest files took of their start-up, as far as that is known."""
    known = {each.name: each.conftests_ns or 0 for each in recorded.run.processes}
    return sum(min(span.startup_ns, known.get(span.name, 0)) for span in spans)


def _critical(spans: Iterable[WorkerSpan]) -> WorkerPath | None:
    span = max(spans, key=lambda each: each.last_ns, default=None)
    if span is None or not span.tests:
        return None
    longest = sorted(span.tests, key=lambda record: -(record.duration_ns or 0))[:_LONGEST]
    return WorkerPath(
        worker=span.name,
        before_ns=span.startup_ns + span.collection_ns + span.settling_ns,
        tests_ns=span.tests_ns,
        between_ns=span.between_ns + span.waiting_ns,
        idle_ns=span.idle_ns,
        tests=len(span.tests),
        longest=tuple((record.nodeid, record.duration_ns or 0) for record in longest),
    )


def _tail_tests(spans: Iterable[WorkerSpan], start: int) -> tuple[tuple[str, int], ...]:
    inside = []
    for span in spans:
        for record in span.tests:
            end = record.start_ns + (record.duration_ns or 0)
            if end > start:
                inside.append((record.nodeid, end - max(start, record.start_ns)))
    return tuple(sorted(inside, key=lambda item: (-item[1], item[0]))[:_LONGEST])
