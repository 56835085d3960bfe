"""Which process did what when: the timeline of a run."""

from collections.abc import Sequence

from lapwing.model.record import CollectRecord, TestRecord
from lapwing.model.run import RecordedRun, WorkerFacts
from lapwing.report.chart import Lane, Span, SpanKind, TimelineChart
from lapwing.report.page import Section
from lapwing.report.pages.run_strips import strips_of
from lapwing.units import format_duration, format_share

_TITLE, _SLUG = "Timeline", "timeline"


def timeline_section(recorded: RecordedRun | None) -> Section:
    """A lane per process, from the first moment of any; what shares of their time they were busy."""
    chart = None if recorded is None else timeline_of(recorded)
    if chart is None:
        said = "No test says when it began: a timeline needs a run that Lapwing recorded itself."
        return Section(title=_TITLE, slug=_SLUG, sentences=(said,))
    assert recorded is not None
    strips = strips_of(recorded, _first_moment(recorded), chart.duration_ns)
    return Section(title=_TITLE, slug=_SLUG, charts=(chart, *strips))


def timeline_of(recorded: RecordedRun) -> TimelineChart | None:
    """The chart of a run; None where no test has a moment of its own."""
    if not any(record.start_ns for record in recorded.tests):
        return None
    facts = {each.name: each for each in recorded.run.processes}
    tests: dict[str, list[TestRecord]] = {}
    modules: dict[str, list[CollectRecord]] = {}
    for record in recorded.tests:
        tests.setdefault(record.worker, []).append(record)
    for each in recorded.collection:
        modules.setdefault(each.worker, []).append(each)
    names = sorted(facts.keys() | tests.keys() | modules.keys(), key=_by_number)
    begin = _first_moment(recorded)
    every = (
        Lane(name, _spans(facts.get(name), tests.get(name, ()), modules.get(name, ()), begin))
        for name in names
    )
    lanes = tuple(lane for lane in every if lane.spans)
    if not lanes:
        return None
    end = max(span.end_ns for lane in lanes for span in lane.spans)
    floor = _floor(list(tests.values()), begin)
    return TimelineChart(
        sentence=f"{_sentence(lanes, end)} {_floor_sentence(floor)}".strip(),
        duration_ns=end,
        lanes=lanes,
        floor_ns=floor,
    )


def _floor(by_worker: Sequence[Sequence[TestRecord]], begin: int) -> int | None:
    """When the last test could have ended at the earliest, in any order of tests on these workers.

    From the first test of all on, no less than the longest test takes, nor than an even share of them all.
    None for a single worker, whose tests come one after another in any order.
    """
    if len(by_worker) < 2:
        return None
    took = [record.duration_ns or 0 for tests in by_worker for record in tests]
    first = min(record.start_ns for tests in by_worker for record in tests)
    return first - begin + max(max(took), -(-sum(took) // len(by_worker)))


def _floor_sentence(floor: int | None) -> str:
    if floor is None:
        return ""
    return f"No order of these tests ends before {format_duration(floor)}: the dashed line."


def _spans(
    facts: WorkerFacts | None,
    tests: Sequence[TestRecord],
    modules: Sequence[CollectRecord],
    begin: int,
) -> tuple[Span, ...]:
    """Start-up, collection and tests of one process in order of their begin."""
    spans = [
        Span(each.start_ns - begin, ((SpanKind.COLLECTION, each.duration_ns),), each.nodeid)
        for each in modules
        if each.duration_ns
    ]
    for record in tests:
        times = (
            (SpanKind.SETUP, record.setup_ns),
            (SpanKind.CALL, record.call_ns),
            (SpanKind.TEARDOWN, record.teardown_ns),
        )
        parts = tuple((kind, spent) for kind, spent in times if spent)
        if parts:
            spans.append(Span(record.start_ns - begin, parts, record.nodeid))
    if facts is not None and facts.start_ns > begin:
        spans.append(Span(0, ((SpanKind.STARTUP, facts.start_ns - begin),), "start-up"))
    return tuple(sorted(spans, key=lambda span: span.begin_ns))


def _first_moment(recorded: RecordedRun) -> int:
    """The offset from the run's start of the earliest thing that is known."""
    starts = [each.start_ns for each in recorded.run.processes]
    starts += [record.start_ns for record in recorded.tests]
    starts += [each.start_ns for each in recorded.collection]
    return min(starts)


def _sentence(lanes: tuple[Lane, ...], end: int) -> str:
    busy = sum(span.end_ns - span.begin_ns for lane in lanes for span in lane.spans)
    whole = max(1, end * len(lanes))
    last = max(lanes, key=lambda lane: max(span.end_ns for span in lane.spans))
    ends = f"; {last.name} ends last, with {last.spans[-1].label}" if len(lanes) > 1 else ""
    return (
        f"{len(lanes)} process{'es' if len(lanes) > 1 else ''} over {format_duration(end)}, "
        f"in tests, collection or start-up {format_share(min(1.0, busy / whole))} of the time{ends}."
    )


def _by_number(name: str) -> tuple[str, int]:
    """gw10 comes after gw9."""
    word = name.rstrip("0123456789")
    digits = name[len(word) :]
    return word, int(digits) if digits else -1
