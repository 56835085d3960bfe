"""Bars from a common zero, one below another, each with its name above it."""

from typing import Final

from lapwing.report.chart import BarChart
from lapwing.report.charts.canvas import box, label, picture
from lapwing.report.charts.scale import shown

_ROW: Final = 34
_NAME: Final = 13  # height at which the name stands
_BAR: Final = (17, 10)  # top and height of the bar in its row
_LONGEST_NAME: Final = 60


def bar_chart(chart: BarChart) -> str:
    """The chart; a bar as wide as the picture is the largest value."""
    largest = max((bar.value for bar in chart.bars), default=0) or 1
    drawn = []
    for at, bar in enumerate(chart.bars):
        top = at * _ROW
        value = shown(bar.value, chart.scale)
        drawn += [
            label("0%", top + _NAME, _short(bar.label)),
            label("100%", top + _NAME, f"{value} {bar.note}".strip(), anchor="end", kind="lw-label lw-value"),
            box(
                "0%",
                top + _BAR[0],
                f"{100 * max(0.0, bar.value) / largest:.2f}%",
                _BAR[1],
                "lw-bar",
                f"{bar.label}: {value}",
            ),
        ]
    return picture(max(1, len(chart.bars)) * _ROW, chart.sentence, *drawn, kind="bars")


def _short(name: str) -> str:
    """A long name by its end: node ids differ there."""
    return name if len(name) <= _LONGEST_NAME else f"…{name[1 - _LONGEST_NAME :]}"
