"""One run in detail."""

from collections import Counter
from collections.abc import Callable, Sequence
from typing import Final

from lapwing.model.last_attempt import last_attempts
from lapwing.model.load import StoredLoad
from lapwing.model.record import CollectRecord, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.model.shared_use import is_shared
from lapwing.model.time_use import TimeUse
from lapwing.report.page import Column, Page, Section, Table
from lapwing.report.pages.imports import import_sections
from lapwing.report.pages.loads import loads_section
from lapwing.report.pages.measured import measured_section
from lapwing.report.pages.moment import local_minute
from lapwing.report.pages.place import short_place
from lapwing.report.pages.run_summary import where_section
from lapwing.report.pages.runs import revision_text, state_text
from lapwing.report.pages.stopped import stopped_sections
from lapwing.units import NS_PER_S, format_count, format_duration, format_share, format_size

ORDERS: Final[dict[str, Callable[[TestRecord], float]]] = {
    "time": lambda record: -(record.duration_ns or 0),
    "cpu": lambda record: -(record.cpu_ns or 0),
    "waiting": lambda record: -(record.waiting_ns or 0),
    "memory": lambda record: -(record.peak_bytes or 0),
    "start": lambda record: record.start_ns,
}
"""Orders of the tests by name; the largest first, `start` in order of execution."""

_REQUESTS: Final = "http_requests"
_OWN_RUNNERS: Final = ("pytest", "python")  # a suite, and a script that measures itself
_MOST_FIXTURES = 15
_MOST_MODULES = 10


def show_page(
    recorded: RecordedRun,
    use: TimeUse,
    *,
    order: str = "time",
    most: int = 30,
    loads: Sequence[StoredLoad] = (),
) -> Page:
    """The run's facts, its tests in `order` (at most `most`), fixtures, collection, load tests."""
    run = recorded.run
    facts = [
        f"run {run.run_id}",
        f"started {local_minute(run.started_at_ns)}, took {format_duration(run.duration_ns)}",
        state_text(run),
        f"revision {revision_text(run.revision) or 'unknown'}",
        f"machine {run.machine_class}",
        _command(run),
    ]
    sections = [
        Section(title="", slug="facts", sentences=tuple(facts)),
        where_section(use),
        _tests(recorded, order, most),
        *stopped_sections(recorded),
    ]
    if any(record.counters for record in recorded.tests):
        sections.append(_counted(recorded))
    if recorded.fixtures:
        sections.append(_fixtures(recorded))
    if recorded.collection:
        sections.append(_collection(recorded))
    sections += import_sections(recorded.imports, _MOST_MODULES)
    if recorded.benchmarks:
        sections.append(measured_section("benchmarks", recorded.benchmarks))
    if loads:
        sections.append(loads_section(loads))
    last = last_attempts(recorded.tests)
    outcomes = Counter(record.outcome.value for record in last).most_common()
    reruns = len(recorded.tests) - len(last)
    parts = [f"{count} {name}" for name, count in outcomes] + ([f"{reruns} rerun"] if reruns else [])
    verdict = ", ".join(parts)
    return Page(title="run", verdict=verdict, sections=tuple(sections))


def _command(run: Run) -> str:
    """How it was started, or whose report it was read from."""
    if run.runner in _OWN_RUNNERS and run.python:
        return f"command {run.runner} {' '.join(run.command)}".rstrip()
    return f"read from reports of {run.runner}" + (
        f", command {' '.join(run.command)}" if run.command else ""
    )


def _tests(recorded: RecordedRun, order: str, most: int) -> Section:
    records = sorted(recorded.tests, key=ORDERS[order])
    rows = tuple(
        (
            _time(record.duration_ns),
            _time(record.setup_ns),
            _time(record.call_ns),
            _time(record.teardown_ns),
            _time(record.cpu_ns),
            _time(record.waiting_ns),
            "-" if record.peak_bytes is None else format_size(record.peak_bytes),
            record.outcome.value + (f" #{record.attempt}" if record.attempt > 1 else ""),
            record.nodeid,
        )
        for record in records[:most]
    )
    names = ("total", "set-up", "call", "tear-down", "cpu", "waiting", "peak")
    columns = (*(Column(name, is_number=True) for name in names), Column("outcome"), Column("test"))
    more = len(records) - most
    said = f"{len(records)} by {order}" + (f", {more} not shown (--limit)" if more > 0 else "")
    return Section(title="tests", slug="tests", sentences=(said,), table=Table(columns=columns, rows=rows))


