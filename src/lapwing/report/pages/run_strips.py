"""What a run asked of its machine while it went on: processors and memory, below the timeline."""

from collections.abc import Callable
from typing import Final

from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.report.chart import LineChart, Point, Scale
from lapwing.units import format_duration, format_share, format_size

_BINS: Final = 60


def strips_of(recorded: RecordedRun, begin: int, length: int) -> tuple[LineChart, ...]:
    """Processors that tests kept busy, and what they added to memory; of each only where it was measured.

    They are drawn over `length` nanoseconds from `begin` on, an offset in the run, as the timeline above
    them is. What a test used is spread evenly over its time: finer it was not measured.
    """
    timed = [record for record in recorded.tests if record.start_ns and record.duration_ns]
    if not timed or length < _BINS:
        return ()
    end = begin + length
    workers = len({record.worker for record in timed})
    busy = _sums(timed, begin, end, lambda record: (record.cpu_ns or 0) / (record.duration_ns or 1))
    more = _sums(timed, begin, end, lambda record: max(0, record.peak_bytes or 0))
    charts = []
    if any(busy):
        shares = [each / workers for each in busy]
        tested = max(record.start_ns + (record.duration_ns or 0) for record in timed) - min(
            record.start_ns for record in timed
        )
        mean = sum(shares) / len(shares) * length / tested
        charts.append(
            LineChart(
                title="Processors",
                sentence=f"Tests kept {format_share(mean)} of a processor busy per worker, and waited else.",
                points=_points(shares, length),
                scale=Scale.SHARE,
                across="moment",
                strip_to=format_duration(length),
            )
        )
    if any(more):
        charts.append(
            LineChart(
                title="Memory",
                sentence=f"Tests that ran at once added up to {format_size(max(more))} to what was held.",
                points=_points(more, length),
                scale=Scale.SIZE,
                across="moment",
                strip_to=format_duration(length),
            )
        )
    return tuple(charts)


def _sums(timed: list[TestRecord], begin: int, end: int, level: Callable[[TestRecord], float]) -> list[float]:
    """The level of all tests together, mean over each of `_BINS` equal stretches of time."""
    width = (end - begin) / _BINS
    sums = [0.0] * _BINS
    for record in timed:
        height = level(record)
        if not height:
            continue
        first, last = record.start_ns - begin, record.start_ns - begin + (record.duration_ns or 0)
        for place in range(int(first / width), min(_BINS, int(last / width) + 1)):
            overlap = min(last, (place + 1) * width) - max(first, place * width)
            sums[place] += height * max(0.0, overlap) / width
    return sums


def _points(values: list[float], length_ns: int) -> tuple[Point, ...]:
    return tuple(
        Point(format_duration(place * length_ns / _BINS), value) for place, value in enumerate(values)
    )
