"""How many bytes a leak of Python's own memory is, which line makes them, and which calls leaking C code."""

import gc
import tracemalloc
from collections.abc import Generator, Sequence
from typing import Final

from lapwing.measure.probes.own_code import is_own
from lapwing.model.value import Value
from lapwing.perftest.leak_batch import Batch
from lapwing.perftest.leak_rule import Growth, growth
from lapwing.profiling.kept_stack import Kept

_FRAMES: Final = 12


class Traced(Value):
    """What tracing the memory of some more calls told."""

    per_call: Growth  # bytes
    place: str  # file:line that holds most of what was added; "" where none stands out


def traced_growth(calls: int, batches: int) -> Generator[Batch, None, Traced]:
    """Ask for `batches` times `calls` calls and trace their memory.

    Tracing is left as it was found: off.
    """
    tracemalloc.start(_FRAMES)
    try:
        yield Batch(calls)
        gc.collect()
        readings = [tracemalloc.get_traced_memory()[0]]
        before = tracemalloc.take_snapshot()
        for _ in range(batches - 1):
            yield Batch(calls)
            gc.collect()
            readings.append(tracemalloc.get_traced_memory()[0])
        after = tracemalloc.take_snapshot()
    finally:
        tracemalloc.stop()
    return Traced(growth(readings[1:], calls), _place(before, after))


def line_of_c_leak(kept: Sequence[Kept], calls: int) -> str:
    """The line that keeps most of what at least every second of `calls` calls allocated; "" without one."""
    often = [each for each in kept if each.allocations * 2 >= calls and each.frames]
    most = max(often, key=lambda each: each.size_bytes, default=None)
    return "" if most is None else _own_or_innermost(most.frames)


def _place(before: tracemalloc.Snapshot, after: tracemalloc.Snapshot) -> str:
    """The innermost line of the project, or else the innermost line, where most was added."""
    hide = (tracemalloc.Filter(False, tracemalloc.__file__), tracemalloc.Filter(False, __file__))
    added = after.filter_traces(hide).compare_to(before.filter_traces(hide), "traceback")
    most = max(added, key=lambda each: each.size_diff, default=None)
    if most is None or most.size_diff <= 0:
        return ""
    return _own_or_innermost([(frame.filename, frame.lineno) for frame in reversed(most.traceback)])


def _own_or_innermost(frames: Sequence[tuple[str, int]]) -> str:
    file, line = next((frame for frame in frames if is_own(frame[0])), frames[0])
    return f"{file}:{line}"