def _counted(recorded: RecordedRun) -> Section:
    """What probes counted, over all tests; of caches, how much of what was looked up was there."""
    events, times, tests = Counter[str](), Counter[str](), Counter[str]()
    most: dict[str, tuple[int, int, str]] = {}
    for record in recorded.tests:
        for name, (count, time_ns) in record.counters.items():
            if is_shared(name):  # a name, and no count
                continue
            events[name] += count
            times[name] += time_ns
            tests[name] += 1
            most[name] = max(most.get(name, (0, 0, "")), (time_ns, count, record.nodeid))
    rows = tuple(
        (name, f"{events[name]:,}", format_duration(times[name]), str(tests[name]), most[name][2])
        for name in sorted(events, key=lambda name: (-times[name], name))
    )
    said = ["what probes counted, the longest first; times of tasks and threads side by side add up"]
    looked_up = events["cache_hits"] + events["cache_misses"]
    if looked_up:
        said.append(f"caches had {format_share(events['cache_hits'] / looked_up)} of what was looked up")
    requests = events[_REQUESTS]
    if requests:
        asking = sum(record.duration_ns or 0 for record in recorded.tests if _REQUESTS in record.counters)
        each = format_duration(times[_REQUESTS] / requests)
        rate = f", {requests * NS_PER_S / asking:.3g} a second in the tests that send them" if asking else ""
        said.append(f"answers to {format_count(requests, 'request')} took {each} on average{rate}")
    columns = (
        Column("counter"),
        *(Column(name, is_number=True) for name in ("events", "time", "tests")),
        Column("most in"),
    )
    return Section(
        title="counted", slug="counters", sentences=tuple(said), table=Table(columns=columns, rows=rows)
    )


def _fixtures(recorded: RecordedRun) -> Section:
    sums: dict[tuple[str, str, str], list[int]] = {}
    for record in recorded.fixtures:
        entry = sums.setdefault((record.name, record.scope, record.location), [0, 0, 0])
        entry[0] += 1
        entry[1] += record.setup_ns
        entry[2] += record.teardown_ns or 0
    ranked = sorted(sums.items(), key=lambda each: -(each[1][1] + each[1][2]))
    rows = tuple(
        (
            *(format_duration(ns) for ns in (setup + teardown, setup, teardown)),
            str(uses),
            name,
            scope,
            short_place(location),
        )
        for (name, scope, location), (uses, setup, teardown) in ranked[:_MOST_FIXTURES]
    )
    names = ("total", "set-up", "tear-down", "times")
    columns = (
        *(Column(name, is_number=True) for name in names),
        Column("fixture"),
        Column("scope"),
        Column("defined at"),
    )
    said = f"{_listed(len(ranked), _MOST_FIXTURES, 'fixture')}, the costliest first"
    table = Table(columns=columns, rows=rows)
    return Section(title="fixtures", slug="fixtures", sentences=(said,), table=table)


def _collection(recorded: RecordedRun) -> Section:
    slowest: dict[str, CollectRecord] = {}
    for record in recorded.collection:
        known = slowest.get(record.nodeid)
        if known is None or record.duration_ns > known.duration_ns:
            slowest[record.nodeid] = record
    ranked = sorted(slowest.values(), key=lambda record: -record.duration_ns)
    rows = tuple(
        (format_duration(record.duration_ns), format_duration(record.cpu_ns), record.nodeid)
        for record in ranked[:_MOST_MODULES]
    )
    whole = format_duration(sum(record.duration_ns for record in recorded.collection))
    columns = (Column("time", is_number=True), Column("cpu", is_number=True), Column("module"))
    workers = len({record.worker for record in recorded.collection})
    each = f" of {workers} workers together; times of the slowest of them" if workers > 1 else ""
    said = f"{_listed(len(ranked), _MOST_MODULES, 'module')} in {whole}{each}"
    return Section(
        title="collection", slug="collection", sentences=(said,), table=Table(columns=columns, rows=rows)
    )


def _listed(count: int, most: int, what: str) -> str:
    """How many there are, and how many of them a list shows."""
    counted = format_count(count, what)
    return f"the first {most} of {counted}" if count > most else counted


def _time(ns: int | None) -> str:
    return "-" if ns is None else format_duration(ns)
