"""The numbers of a chart as a table: the same facts for whoever sees no picture."""

from collections.abc import Sequence

from lapwing.report.chart import (
    Bar,
    BarChart,
    Chart,
    FlameChart,
    LineChart,
    PartsChart,
    SpanKind,
    SpreadChart,
    TimelineChart,
)
from lapwing.report.charts.scale import quantile, shown
from lapwing.report.page import Column, Table
from lapwing.units import format_duration, format_share


def twin(chart: Chart) -> Table:
    """The table. Of values that are many it holds every one; of a timeline, what each process did."""
    if isinstance(chart, LineChart):
        return _of_line(chart)
    if isinstance(chart, BarChart):
        return _of_bars(chart)
    if isinstance(chart, PartsChart):
        return _of_parts(chart)
    if isinstance(chart, SpreadChart):
        return _of_spread(chart)
    if isinstance(chart, FlameChart):
        return _of_flame(chart)
    return _of_timeline(chart)


def _of_line(chart: LineChart) -> Table:
    has_notes = any(point.note for point in chart.points)
    columns = [Column(chart.across), Column("value", is_number=True)]
    extra = [Column("usual from", is_number=True), Column("to", is_number=True)] if chart.band else []
    rows = []
    for at, point in enumerate(chart.points):
        band = [shown(edge, chart.scale) for edge in chart.band[at]] if chart.band else []
        note = [point.note] if has_notes else []
        rows.append((point.label, shown(point.value, chart.scale), *band, *note))
    return Table((*columns, *extra, *([Column("note")] if has_notes else [])), tuple(rows))


def _of_bars(chart: BarChart) -> Table:
    columns = (Column(chart.across), Column("value", is_number=True))
    return _noted(columns, chart.bars, [(bar.label, shown(bar.value, chart.scale)) for bar in chart.bars])


def _of_parts(chart: PartsChart) -> Table:
    whole = sum(max(0.0, part.value) for part in chart.parts) or 1.0
    columns = (
        Column("no.", is_number=True),
        Column("part"),
        Column("value", is_number=True),
        Column("share", is_number=True),
    )
    rows = [
        (str(at), part.label, shown(part.value, chart.scale), format_share(max(0.0, part.value) / whole))
        for at, part in enumerate(chart.parts, 1)
    ]
    return _noted(columns, chart.parts, rows)


def _noted(columns: tuple[Column, ...], bars: tuple[Bar, ...], rows: Sequence[tuple[str, ...]]) -> Table:
    """The table, with a last column for notes if one of the bars has any."""
    if not any(bar.note for bar in bars):
        return Table(columns, tuple(rows))
    noted = tuple((*row, bar.note) for row, bar in zip(rows, bars, strict=True))
    return Table((*columns, Column("note")), noted)


def _of_spread(chart: SpreadChart) -> Table:
    marks = ((0.0, "least"), (0.25, "p25"), (0.5, "median"), (0.75, "p75"), (1.0, "most"))
    columns = (
        Column(""),
        Column("values", is_number=True),
        *(Column(name, is_number=True) for _, name in marks),
    )
    rows = []
    for group in chart.groups:
        ordered = sorted(group.values)
        cells = [shown(quantile(ordered, q), chart.scale) if ordered else "–" for q, _ in marks]
        rows.append((group.label, f"{len(ordered):,}", *cells))
    return Table(columns, tuple(rows))


def _of_flame(chart: FlameChart) -> Table:
    names = ("depth", "value", "share")
    columns = (*(Column(name, is_number=True) for name in names), Column("function"), Column("defined"))
    rows = tuple(
        (str(box.depth), shown(box.value, chart.scale), format_share(box.share), box.label, box.place)
        for box in sorted(chart.boxes, key=lambda box: (box.begin, box.depth))
    )
    return Table(columns, rows)


def _of_timeline(chart: TimelineChart) -> Table:
    kinds = [
        kind
        for kind in SpanKind
        if any(part == kind for lane in chart.lanes for span in lane.spans for part, _ in span.parts)
    ]
    columns = (
        Column("process"),
        *(Column(kind.value, is_number=True) for kind in kinds),
        Column("last end", is_number=True),
        Column("idle or between tests", is_number=True),
    )
    rows = []
    for lane in chart.lanes:
        spent = dict.fromkeys(kinds, 0)
        for span in lane.spans:
            for kind, part_ns in span.parts:
                spent[kind] += part_ns
        idle = max(0, chart.duration_ns - sum(spent.values()))
        end = max((span.end_ns for span in lane.spans), default=0)
        times = (*(spent[kind] for kind in kinds), end, idle)
        rows.append((lane.name, *(format_duration(ns) for ns in times)))
    return Table(columns, tuple(rows))
