"""A whole and its parts: one bar, a part told by color, by hatch and by its number above it."""

from typing import Final

from lapwing.report.chart import PartsChart
from lapwing.report.charts.canvas import box, label, picture
from lapwing.report.charts.scale import shown
from lapwing.units import format_share

PATTERNS: Final = 6
_HEIGHT: Final = 50
_BAR: Final = (18, 26)
_WIDE_ENOUGH: Final = 0.06  # share of the whole at which a part has room for its number


def parts_chart(chart: PartsChart) -> str:
    """The bar; the number of a part is its row in the table below."""
    whole = sum(max(0.0, part.value) for part in chart.parts) or 1.0
    drawn, begin = [], 0.0
    for at, part in enumerate(chart.parts):
        share = max(0.0, part.value) / whole
        said = f"{part.label}: {shown(part.value, chart.scale)}, {format_share(share)}"
        kind = f"lw-part-{at % PATTERNS}"
        place = (f"{100 * begin:.2f}%", _BAR[0], f"{100 * share:.2f}%", _BAR[1])
        drawn += [box(*place, kind), box(*place, f"lw-hatch-{at % PATTERNS}", said)]
        if share >= _WIDE_ENOUGH:
            drawn.append(label(f"{100 * (begin + share / 2):.2f}%", 13, str(at + 1), anchor="middle"))
        begin += share
    return picture(_HEIGHT, chart.sentence, *drawn, kind="parts")
