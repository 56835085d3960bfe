"""The only place that knows pyinstrument: stacks sampled about every millisecond of wall time.

It takes its samples where functions are entered and left. A line from which another function is called is
therefore told exactly; time that a function spends by itself is told of the function, not of its lines.
"""

from typing import Final

from pyinstrument import Profiler
from pyinstrument.session import Session

from lapwing.profiling.call_stacks import CallStacks, SeenFrame
from lapwing.units import NS_PER_S

_SAMPLES: Final = 1000  # wanted of a test
_INTERVALS_NS: Final = (100_000, 1_000_000)  # shortest and longest
_UNKNOWN_NS: Final = 500_000  # for a test that was never timed
_LINE: Final = "l"  # marks the attribute with the running line
_CLASS: Final = "c"
_THREAD: Final = "<thread>"


class SamplingProfiler:
    """See `Profiler`. A test that is known to be short is sampled more often."""

    def __init__(self, duration_ns: int | None) -> None:
        shortest, longest = _INTERVALS_NS
        wanted = _UNKNOWN_NS if duration_ns is None else duration_ns // _SAMPLES
        self.interval_ns: int | None = min(max(wanted, shortest), longest)
        self._profiler: Profiler | None = None
        self._sessions: list[Session] = []

    def begin(self, part: str) -> None:
        """Sample."""
        self._profiler = Profiler(interval=(self.interval_ns or 0) / NS_PER_S, async_mode="disabled")
        self._profiler.start()

    def end(self) -> None:
        """Sample no more."""
        if self._profiler is not None:
            self._sessions.append(self._profiler.stop())
            self._profiler = None

    def hand_over(self, stacks: CallStacks) -> None:
        """Put all samples into `stacks`."""
        for session in self._sessions:
            for infos, seconds in session.frame_records:
                seen = [frame for info in infos if (frame := _frame(info)) is not None]
                if seen:
                    seen[-1] = seen[-1]._replace(line=0)
                    stacks.add(seen, round(seconds * NS_PER_S))


def _frame(info: str) -> SeenFrame | None:
    """A frame as pyinstrument writes it; None for the thread that holds all others.

    Function, file and first line between zero bytes, then attributes behind bytes of one.
    """
    identity, *attributes = info.split("\x01")
    function, file, first_line = (*identity.split("\x00"), "", "0")[:3]
    if file == _THREAD:
        return None
    line = 0
    for attribute in attributes:
        if attribute.startswith(_LINE) and attribute[1:].isdigit():
            line = int(attribute[1:])
        elif attribute.startswith(_CLASS):
            function = f"{attribute[1:]}.{function}"
    return SeenFrame(function, file, int(first_line) if first_line.isdigit() else 0, line)
