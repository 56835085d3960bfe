"""What the runs before say: the suite's trend, and tests that are flaky in outcome."""

import math

from lapwing.model.report import FlakyTest, Report
from lapwing.model.trend import Slope, Trend
from lapwing.report.page import Column, Section, Table
from lapwing.report.pages.moment import local_minute
from lapwing.units import format_change, format_duration

_SURE = 0.05  # a trend that chance makes more often than this is none
_FEWEST = 5  # runs under which no order of them is surprising

_TREND_COLUMNS = (
    Column("run"),
    Column("started"),
    Column("tests", is_number=True),
    Column("total", is_number=True),
    Column("since the first", is_number=True),
)
_FLAKY_COLUMNS = (
    Column("failed", is_number=True),
    Column("passed", is_number=True),
    Column("where"),
    Column("test"),
)
_ID_SHOWN = 13
_COMMIT_SHOWN = 10


def trend_section(report: Report, most: int) -> Section:
    """The suite's total over its last runs, its slope, and how sure that is."""
    title, slug = "Trend", "trend"
    trend = report.trend
    if trend is None or len(trend.points) < 2:
        said = "There is no history yet: a trend needs two complete runs."
        if trend is not None and trend.unlike:
            these = "The complete run" if trend.unlike == 1 else f"The {trend.unlike} complete runs"
            they = "it" if trend.unlike == 1 else "they"
            said = f"{these} before it cannot be laid beside it: {they} ran {trend.why_unlike}."
        return Section(title=title, slug=slug, sentences=(said,))
    first = trend.points[0].total_ns
    rows = tuple(
        (
            point.run_id[:_ID_SHOWN],
            local_minute(point.started_at_ns),
            f"{point.tests:,}",
            format_duration(point.total_ns),
            format_change(point.total_ns / first) if first else "",
        )
        for point in trend.points[-most:]
    )
    runs = f"{len(trend.points)} complete runs of about as many tests on this machine class"
    said = f"The suite over the last {runs}: {_slope_text(trend)}."
    return Section(title=title, slug=slug, sentences=(said,), table=Table(_TREND_COLUMNS, rows))


def flaky_section(report: Report, most: int) -> Section:
    """Tests that failed and passed on the same code."""
    title, slug = "Flaky in outcome", "flaky"
    if not report.flaky:
        said = "No test failed and passed on the same code."
        return Section(title=title, slug=slug, sentences=(said,))
    rows = tuple(
        (str(test.failed), str(test.passed), _where(test), test.nodeid) for test in report.flaky[:most]
    )
    said = f"{len(report.flaky)} failed and passed on the same code."
    return Section(title=title, slug=slug, sentences=(said,), table=Table(_FLAKY_COLUMNS, rows))


def _slope_text(trend: Trend) -> str:
    slope = trend.slope
    if slope is None:
        return "no slope can be told"
    span = f"interval {_per_run(slope.low)} to {_per_run(slope.high)} per run"
    if len(trend.points) < _FEWEST:
        return f"too few to tell a trend from chance, {_per_run(slope.per_run)} per run so far"
    if slope.p > _SURE:
        return f"no trend that can be told from chance, {_per_run(slope.per_run)} per run ({span})"
    word = "growing" if slope.per_run > 0 else "shrinking"
    return f"{word} by {format_duration(abs(slope.per_run))} per run ({span}; {_chance(slope)})"


def _per_run(ns: float) -> str:
    return f"{'+' if ns > 0 else ''}{format_duration(ns)}"


def _chance(slope: Slope) -> str:
    """One in how many orders of the same values; one digit, for the chance is an approximation."""
    times = 1 / max(slope.p, 1e-6)
    digit = 10 ** int(math.log10(times))
    return f"about 1 in {int(times / digit) * digit:,} by chance"


def _where(test: FlakyTest) -> str:
    return "attempts of this run" if test.commit is None else f"runs of {test.commit[:_COMMIT_SHOWN]}"
