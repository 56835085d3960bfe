"""What the newest run recorded of one test: its phases, the fixtures set up for it, what probes counted."""

from collections.abc import Iterator, Sequence

from lapwing.model.record import FixtureRecord, TestRecord
from lapwing.report.page import Column, Section, Table
from lapwing.report.pages.moment import local_minute
from lapwing.units import format_count, format_duration

_COLUMNS = (
    Column("what"),
    Column("wall", is_number=True),
    Column("cpu", is_number=True),
    Column("times", is_number=True),
)
_PHASES = (
    ("set-up", "setup_ns", "setup_cpu_ns"),
    ("call", "call_ns", "call_cpu_ns"),
    ("tear-down", "teardown_ns", "teardown_cpu_ns"),
)


def one_test_section(
    attempts: Sequence[TestRecord], fixtures: Sequence[FixtureRecord], started_at_ns: int
) -> Section | None:
    """The last attempt in parts; `started_at_ns` is that of its run. None where it was not recorded."""
    if not attempts:
        return None
    last = attempts[-1]
    tried = f", the last of {format_count(len(attempts), 'attempt')}" if len(attempts) > 1 else ""
    said = f"{local_minute(started_at_ns)}, {last.outcome.value} on {last.worker}{tried}."
    rows = (*_phases(last), *map(_fixture, fixtures), *_counters(last))
    return Section(
        title="Its newest run", slug="parts", sentences=(said,), table=Table(_COLUMNS, tuple(rows))
    )


def _phases(record: TestRecord) -> Iterator[tuple[str, ...]]:
    for name, wall, cpu in _PHASES:
        yield name, _time(getattr(record, wall)), _time(getattr(record, cpu)), ""
    if record.child_cpu_ns:
        yield "children that were waited for", "", _time(record.child_cpu_ns), ""
    if record.shared_fixture_ns:
        yield "of that, fixtures wider than the test", _time(record.shared_fixture_ns), "", ""


def _fixture(record: FixtureRecord) -> tuple[str, ...]:
    which = f"[{record.param}]" if record.param else ""
    said = f"fixture {record.name}{which} ({record.scope}, {record.location})"
    return said, _time(record.setup_ns + (record.teardown_ns or 0)), "", ""


def _counters(record: TestRecord) -> Iterator[tuple[str, ...]]:
    for probe, count in sorted(record.counters.items()):
        yield f"probe {probe}", _time(count.time_ns) if count.time_ns else "", "", f"{count.count:,}"


def _time(ns: int | None) -> str:
    return "–" if ns is None else format_duration(ns)
