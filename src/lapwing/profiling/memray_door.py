"""The only place that knows memray: who held memory when most of it was in use, and who kept some.

For a profile every object of Python is followed, not only the arenas that they lie in: for a single test that
is what one wants to know, and worth that it runs slower.
"""

from pathlib import Path

import memray

from lapwing.profiling.call_stacks import CallStacks, SeenFrame
from lapwing.profiling.kept_stack import Kept


class MemrayProfiler:
    """See `Profiler`. Follows allocations from its making on: what a set-up holds counts in the call.

    Memory that was in use before does not count. memray knows only calls that began after it did, so that it
    has to begin outside of the parts.
    """

    interval_ns: int | None = None

    def __init__(self, raw: Path) -> None:
        self._raw = raw
        self._tracker = memray.Tracker(raw, trace_python_allocators=True)
        self._tracker.__enter__()

    def begin(self, part: str) -> None:
        """Parts are told by the stacks."""

    def end(self) -> None:
        """Memory of one part is still in use in the next: nothing ends."""

    def hand_over(self, stacks: CallStacks) -> None:
        """Follow no more, and put the stacks of what was in use at the peak into `stacks`."""
        self._tracker.__exit__(None, None, None)
        with memray.FileReader(self._raw) as reader:
            for record in reader.get_high_watermark_allocation_records(merge_threads=True):
                seen = [
                    SeenFrame(function, file, 0, line) for function, file, line in record.stack_trace()[::-1]
                ]
                stacks.add(seen, record.size)


def tracker_of_kept(raw: Path) -> memray.Tracker:
    """Follows, while entered, what is allocated and not let go of, by C code as well.

    The objects of Python are left out but for the arenas in which they lie.
    """
    return memray.Tracker(raw)


def kept_in(raw: Path) -> list[Kept]:
    """By stack, what was kept while `tracker_of_kept` was entered."""
    kept = []
    with memray.FileReader(raw) as reader:
        for record in reader.get_leaked_allocation_records(merge_threads=True):
            frames = tuple((file, line) for _, file, line in record.stack_trace())
            kept.append(Kept(frames, record.n_allocations, record.size))
    return kept
