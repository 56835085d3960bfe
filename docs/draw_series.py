"""Draws the series on the page "How Lapwing decides", from recorded runs, with the product's own parts.

    python docs/draw_series.py [--check]

Reads `docs/pictures/series.json` and writes `docs/pictures/series-*.svg`. Steps, levels and modes are what
`lapwing.analysis` finds, lines are drawn by the charts of the HTML report. `--check` writes nothing and fails
where a picture is not what would be drawn.
"""

import argparse
import json
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import Any

from lapwing.analysis.change_points import series_change
from lapwing.model.change import SeriesChange
from lapwing.report.chart import LineChart, Point, Scale
from lapwing.report.charts.line import line_chart
from lapwing.units import NS_PER_US, format_change, format_duration

PICTURES = Path(__file__).resolve().parent / "pictures"
WIDTH, HEIGHT = 760, 216
PUT_IN = 1.3
"""The step that is put into a series in which nothing changed, from its middle on."""

STYLE = """\
svg { background: #fff; color: #1a1f24; font: 11px system-ui, sans-serif; }
polyline.lw-line { stroke: #2a66b8; } .lw-dot { fill: #2a66b8; }
.lw-odd { stroke: #b3261e; } .lw-grid { stroke: #d5dae0; } .lw-label { fill: #545d68; }
.lw-level { stroke: #b45309; stroke-width: 2; } .lw-step { stroke: #b45309; stroke-dasharray: 3 3; }
"""

Series = dict[str, Any]


def as_measured(series: Series) -> list[float]:
    """Wall time in nanoseconds."""
    return [float(NS_PER_US * value) for value in series["wall_us"]]


def freed(series: Series) -> list[float]:
    """Wall time less the wait for a processor, by what the machine did to tests of like duration."""
    return [
        NS_PER_US * (wall - wait) / machine
        for wall, wait, machine in zip(series["wall_us"], series["wait_us"], series["machine"], strict=True)
    ]


def with_step(series: Series) -> list[float]:
    """The same, slower by a factor from the middle on."""
    values = freed(series)
    return [value * (PUT_IN if at >= len(values) // 2 else 1.0) for at, value in enumerate(values)]


def chart(series: Series, values: Sequence[float], sentence: str, change: SeriesChange) -> str:
    """One picture, whole by itself."""
    levels = [step.before for step in change.steps]
    levels.append(change.steps[-1].after if change.steps else sorted(values)[len(values) // 2])
    points = [
        Point(f"run {at}, {condition}", value, note="" if condition == "quiet" else "busy")
        for at, (value, condition) in enumerate(zip(values, series["conditions"], strict=True))
    ]
    drawing = line_chart(
        LineChart(
            sentence=sentence,
            points=tuple(points),
            scale=Scale.DURATION,
            steps=tuple(step.at for step in change.steps),
            levels=tuple(levels),
        )
    )
    frame = (
        f'xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}"'
    )
    return f"<svg {frame}>\n<style>\n{STYLE}</style>\n{drawing}\n</svg>\n"


def sentence_of(series: Series, values: Sequence[float], change: SeriesChange) -> str:
    """What is seen, in words, for those who do not see it."""
    low, high = format_duration(min(values)), format_duration(max(values))
    said = f"{series['nodeid']} of {series['suite']} in {len(values)} runs: {low} to {high}"
    for step in change.steps:
        said += f", a step of {format_change(step.ratio or 1.0)} at run {step.at}"
    if change.modes is not None:
        said += ", two modes at {} and {}".format(*map(format_duration, change.modes))
    return said


DRAWN: dict[str, tuple[str, Callable[[Series], list[float]]]] = {
    "steady": ("sleeping", as_measured),
    "as-measured": ("computing", as_measured),
    "machine-taken-out": ("computing", freed),
    "step": ("hashing", with_step),
    "two-modes": ("two_modes", freed),
}
"""Picture -> series, and what of it is drawn."""


def pictures() -> dict[str, str]:
    """The text of each picture by the name of its file."""
    series = json.loads((PICTURES / "series.json").read_text(encoding="utf-8"))["series"]
    made = {}
    for name, (which, values_of) in DRAWN.items():
        values = values_of(series[which])
        change = series_change(values)
        sentence = sentence_of(series[which], values, change)
        made[f"series-{name}.svg"] = chart(series[which], values, sentence, change)
    return made


def main() -> int:
    """Run from the command line."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--check", action="store_true", help="compare only")
    is_check = parser.parse_args().check
    status = 0
    for name, text in pictures().items():
        path = PICTURES / name
        if is_check and (not path.exists() or path.read_text(encoding="utf-8") != text):
            print(f"{name} is not what would be drawn: python docs/draw_series.py", file=sys.stderr)
            status = 1
        elif not is_check:
            path.write_text(text, encoding="utf-8")
    return status


if __name__ == "__main__":
    raise SystemExit(main())
