"""A project at a glance: the first page of the dashboard."""

from lapwing.model.inbox import ItemState
from lapwing.model.overview import Overview
from lapwing.model.test_board import TestStanding
from lapwing.report.chart import LineChart, Point, Scale
from lapwing.report.page import Column, Page, Section, Table, Tone
from lapwing.report.pages.moment import local_day, local_minute
from lapwing.report.pages.open_alerts import alerts_section
from lapwing.report.pages.runs import revision_text, state_text
from lapwing.units import format_change, format_count, format_duration, format_share

_SHOWN_POINTS = 60
_OPEN = (ItemState.NEW, ItemState.ACKNOWLEDGED, ItemState.INVESTIGATING)


def overview_page(overview: Overview) -> Page:
    """Verdict on the suite first, then what wants a decision, what costs, and the runs."""
    if overview.newest is None:
        return Page(
            title="Overview",
            verdict="No run is recorded yet.",
            tone=Tone.UNSURE,
            hints=("Record one with: pytest --track-performance",),
        )
    open_items = [item for item in overview.inbox.items if item.note.state in _OPEN]
    return Page(
        title="Overview",
        verdict=_verdict(overview, len(open_items)),
        tone=Tone.BAD if open_items else Tone.GOOD,
        sections=(
            _suite(overview),
            _newest(overview),
            _open(overview, len(open_items)),
            alerts_section(overview.alerts),
            _where(overview),
            _limits(overview),
            _tests("Most expensive tests", "expensive", overview.most_expensive, "No test is recorded."),
            _grown(overview),
            _points(overview),
        ),
    )


def _verdict(overview: Overview, open_items: int) -> str:
    if not overview.points:
        return "No complete run of the suite is recorded."
    said = (
        f"The suite takes {format_duration(overview.median_ns)} (median of four weeks; "
        f"95th percentile {format_duration(overview.p95_ns)})"
    )
    if overview.before_ns:
        said += f", {format_change(overview.median_ns / overview.before_ns)} against the four weeks before"
    return f"{said}. {format_count(open_items, 'regression')} open."


def _suite(overview: Overview) -> Section:
    title, slug = "The suite over time", "suite"
    points = overview.points
    if len(points) < 2:
        return Section(title=title, slug=slug, sentences=("It takes two complete runs to draw.",))
    said = f"{format_count(len(points), 'complete run')} from {local_day(points[0].started_at_ns)} on"
    dates = ", ".join(local_day(points[at].started_at_ns) for at in overview.steps)
    said += f"; a new level since {dates}." if dates else "; no lasting step."
    if any(each.failed for each in points):
        said += " A cross is a run in which tests failed."
    chart = LineChart(
        title="Wall time of the suite",
        sentence=said,
        points=tuple(
            Point(local_minute(each.started_at_ns), each.duration_ns, "failed tests" if each.failed else "")
            for each in points
        ),
        scale=Scale.DURATION,
        steps=overview.steps,
        levels=overview.levels,
        limit=overview.p95_ns or None,
        limit_name="95th percentile",
    )
    return Section(title=title, slug=slug, charts=(chart,))


def _limits(overview: Overview) -> Section:
    title, slug = "Budgets and coverage", "limits"
    limits = overview.facts.limits
    told = "" if overview.coverage is None else f"Tests reach {format_share(overview.coverage)} of the lines."
    if not limits:
        return Section(title=title, slug=slug, sentences=tuple(filter(None, ("No limit is judged.", told))))
    within, tests = sum(each[1] for each in limits), sum(each[2] for each in limits)
    said = f"{format_share(within / tests)} of {format_count(tests, 'test')} within budget in the newest run."
    rows = tuple(
        (name or "none", f"{kept:,}", f"{count:,}", format_share(kept / count))
        for name, kept, count in limits
    )
    columns = (
        Column("category"),
        Column("within budget", is_number=True),
        Column("tests", is_number=True),
        Column("share", is_number=True),
    )
    sentences = tuple(filter(None, (said, told)))
    return Section(title=title, slug=slug, sentences=sentences, table=Table(columns, rows))


