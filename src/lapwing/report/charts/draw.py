"""A neutral drawing becomes SVG, whatever kind it is."""

from lapwing.report.chart import BarChart, Chart, FlameChart, LineChart, PartsChart, SpreadChart
from lapwing.report.charts.bars import bar_chart
from lapwing.report.charts.flame import flame_chart
from lapwing.report.charts.line import line_chart
from lapwing.report.charts.parts import parts_chart
from lapwing.report.charts.spread import spread_chart
from lapwing.report.charts.timeline import timeline_chart


def drawn(chart: Chart) -> str:
    """The chart as one `svg` element."""
    if isinstance(chart, LineChart):
        return line_chart(chart)
    if isinstance(chart, BarChart):
        return bar_chart(chart)
    if isinstance(chart, PartsChart):
        return parts_chart(chart)
    if isinstance(chart, SpreadChart):
        return spread_chart(chart)
    if isinstance(chart, FlameChart):
        return flame_chart(chart)
    return timeline_chart(chart)
