"""The page of one test for formats that can draw: its line over runs, how it lay before and after a step."""

from itertools import pairwise

from lapwing.model.history import SubjectHistory
from lapwing.model.metric import PEAK, Unit
from lapwing.report.chart import Chart, LineChart, Point, Scale, SpreadChart, SpreadGroup
from lapwing.report.page import Page
from lapwing.report.pages.moment import local_day, local_minute
from lapwing.report.pages.subject_history import subject_history_page
from lapwing.units import format_change, format_count

_COMMIT_SHOWN = 10
_NAMES = {"wall": "Wall time", "cpu": "CPU time", PEAK.name: "Peak memory"}
_USUAL = (0.1, 0.9)  # quantiles of a stretch between which a value is usual


def charted_history_page(history: SubjectHistory, *, most: int) -> Page:
    """The page of `subject_history_page`, its drawing as a chart; the newest `most` runs in a table."""
    page = subject_history_page(history, most=most, width=80)
    if len(history.values) < 2:
        return page
    charts: tuple[Chart, ...] = tuple(filter(None, (_line(history), _spread(history))))
    sections = tuple(
        section._replace(drawing=(), sentences=(), charts=charts) if section.slug == "chart" else section
        for section in page.sections
    )
    return page._replace(sections=sections)


def _line(history: SubjectHistory) -> LineChart:
    steps = tuple(step.at for step in history.change.steps)
    levels = tuple(step.before for step in history.change.steps)
    last = history.change.steps[-1].after if levels else sorted(history.values)[len(history.values) // 2]
    first, newest = (history.points[history.measured[at]].started_at_ns for at in (0, -1))
    machine = ", the machine taken out" if history.is_machine_known else ""
    runs = format_count(len(history.values), "run")
    said = f"{runs} from {local_day(first)} to {local_day(newest)}{machine}; "
    said += f"{format_count(len(steps), 'step')}, the band is where eight of ten runs of a level lie."
    return LineChart(
        title=f"{_NAMES.get(history.metric, history.metric)} over runs",
        sentence=said,
        points=tuple(_point(history, at) for at in range(len(history.values))),
        scale=_scale(history),
        steps=steps,
        levels=(*levels, last),
        band=_band(history.values, steps),
    )


def _point(history: SubjectHistory, at: int) -> Point:
    point = history.points[history.measured[at]]
    label = f"{local_minute(point.started_at_ns)} {(point.commit or '')[:_COMMIT_SHOWN]}".strip()
    return Point(label, history.values[at], "" if point.outcome == "passed" else point.outcome)


def _band(values: tuple[float, ...], steps: tuple[int, ...]) -> tuple[tuple[float, float], ...]:
    band: list[tuple[float, float]] = []
    for start, stop in pairwise((0, *steps, len(values))):
        ordered = sorted(values[start:stop])
        low, high = (ordered[round(share * (len(ordered) - 1))] for share in _USUAL)
        band += [(low, high)] * (stop - start)
    return tuple(band)


def _spread(history: SubjectHistory) -> SpreadChart | None:
    if not history.change.steps:
        return None
    edges = (0, *(step.at for step in history.change.steps), len(history.values))
    before = history.values[edges[-3] : edges[-2]]
    after = history.values[edges[-2] :]
    step = history.change.steps[-1]
    moved = "" if step.ratio is None else f"; the level moved by {format_change(step.ratio)}"
    return SpreadChart(
        title="Before and after the last step",
        sentence=f"{format_count(len(before), 'run')} before and {len(after)} after{moved}.",
        groups=(SpreadGroup("before", before), SpreadGroup("after", after)),
        scale=_scale(history),
    )


def _scale(history: SubjectHistory) -> Scale:
    if history.metric == PEAK.name or history.unit == Unit.BYTES:
        return Scale.SIZE
    return Scale.DURATION if history.unit == Unit.NS else Scale.COUNT