def _grown(overview: Overview) -> Section:
    title, slug = "Tests that grew", "grown"
    if not overview.grown:
        return Section(title=title, slug=slug, sentences=("No test takes longer than it did.",))
    added = [each.p50_ns * (1 - 1 / (each.change or 1)) for each in overview.grown]
    weekly = [ns * overview.runs_a_week for ns in added]
    rows = tuple(
        (
            format_duration(ns),
            format_duration(a_week),
            format_duration(each.p50_ns),
            "" if each.change is None else format_change(each.change),
            each.nodeid,
        )
        for each, ns, a_week in zip(overview.grown, added, weekly, strict=True)
    )
    columns = (
        Column("added a run", is_number=True),
        Column("a week", is_number=True),
        Column("p50", is_number=True),
        Column("change", is_number=True),
        Column("test"),
    )
    said = (
        f"These {format_count(len(rows), 'test')} add {format_duration(sum(weekly))} a week, "
        f"at {overview.runs_a_week:.3g} runs a week."
    )
    return Section(title=title, slug=slug, sentences=(said,), table=Table(columns, rows))


def _newest(overview: Overview) -> Section:
    run = overview.newest
    assert run is not None
    passed = "" if overview.pass_rate is None else f", {format_share(overview.pass_rate)} of its tests passed"
    said = (
        f"{local_minute(run.started_at_ns)}, {revision_text(run.revision) or 'unknown revision'}: "
        f"{format_duration(run.duration_ns)}, {state_text(run)}{passed}."
    )
    return Section(title="Newest run", slug="newest", sentences=(said,))


def _open(overview: Overview, count: int) -> Section:
    if not count:
        return Section(title="Open regressions", slug="open", sentences=("None.",))
    rows = tuple(
        (
            format_duration(item.before_ns),
            format_duration(item.after_ns),
            format_change(item.ratio),
            item.note.state.value,
            item.nodeid,
        )
        for item in overview.inbox.items
        if item.note.state in _OPEN
    )[:10]
    columns = (
        Column("before", is_number=True),
        Column("now", is_number=True),
        Column("change", is_number=True),
        Column("state"),
        Column("test"),
    )
    said = f"{format_count(count, 'test')} surely slower than the baseline; the inbox has them all."
    return Section(title="Open regressions", slug="open", sentences=(said,), table=Table(columns, rows))


def _where(overview: Overview) -> Section:
    title = "Where time goes"
    total = sum(ns for _, ns in overview.facts.phases)
    if not total:
        return Section(title=title, slug="where", sentences=("The newest run does not tell.",))
    rows = tuple(
        (name, format_duration(ns), format_share(ns / total)) for name, ns in overview.facts.phases if ns > 0
    )
    columns = (Column("phase"), Column("worker-seconds", is_number=True), Column("share", is_number=True))
    longest = max(overview.facts.phases, key=lambda each: each[1])
    said = f"In the newest run, {format_share(longest[1] / total)} of the worker-seconds are {longest[0]}."
    return Section(title=title, slug="where", sentences=(said,), table=Table(columns, rows))


def _tests(title: str, slug: str, tests: tuple[TestStanding, ...], none: str) -> Section:
    if not tests:
        return Section(title=title, slug=slug, sentences=(none,))
    rows = tuple(
        (
            format_duration(each.total_ns),
            str(each.runs),
            format_duration(each.p50_ns),
            format_duration(each.p95_ns),
            "" if each.change is None else format_change(each.change),
            each.nodeid,
        )
        for each in tests
    )
    columns = (
        Column("total", is_number=True),
        Column("runs", is_number=True),
        Column("p50", is_number=True),
        Column("p95", is_number=True),
        Column("change", is_number=True),
        Column("test"),
    )
    return Section(title=title, slug=slug, table=Table(columns, rows))


def _points(overview: Overview) -> Section:
    shown = overview.points[-_SHOWN_POINTS:]
    rows = tuple(
        (
            point.run_id[:13],
            local_minute(point.started_at_ns),
            format_duration(point.duration_ns),
            format_duration(point.worker_ns),
            f"{point.tests:,}",
            str(point.failed),
        )
        for point in reversed(shown)
    )
    columns = (
        Column("run"),
        Column("started"),
        Column("took", is_number=True),
        Column("time of all tests", is_number=True),
        Column("tests", is_number=True),
        Column("failed", is_number=True),
    )
    said = f"The last {format_count(len(shown), 'complete run')} of the suite, newest first."
    return Section(title="Runs", slug="points", sentences=(said,), table=Table(columns, rows))
