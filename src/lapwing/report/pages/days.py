"""Days whose runs were removed: what is left of them, as a part of pages."""

from collections.abc import Sequence
from datetime import UTC, datetime

from lapwing.model.day import DaySummary
from lapwing.report.chart import LineChart, Point, Scale
from lapwing.report.page import Column, Section, Table
from lapwing.units import NS_PER_S, format_count, format_duration

_MOST = 60


def days_section(days: Sequence[DaySummary]) -> Section | None:
    """Means by day and the range of each, the newest last; None where nothing was removed."""
    if not days:
        return None
    runs = format_count(sum(each.runs for each in days), "run")
    said = f"{runs} on {format_count(len(days), 'day')} were removed; their sums by day are kept."
    chart = LineChart(
        title="Mean by day",
        sentence=f"{said} The band goes from the quickest to the slowest run.",
        points=tuple(Point(_day(each), each.mean_ns) for each in days),
        scale=Scale.DURATION,
        across="day",
        band=tuple((each.least_ns, each.most_ns) for each in days),
    )
    rows = tuple(
        (
            _day(each),
            str(each.runs),
            format_duration(each.mean_ns),
            format_duration(each.least_ns),
            format_duration(each.most_ns),
        )
        for each in days[-_MOST:]
    )
    columns = (
        Column("day (UTC)"),
        Column("runs", is_number=True),
        Column("mean", is_number=True),
        Column("quickest", is_number=True),
        Column("slowest", is_number=True),
    )
    return Section(
        title="Before that, by day",
        slug="days",
        sentences=(said,),
        charts=(chart,) if len(days) > 1 else (),
        table=Table(columns, rows),
    )


def _day(each: DaySummary) -> str:
    return datetime.fromtimestamp(each.begin_ns // NS_PER_S, UTC).date().isoformat()
