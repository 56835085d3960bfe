"""How values lie: a row per group, each value a mark, the middle half a box, the median a line."""

from typing import Final

from lapwing.report.chart import SpreadChart, SpreadGroup
from lapwing.report.charts.canvas import across, box, dot, label, level_line, picture, upright_line, wide
from lapwing.report.charts.scale import quantile, round_up, shown

_ROW: Final = 56
_MOST_MARKS: Final = 200


def spread_chart(chart: SpreadChart) -> str:
    """The chart from zero to the largest value, all groups on one axis."""
    end = round_up(max((value for group in chart.groups for value in group.values), default=0), chart.scale)
    drawn = []
    for at, group in enumerate(chart.groups):
        drawn += _row(group, chart, at * _ROW, end)
    bottom = max(1, len(chart.groups)) * _ROW
    drawn.append(level_line(bottom, "lw-grid"))
    drawn += [
        label(x, bottom + 14, shown(part * end, chart.scale), anchor=anchor)
        for x, part, anchor in (("0%", 0, "start"), ("50%", 0.5, "middle"), ("100%", 1, "end"))
    ]
    return picture(bottom + 20, chart.sentence, *drawn, kind="spread")


def _row(group: SpreadGroup, chart: SpreadChart, top: int, end: float) -> list[str]:
    drawn = [label("0%", top + 13, f"{group.label} ({len(group.values):,})")]
    if not group.values:
        return drawn
    ordered = sorted(group.values)
    low, middle, high = (quantile(ordered, q) for q in (0.25, 0.5, 0.75))
    said = f"median {shown(middle, chart.scale)}"
    drawn += [
        label("100%", top + 13, said, anchor="end", kind="lw-label lw-value"),
        box(across(low / end), top + 22, wide((high - low) / end), 22, "lw-box"),
        *(
            dot(across(value / end), top + 33, "lw-dot", shown(value, chart.scale))
            for value in _some(ordered)
        ),
        upright_line(across(middle / end), top + 19, top + 47, "lw-median"),
    ]
    return drawn


def _some(ordered: list[float]) -> list[float]:
    """At most so many of the values, evenly taken, the outermost among them."""
    if len(ordered) <= _MOST_MARKS:
        return ordered
    step = (len(ordered) - 1) / (_MOST_MARKS - 1)
    return [ordered[round(at * step)] for at in range(_MOST_MARKS)]
