"""Values in order: a line with its levels, steps, usual band and limit."""

from collections.abc import Callable, Sequence
from typing import Final

from lapwing.report.chart import LineChart, Point
from lapwing.report.charts.canvas import (
    across,
    cross,
    dot,
    label,
    level_line,
    of_whole,
    picture,
    stretched,
    stretched_x,
    upright_line,
)
from lapwing.report.charts.scale import round_up, shown
from lapwing.report.markup import element

_HEIGHT: Final = 200
_TOP: Final = 22
_BOTTOM: Final = 172
_MOST_POINTS: Final = 500
_MOST_DOTS: Final = 200
_LETTERS: Final = 12  # height of a name
_NAME_SHARE: Final = 0.2  # of the width, that the name of a limit takes


def line_chart(chart: LineChart) -> str:
    """The chart from zero up; without points, an empty frame."""
    points = chart.points
    values = [point.value for point in points]
    highest = max((*values, *(high for _, high in chart.band), chart.limit or 0), default=0)
    end = round_up(highest, chart.scale)

    def y_of(value: float) -> float:
        return _BOTTOM - (_BOTTOM - _TOP) * min(1.0, max(0.0, value / end))

    def share_of(at: int) -> float:
        if chart.strip_to:
            return of_whole((at + 0.5) / len(points))
        return at / (len(points) - 1) if len(points) > 1 else 0.5

    kept = _kept(values)
    path = " ".join(f"{stretched_x(share_of(at)):.1f},{y_of(values[at]):.1f}" for at in kept)
    layers = [_band(chart, kept, share_of, y_of)] if chart.band else []
    layers.append(_line(path, "lw-line"))
    drawn = [
        *(level_line(y_of(part * end), "lw-grid") for part in (0, 0.5, 1)),
        stretched(_HEIGHT, *layers),
    ]
    for level, start, stop in _stretches(chart):
        drawn.append(level_line(y_of(level), "lw-level", across(share_of(start)), across(share_of(stop - 1))))
    drawn += [upright_line(across(share_of(at)), _TOP, _BOTTOM, "lw-step") for at in chart.steps]
    if chart.limit is not None:
        drawn.append(level_line(y_of(chart.limit), "lw-limit"))
    drawn += [
        (cross if points[at].note else dot)(
            across(share_of(at)),
            y_of(values[at]),
            "lw-odd" if points[at].note else "lw-dot",
            _said(points[at], chart),
        )
        for at in kept
        if len(kept) <= _MOST_DOTS or points[at].note
    ]
    drawn += [label("0%", y_of(part * end) - 4, shown(part * end, chart.scale)) for part in (0.5, 1)]
    if chart.limit is not None:  # above the points, like all that is read
        said = f"{chart.limit_name} {shown(chart.limit, chart.scale)}".strip()
        marks = [(share_of(at), y_of(values[at])) for at in kept]
        read = [y_of(part * end) - 4 for part in (0.5, 1)]
        x, y, anchor = _free_place(y_of(chart.limit), marks, read)
        drawn.append(label(x, y, said, anchor=anchor, kind="lw-label lw-limit-label"))
    if chart.strip_to:
        drawn += _ends(points[0].label if points else "", chart.strip_to)
    else:
        drawn += _names(points)
    return picture(_HEIGHT, chart.sentence, *drawn, kind="strip" if chart.strip_to else "line")


def _free_place(
    limit_y: float, marks: Sequence[tuple[float, float]], scale_ys: Sequence[float]
) -> tuple[str, float, str]:
    """Where the name of the limit hides the fewest marks: x, y and anchor. The end of its line, if all alike.

    `marks` are (share of the width, y); at the left the scale is written at `scale_ys`.
    """
    above, below = limit_y - 4, limit_y + 13
    places = [("100%", above, "end"), ("100%", below, "end")]
    places += [("0%", y, "start") for y in (above, below) if all(abs(y - at) > _LETTERS for at in scale_ys)]

    def hidden(place: tuple[str, float, str]) -> int:
        _, y, anchor = place
        return sum(
            y - _LETTERS <= at <= y + 4
            and (share > 1 - _NAME_SHARE if anchor == "end" else share < _NAME_SHARE)
            for share, at in marks
        )

    return min(places, key=hidden)


def _kept(values: Sequence[float]) -> list[int]:
    """Positions to draw: all, or the lowest and highest value of each of so many stretches."""
    if len(values) <= _MOST_POINTS:
        return list(range(len(values)))
    stretches = _MOST_POINTS // 2
    kept: set[int] = {0, len(values) - 1}
    for at in range(stretches):
        part = range(at * len(values) // stretches, (at + 1) * len(values) // stretches)
        kept |= {min(part, key=values.__getitem__), max(part, key=values.__getitem__)}
    return sorted(kept)


def _stretches(chart: LineChart) -> list[tuple[float, int, int]]:
    """Each level with the positions where it begins and ends."""
    edges = [0, *chart.steps, len(chart.points)]
    return list(zip(chart.levels, edges, edges[1:], strict=False))


def _band(
    chart: LineChart, kept: Sequence[int], share_of: Callable[[int], float], y_of: Callable[[float], float]
) -> str:
    lower, upper = (
        [f"{stretched_x(share_of(at)):.1f},{y_of(chart.band[at][side]):.1f}" for at in kept]
        for side in (0, 1)
    )
    path = " ".join([*lower, *reversed(upper)])
    return element("polygon", {"points": path, "class": "lw-band", "opacity": "0.2"})


def _line(path: str, kind: str) -> str:
    return element(
        "polyline",
        {
            "points": path,
            "class": kind,
            "fill": "none",
            "stroke": "currentColor",
            "stroke-width": "1.5",
            "vector-effect": "non-scaling-stroke",
        },
    )


def _said(point: Point, chart: LineChart) -> str:
    note = f", {point.note}" if point.note else ""
    return f"{point.label}: {shown(point.value, chart.scale)}{note}"


def _ends(first: str, last: str) -> list[str]:
    """What both edges are, below the axis."""
    return [label("0%", _HEIGHT - 10, first), label("100%", _HEIGHT - 10, last, anchor="end")]


_KINDS: Final = ("lw-label", "lw-label lw-between")
"""Names at the edges, and the one between them, for which a telephone has no room."""


def _names(points: Sequence[Point]) -> list[str]:
    """The first, middle and last label below the axis."""
    if not points:
        return []
    places = (
        {0: ("0%", "start"), len(points) - 1: ("100%", "end")} if len(points) > 1 else {0: ("50%", "middle")}
    )
    if len(points) > 4 and len(points) % 2:
        places[len(points) // 2] = ("50%", "middle")
    return [
        label(x, _HEIGHT - 10, points[at].label[:28], anchor=anchor, kind=_KINDS[x == "50%"])
        for at, (x, anchor) in places.items()
    ]
