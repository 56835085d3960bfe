"""Calls below the calls that made them: a box per function, as wide as it cost.

Every box is a drawing of its own, which cuts off a name that does not fit. Scripts that zoom change the place
and width of these, and need no numbers besides.
"""

from typing import Final

from lapwing.report.chart import FlameBox, FlameChart, Scale
from lapwing.report.charts.canvas import picture
from lapwing.report.charts.scale import shown
from lapwing.report.markup import element, escaped
from lapwing.units import format_share

_ROW: Final = 19
_BOX: Final = 18


def flame_chart(chart: FlameChart) -> str:
    """The drawing; the project's own code is told by color and by letters that are bold."""
    deepest = max((box.depth for box in chart.boxes), default=0)
    drawn = (_box(box, chart.scale) for box in chart.boxes)
    return picture((deepest + 1) * _ROW, chart.sentence, *drawn, kind="flame")


def _box(box: FlameBox, scale: Scale) -> str:
    place = f", {box.place}" if box.place else ""
    said = f"{box.label}: {shown(box.value, scale)}, {format_share(box.share)}{place}"
    return element(
        "svg",
        {
            "x": f"{100 * box.begin:.4f}%",
            "y": box.depth * _ROW,
            "width": f"{100 * box.share:.4f}%",
            "height": _BOX,
            "class": "lw-call lw-own" if box.is_own else "lw-call lw-other",
        },
        element("title", {}, escaped(said)),
        element("rect", {"width": "100%", "height": _BOX}),
        element("text", {"x": 3, "y": 13}, escaped(box.label)),
    )
