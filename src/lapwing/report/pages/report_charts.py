"""The report for formats that can draw: the same sections, with charts, the timeline and every test."""

from bisect import bisect_right
from typing import Final

from lapwing.model.comparison import ChangeVerdict
from lapwing.model.metric import WALL
from lapwing.model.report import GroupSummary, Report
from lapwing.report.chart import Bar, BarChart, Chart, LineChart, PartsChart, Point, Scale
from lapwing.report.page import Page, Section
from lapwing.report.pages.changes import by_verdict
from lapwing.report.pages.every_test import every_test_section
from lapwing.report.pages.figures import tests_text
from lapwing.report.pages.moment import local_minute
from lapwing.report.pages.report import report_page
from lapwing.report.pages.timeline import timeline_section
from lapwing.units import NS_PER_MS, NS_PER_S, format_duration, format_share

_CLASSES: Final = (
    ("under 1 ms", 0),
    ("1 to 10 ms", NS_PER_MS),
    ("10 to 100 ms", 10 * NS_PER_MS),
    ("100 ms to 1 s", 100 * NS_PER_MS),
    ("1 to 10 s", NS_PER_S),
    ("over 10 s", 10 * NS_PER_S),
)
_MOST_GROUPS: Final = 10


def charted_report_page(report: Report, *, most: int = 50) -> Page:
    """The page of `report_page`, richer: lists of tests have at most `most` rows, all tests come last."""
    page = report_page(report, most=most)
    charts: dict[str, Chart | None] = {
        "summary": _durations(report),
        "categories": _groups(report.by_category, "category"),
        "folders": _groups(report.by_folder, "folder"),
        "time": _time(report),
        "trend": _trend(report),
        "regressions": _lost(report),
    }
    sections: list[Section] = []
    for section in page.sections:
        chart = charts.get(section.slug)
        sections.append(section._replace(charts=(chart,)) if chart else section)
        if section.slug == "time":
            sections.append(timeline_section(report.recorded))
    return page._replace(sections=(*sections, every_test_section(report)))


def _durations(report: Report) -> Chart | None:
    """How many tests take how long, and the time that they take together."""
    if report.recorded is None:
        return None
    edges = [edge for _, edge in _CLASSES]
    counts, sums = [0] * len(edges), [0] * len(edges)
    for record in report.recorded.tests:
        if record.duration_ns is not None:
            at = bisect_right(edges, record.duration_ns) - 1
            counts[at] += 1
            sums[at] += record.duration_ns
    whole = sum(sums)
    if not whole:
        return None
    at = max(range(len(sums)), key=sums.__getitem__)
    return BarChart(
        title="Tests by how long they take",
        sentence=f"{tests_text(counts[at])} of {sum(counts):,} that take {_CLASSES[at][0]} make "
        f"{format_share(sums[at] / whole)} of the time.",
        across="a test takes",
        scale=Scale.COUNT,
        bars=tuple(
            Bar(name, count, f"in {format_duration(total)}")
            for (name, _), count, total in zip(_CLASSES, counts, sums, strict=True)
        ),
    )


def _groups(groups: tuple[GroupSummary, ...], kind: str) -> Chart | None:
    """Time in tests by group, where there is more than one."""
    if len(groups) < 2 or not groups[0].total_ns:
        return None
    whole = sum(group.total_ns for group in groups)
    first = groups[0]
    return BarChart(
        title=f"Time in tests by {kind}",
        sentence=f"{first.name or 'The tests without one'} takes {format_share(first.total_ns / whole)} "
        f"of {format_duration(whole)} in tests.",
        across=kind,
        scale=Scale.DURATION,
        bars=tuple(Bar(group.name, group.total_ns) for group in groups[:_MOST_GROUPS]),
    )


def _time(report: Report) -> Chart | None:
    use = report.time
    parts = (
        ("calls, computing", use.call_cpu_ns),
        ("calls, waiting", use.call_waiting_ns),
        ("fixtures", use.fixtures_ns),
        ("other set-up and tear-down", use.setup_other_ns + use.teardown_ns),
        ("start-up and collection", use.startup_ns + use.collection_ns),
        ("pytest itself", use.pytest_ns),
    )
    if not use.worker_ns:
        return None
    name, most = max(parts, key=lambda part: part[1])
    return PartsChart(
        sentence=f"Most of the time, {format_share(most / use.worker_ns)}, went into {name}.",
        parts=tuple(Bar(name, ns) for name, ns in parts if ns > 0),
        scale=Scale.DURATION,
    )


def _trend(report: Report) -> Chart | None:
    trend = report.trend
    if trend is None or len(trend.points) < 2:
        return None
    totals = [point.total_ns for point in trend.points]
    return LineChart(
        title="Time in tests over the last runs",
        sentence=f"Between {format_duration(min(totals))} and {format_duration(max(totals))} "
        f"over {len(totals)} runs; {format_duration(totals[-1])} in this one.",
        points=tuple(
            Point(f"{local_minute(point.started_at_ns)} {(point.commit or '')[:10]}".strip(), point.total_ns)
            for point in trend.points
        ),
        scale=Scale.DURATION,
    )


def _lost(report: Report) -> Chart | None:
    """What the tests that became slower take more than before, the most first."""
    if report.comparison is None:
        return None
    lost = {
        each.nodeid: each.after - each.before
        for each in by_verdict(report.comparison, ChangeVerdict.REGRESSED)
        if each.metric == WALL.name and each.after > each.before
    }
    if not lost:
        return None
    ordered = sorted(lost.items(), key=lambda item: -item[1])
    whole = sum(lost.values())
    name, most = ordered[0]
    verb = "takes" if len(ordered) == 1 else "take"
    share = "" if len(ordered) == 1 else f"; {name} takes {format_share(most / whole)} of it"
    return BarChart(
        title="Time lost by test",
        sentence=f"{tests_text(len(ordered))} {verb} {format_duration(whole)} more than before{share}.",
        across="test",
        scale=Scale.DURATION,
        bars=tuple(Bar(nodeid, ns) for nodeid, ns in ordered[:_MOST_GROUPS]),
    )
