"""Neutral drawings: numbers and what they mean, in no format. `charts` draws them, texts leave them out.

Each carries the sentence that says what is to be seen in it; `charts.twin` makes the table with the same
numbers. Whoever sees no picture misses nothing.
"""

from enum import StrEnum

from lapwing.model.value import Value


class Scale(StrEnum):
    """What the numbers of a chart are; values are in nanoseconds, bytes, pieces, shares from 0 to 1."""

    DURATION = "duration"
    SIZE = "size"
    COUNT = "count"
    SHARE = "share"


class Point(Value):
    """One value along a line."""

    label: str  # where: a run, a number of workers
    value: float
    note: str = ""  # what is special about it, such as an outcome other than passed; drawn as a cross


class LineChart(Value):
    """Values in order. Of more than 500 points the lowest and highest of each stretch are drawn."""

    sentence: str
    points: tuple[Point, ...]
    scale: Scale
    title: str = ""
    across: str = "run"  # what the labels are
    steps: tuple[int, ...] = ()  # positions at which a new level begins, growing
    levels: tuple[float, ...] = ()  # one more than steps, or none
    band: tuple[tuple[float, float], ...] = ()  # lowest and highest usual value, one per point, or none
    limit: float | None = None  # a line across: a budget, a floor
    limit_name: str = ""
    strip_to: str = ""  # what the right edge is; each value is of an equal stretch then, as below a timeline


class Bar(Value):
    """One bar."""

    label: str
    value: float
    note: str = ""


class BarChart(Value):
    """Bars from a common zero, drawn in the order given."""

    sentence: str
    bars: tuple[Bar, ...]
    scale: Scale
    title: str = ""
    across: str = ""


class PartsChart(Value):
    """A whole and its parts, as one bar. At most six parts are told apart at a glance."""

    sentence: str
    parts: tuple[Bar, ...]
    scale: Scale
    title: str = ""


class SpreadGroup(Value):
    """Values of one side of a comparison."""

    label: str
    values: tuple[float, ...]


class SpreadChart(Value):
    """How values lie: each as a mark, with the median and the middle half of every group."""

    sentence: str
    groups: tuple[SpreadGroup, ...]
    scale: Scale
    title: str = ""


class SpanKind(StrEnum):
    """What a process was busy with."""

    STARTUP = "start-up"
    COLLECTION = "collection"
    SETUP = "set-up"
    CALL = "call"
    TEARDOWN = "tear-down"


class Span(Value):
    """A stretch of time in a lane: parts one after another, without gaps."""

    begin_ns: int  # from the beginning of the timeline
    parts: tuple[tuple[SpanKind, int], ...]  # what, and for how many nanoseconds
    label: str

    @property
    def end_ns(self) -> int:
        """Where its last part ends."""
        return self.begin_ns + sum(spent for _, spent in self.parts)


class Lane(Value):
    """What one process did; spans in order of their begin."""

    name: str
    spans: tuple[Span, ...]


class TimelineChart(Value):
    """Processes side by side over the time of a run."""

    sentence: str
    duration_ns: int
    lanes: tuple[Lane, ...]
    title: str = ""
    floor_ns: int | None = None  # the least time that any order of these tests would need


class FlameBox(Value):
    """All calls of one function by the same callers."""

    label: str
    place: str  # file and line, or empty
    depth: int  # 0: called by nobody
    begin: float  # from 0 (left) to 1
    share: float  # of the whole: its width
    value: float
    is_own: bool  # whether it is the project's code, not a library's


class FlameChart(Value):
    """Calls below the calls that made them; those of one depth do not overlap."""

    sentence: str
    boxes: tuple[FlameBox, ...]  # by depth
    scale: Scale
    title: str = ""


Chart = LineChart | BarChart | PartsChart | SpreadChart | TimelineChart | FlameChart
