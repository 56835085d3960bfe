"""Lists and timelines as compact data for the scripts of a page: columns of whole numbers, names once.

A suite of 50,000 tests has to fit into a file that opens at once. A node id is kept as the number of its
file and the rest; times are whole microseconds, sizes whole kilobytes, None where nothing was measured.
"""

from typing import Any, Final

from lapwing.report.chart import Scale, SpanKind, TimelineChart
from lapwing.report.harmless import harmless
from lapwing.report.test_list import TestList
from lapwing.units import NS_PER_US

_DIVISOR: Final = {Scale.DURATION: NS_PER_US, Scale.SIZE: 1000}
_LONGEST_NAME: Final = 400
_KINDS: Final = tuple(SpanKind)


class NamePool:
    """Names by number, in the order in which they were asked for first."""

    def __init__(self) -> None:
        self._numbers: dict[str, int] = {}

    def __len__(self) -> int:
        return len(self._numbers)

    def number(self, name: str) -> int:
        """The number of a name."""
        return self._numbers.setdefault(name, len(self._numbers))

    def data(self) -> dict[str, list[Any]]:
        """Files; and for each name the number of its file and what follows `::` (-1 and all where none)."""
        files: dict[str, int] = {}
        numbers, rests = [], []
        for name in self._numbers:
            file, colons, rest = name.partition("::")
            numbers.append(files.setdefault(file, len(files)) if colons else -1)
            rests.append(_shortened(rest if colons else name))
        return {"files": [_shortened(file) for file in files], "file": numbers, "rest": rests}


def test_list_data(tests: TestList, names: NamePool) -> dict[str, Any]:
    """Names by number, number columns with their scale, word columns as numbers into their words."""
    words = []
    for column in tests.words:
        known: dict[str, int] = {}
        values = [known.setdefault(value, len(known)) for value in column.values]
        words.append({"title": column.title, "words": [harmless(word) for word in known], "values": values})
    return {
        "names": [names.number(nodeid) for nodeid in tests.nodeids],
        "numbers": [
            {
                "title": column.title,
                "scale": column.scale.value,
                "values": [_whole(value, column.scale) for value in column.values],
            }
            for column in tests.numbers
        ],
        "words": words,
    }


def timeline_data(chart: TimelineChart, names: NamePool) -> dict[str, Any]:
    """Lanes; a span is its begin, its name by number, how many parts it has, and kind and time of each."""
    lanes = []
    for lane in chart.lanes:
        flat: list[int] = []
        for span in lane.spans:
            flat += (span.begin_ns // NS_PER_US, names.number(span.label), len(span.parts))
            for kind, spent in span.parts:
                flat += (_KINDS.index(kind), spent // NS_PER_US)
        lanes.append({"name": harmless(lane.name), "spans": flat})
    return {
        "kinds": [kind.value for kind in _KINDS],
        "duration": chart.duration_ns // NS_PER_US,
        "floor": None if chart.floor_ns is None else chart.floor_ns // NS_PER_US,
        "said": harmless(chart.sentence),
        "lanes": lanes,
    }


def _whole(value: int | None, scale: Scale) -> int | None:
    return None if value is None else value // _DIVISOR.get(scale, 1)


def _shortened(name: str) -> str:
    """A name that nobody reads to its end does not make the file large."""
    safe = harmless(name)
    return safe if len(safe) <= _LONGEST_NAME else f"{safe[: _LONGEST_NAME - 1]}…"
