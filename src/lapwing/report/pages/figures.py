"""The figures of a suite: counts, times, success, by category and by folder; its slowest tests."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.model.kept_limits import KeptLimits
from lapwing.model.record import TestRecord
from lapwing.model.report import GroupSummary, Report
from lapwing.report.page import Column, Section, Table
from lapwing.units import format_count, format_duration, format_share

UNKNOWN = "–"

_GROUP_COLUMNS = (
    Column(""),
    Column("tests", is_number=True),
    Column("slow", is_number=True),
    Column("total", is_number=True),
    Column("share", is_number=True),
    Column("median", is_number=True),
    Column("p95", is_number=True),
    Column("success", is_number=True),
)
_WITHIN: Final = Column("within budget", is_number=True)
_PART_COLUMNS: Final[dict[str, Callable[[TestRecord], int | None]]] = {
    "shared": lambda record: record.shared_fixture_ns,
    "set-up": lambda record: record.setup_ns,
    "tear-down": lambda record: record.teardown_ns,
    "waiting": lambda record: record.waiting_ns,
}
_WORTH_A_COLUMN = 0.1  # share of a test's time that one of the rows must reach
_WORTH_A_CELL = 0.01


def summary_section(report: Report) -> Section:
    """Tests, outcomes, success; total, mean, median, percentiles; how many are slow."""
    figures = report.summary
    if not figures.tests:
        return Section(title="Summary", slug="summary", sentences=("No test was recorded.",))
    counted = ", ".join(f"{count:,} {name}" for name, count in figures.outcomes.items())
    success = (
        "no outcome is known"
        if figures.success_rate is None
        else f"success rate {format_share(figures.success_rate)}"
    )
    run = report.recorded.run if report.recorded else None
    if run is not None and not run.is_complete:
        why = f" ({run.why_incomplete})" if run.why_incomplete else ""
        success += f", of those that ran to their end: the run is incomplete{why}"
    sentences = [f"{tests_text(figures.tests)}: {counted}; {success}."]
    if figures.mean_ns is None:
        sentences.append("No duration was recorded.")
    else:
        sentences.append(
            f"{format_duration(figures.total_ns)} in tests: mean {_time(figures.mean_ns)}, "
            f"median {_time(figures.median_ns)}, p95 {_time(figures.p95_ns)}, p99 {_time(figures.p99_ns)}."
        )
    limit = format_duration(report.slow_ns)
    verb = "is" if figures.slow_tests == 1 else "are"
    sentences.append(
        f"{tests_text(figures.slow_tests)} {verb} slow (over {limit})."
        if figures.slow_tests
        else f"No test is slow (over {limit})."
    )
    return Section(title="Summary", slug="summary", sentences=tuple(sentences))


def groups_section(
    title: str, slug: str, groups: Sequence[GroupSummary], most: int, limits: KeptLimits = KeptLimits()
) -> Section:
    """One row per group, the longest total first; with the share within budget where `limits` tell it."""
    if not groups:
        return Section(title=title, slug=slug, sentences=("No test was recorded.",))
    whole = max(1, sum(group.total_ns for group in groups))
    rows = tuple(
        (
            group.name,
            f"{group.tests:,}",
            f"{group.slow_tests:,}",
            format_duration(group.total_ns),
            format_share(group.total_ns / whole),
            _time(group.median_ns),
            _time(group.p95_ns),
            UNKNOWN if group.success_rate is None else format_share(group.success_rate),
            *([_within(limits, group.name)] if limits.tests else []),
        )
        for group in groups[:most]
    )
    return Section(
        title=title,
        slug=slug,
        sentences=not_shown(len(groups), most),
        table=Table(columns=(*_GROUP_COLUMNS, *([_WITHIN] if limits.tests else [])), rows=rows),
    )


def slowest_section(report: Report, most: int) -> Section:
    """The slow tests; where there is none, the longest ones all the same."""
    title, slug = "Slowest tests", "slowest"
    if not report.slowest:
        return Section(title=title, slug=slug, sentences=("No test was timed.",))
    slow, limit = report.summary.slow_tests, format_duration(report.slow_ns)
    shown = report.slowest[: max(1, most)]
    share = sum(record.duration_ns or 0 for record in shown) / max(1, report.summary.total_ns)
    said = f"over {limit}: {slow}" if slow else f"none over {limit}"
    these = "this one takes" if len(shown) == 1 else f"these {len(shown)} take"
    return Section(
        title=title,
        slug=slug,
        sentences=(f"{said[0].upper()}{said[1:]}; {these} {format_share(share)} of the time in tests.",),
        table=_slowest_table(shown),
    )


def tests_text(count: int) -> str:
    """`1 test`, `2 tests`."""
    return format_count(count, "test")


def not_shown(count: int, most: int) -> tuple[str, ...]:
    """A sentence on what a list leaves out, if it does."""
    return (f"The first {most:,} of {count:,}.",) if count > most else ()


def _slowest_table(records: Sequence[TestRecord]) -> Table:
    """Duration, node id, and of the parts of the duration those that matter for one of the tests."""
    parts = {
        name: part_of
        for name, part_of in _PART_COLUMNS.items()
        if any((part_of(record) or 0) > _WORTH_A_COLUMN * (record.duration_ns or 0) for record in records)
    }
    return Table(
        columns=(
            Column("total", is_number=True),
            *(Column(name, is_number=True) for name in parts),
            Column("test"),
        ),
        rows=tuple(
            (
                _time(record.duration_ns),
                *(_part(part_of(record), record) for part_of in parts.values()),
                record.nodeid,
            )
            for record in records
        ),
    )


def _within(limits: KeptLimits, category: str) -> str:
    tests = limits.tests.get(category, 0)
    return format_share(limits.within.get(category, 0) / tests) if tests else UNKNOWN


def _part(ns: int | None, record: TestRecord) -> str:
    """A part of a test's time; empty where it hardly counts."""
    return "" if (ns or 0) < _WORTH_A_CELL * (record.duration_ns or 0) else _time(ns)


def _time(ns: float | None) -> str:
    return UNKNOWN if ns is None else format_duration(ns)
