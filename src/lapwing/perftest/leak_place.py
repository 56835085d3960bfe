"""How many bytes a leak of Python's own memory is, and which line makes them."""

import gc
import tracemalloc
from collections.abc import Generator
from typing import Final

from lapwing.measure.probes.own_code import is_own
from lapwing.model.value import Value
from lapwing.perftest.leak_rule import Growth, growth

_FRAMES: Final = 12


class Traced(Value):
    """What tracing the memory of some more calls told."""

    per_call: Growth  # bytes
    place: str  # file:line that holds most of what was added; "" where none stands out


def traced_growth(calls: int, batches: int) -> Generator[int, None, Traced]:
    """Ask for `batches` times `calls` calls and trace their memory.

    Tracing is left as it was found: off.
    """
    tracemalloc.start(_FRAMES)
    try:
        yield calls
        gc.collect()
        readings = [tracemalloc.get_traced_memory()[0]]
        before = tracemalloc.take_snapshot()
        for _ in range(batches - 1):
            yield calls
            gc.collect()
            readings.append(tracemalloc.get_traced_memory()[0])
        after = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    return Traced(growth(readings[1:], calls), _place(before, after))


def _place(before: tracemalloc.Snapshot, after: tracemalloc.Snapshot) -> str:
    """The innermost line of the project, or else the innermost line, where most was added."""
    hide = (tracemalloc.Filter(False, tracemalloc.__file__), tracemalloc.Filter(False, __file__))
    added = after.filter_traces(hide).compare_to(before.filter_traces(hide), "traceback")
    most = max(added, key=lambda each: each.size_diff, default=None)
    if most is None or most.size_diff <= 0:
        return ""
    frames = list(reversed(most.traceback))  # innermost first
    own = next((frame for frame in frames if is_own(frame.filename)), frames[0])
    return f"{own.filename}:{own.lineno}"
