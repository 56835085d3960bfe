"""What the colors and hatches of a chart mean."""

from lapwing.report.chart import Chart, FlameChart, PartsChart, TimelineChart
from lapwing.report.charts.canvas import box
from lapwing.report.charts.parts import PATTERNS
from lapwing.report.charts.scale import shown
from lapwing.report.charts.timeline import HATCHES, KINDS
from lapwing.report.markup import element
from lapwing.units import format_share


def legend(chart: Chart) -> list[tuple[str, str]]:
    """A sign as SVG and its words, for charts that tell things apart by color; else nothing."""
    if isinstance(chart, PartsChart):
        whole = sum(max(0.0, part.value) for part in chart.parts) or 1.0
        return [
            (
                _sign(f"lw-part-{at % PATTERNS}", f"lw-hatch-{at % PATTERNS}"),
                f"{at + 1}. {part.label}: {shown(part.value, chart.scale)}, "
                f"{format_share(max(0.0, part.value) / whole)}",
            )
            for at, part in enumerate(chart.parts)
        ]
    if isinstance(chart, TimelineChart):
        used = {kind for lane in chart.lanes for span in lane.spans for kind, _ in span.parts}
        return [
            (_sign(f"lw-span-{at}", f"lw-hatch-{HATCHES[kind]}"), kind.value)
            for at, kind in enumerate(KINDS)
            if kind in used
        ]
    if isinstance(chart, FlameChart):
        return [(_sign("lw-own", "lw-hatch-0"), "your code"), (_sign("lw-other", "lw-hatch-0"), "libraries")]
    return []


def _sign(kind: str, hatch: str) -> str:
    frame: dict[str, str | float | None] = {"width": 18, "height": 14, "aria-hidden": "true"}
    return element("svg", frame, box("0", 0, "18", 14, kind), box("0", 0, "18", 14, hatch))
