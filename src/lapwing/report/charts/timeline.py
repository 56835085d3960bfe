"""Processes side by side over a run, as far as a still picture can show it.

A large run has more spans than a picture has places: each lane is cut into so many places, and each place
shows what took most of it. The canvas that scripts draw shows every span; this is what is there without them.
"""

from typing import Final

from lapwing.report.chart import Lane, SpanKind, TimelineChart
from lapwing.report.charts.canvas import box, label, picture, upright_line
from lapwing.units import format_duration

_LANE: Final = 34
_NAME: Final = 12
_BAR: Final = (16, 14)
_PLACES: Final = 400
KINDS: Final = tuple(SpanKind)
HATCHES: Final = {
    SpanKind.STARTUP: 5,
    SpanKind.COLLECTION: 1,
    SpanKind.SETUP: 2,
    SpanKind.CALL: 0,
    SpanKind.TEARDOWN: 4,
}
"""The number of the hatch over each kind; none over calls, which are most of a run."""


def timeline_chart(chart: TimelineChart) -> str:
    """A lane per process, in order; set-up, call and the others told by color and hatch."""
    drawn = []
    whole = max(1, chart.duration_ns)
    for at, lane in enumerate(chart.lanes):
        top = at * _LANE
        drawn.append(label("0%", top + _NAME, lane.name))
        for kind, begin, end in runs_of(lane, whole):
            place = (
                f"{100 * begin / _PLACES:.2f}%",
                top + _BAR[0],
                f"{100 * (end - begin) / _PLACES:.2f}%",
                _BAR[1],
            )
            drawn.append(box(*place, f"lw-span-{KINDS.index(kind)}"))
            if HATCHES[kind]:
                drawn.append(box(*place, f"lw-hatch-{HATCHES[kind]}"))
    bottom = max(1, len(chart.lanes)) * _LANE
    if chart.floor_ns is not None and chart.floor_ns <= whole:
        drawn.append(upright_line(f"{100 * chart.floor_ns / whole:.2f}%", 0, bottom, "lw-limit"))
    drawn += [
        label("0%", bottom + 12, "0 s"),
        label("100%", bottom + 12, format_duration(chart.duration_ns), anchor="end"),
    ]
    return picture(bottom + 18, chart.sentence, *drawn, kind="timeline")


def runs_of(lane: Lane, duration_ns: int) -> list[tuple[SpanKind, int, int]]:
    """Kind, first place and end of each stretch of places that mostly show one kind; idle places are none."""
    spent: list[dict[SpanKind, int]] = [{} for _ in range(_PLACES)]
    place_ns = duration_ns / _PLACES
    for span in lane.spans:
        begin = span.begin_ns
        for kind, part_ns in span.parts:
            end = begin + part_ns
            place = max(0, int(begin / place_ns))
            while place < _PLACES and place * place_ns < end:
                within = min(end, (place + 1) * place_ns) - max(begin, place * place_ns)
                spent[place][kind] = spent[place].get(kind, 0) + int(within)
                place += 1
            begin = end
    stretches: list[tuple[SpanKind, int, int]] = []
    for at, kinds in enumerate(spent):
        if sum(kinds.values()) * 2 < place_ns:
            continue
        kind = max(kinds, key=kinds.__getitem__)
        if stretches and stretches[-1][0] is kind and stretches[-1][2] == at:
            stretches[-1] = (kind, stretches[-1][1], at + 1)
        else:
            stretches.append((kind, at, at + 1))
    return stretches
