"""cProfile of the standard library: every call counted, and a tree of calls estimated from it.

cProfile knows how long each function took for each of its callers, not in which stack. As gprof does (Graham,
Kessler and McKusick 1982), the time of a function is divided among the stacks that lead to it in proportion
to what its callers waited for it. Functions' own times are exact as far as cProfile's are. Pytest calls
itself over and over, so that no stack could be told through it: what it calls stands directly below the part
of the test.
"""

import cProfile
import pstats
from collections.abc import Callable, Iterable, Iterator
from pathlib import Path
from typing import Any, Final, NamedTuple

from lapwing.profiling.call_stacks import CallStacks, SeenFrame
from lapwing.units import NS_PER_S

_LEAST_SHARE: Final = 0.0005  # of the whole: a smaller part is not divided any further
_DEEPEST: Final = 200


class CallProfiler:
    """See `Profiler`."""

    interval_ns: int | None = None

    def __init__(self, raw: Path) -> None:
        self._raw = raw
        self._parts: dict[str, cProfile.Profile] = {}
        self._present: cProfile.Profile | None = None

    def begin(self, part: str) -> None:
        """Count calls."""
        self._present = self._parts.setdefault(part, cProfile.Profile())
        self._present.enable()

    def end(self) -> None:
        """Count no more."""
        if self._present is not None:
            self._present.disable()
            self._present = None

    def hand_over(self, stacks: CallStacks) -> None:
        """Put the estimated stacks into `stacks`, and write the file that `pstats` reads."""
        for part, profile in self._parts.items():
            for seen, seconds in estimated_stacks(profile.getstats(), stacks.is_machinery):
                stacks.add_to_part(part, seen, round(seconds * NS_PER_S))
        if self._parts:
            pstats.Stats(*self._parts.values()).dump_stats(self._raw)


class _Called(NamedTuple):
    total_s: float  # callees included
    own_s: float
    callees: dict[SeenFrame, tuple[float, float]]  # total and own seconds of each for this caller


def estimated_stacks(
    stats: Iterable[Any], is_machinery: Callable[[SeenFrame], bool] = lambda _: False
) -> Iterator[tuple[tuple[SeenFrame, ...], float]]:
    """Stacks, outermost first, with seconds; from entries as `cProfile.Profile.getstats` gives them.

    Functions for which `is_machinery` holds are in no stack: the empty stack has their own time.
    """
    functions = {
        _frame(entry.code): _Called(
            entry.totaltime,
            entry.inlinetime,
            {_frame(each.code): (each.totaltime, each.inlinetime) for each in entry.calls or ()},
        )
        for entry in stats
    }
    machinery = {frame for frame in functions if is_machinery(frame)}
    least = _LEAST_SHARE * sum(each.own_s for each in functions.values())
    yield (), sum(functions[frame].own_s for frame in machinery)
    inner_calls = {callee for each in functions.values() for callee in each.callees}
    shares = {frame: 1.0 for frame in functions if frame not in inner_calls and frame not in machinery}
    for frame in machinery:
        for callee, (total_s, _) in functions[frame].callees.items():
            known = functions.get(callee)
            if callee not in machinery and known is not None and known.total_s > 0:
                shares[callee] = shares.get(callee, 0.0) + total_s / known.total_s
    outside = {frame: each for frame, each in functions.items() if frame not in machinery}
    for frame, share in shares.items():
        yield from _below((frame,), functions[frame], min(share, 1.0), outside, least)


def _below(
    path: tuple[SeenFrame, ...],
    called: _Called,
    share: float,
    functions: dict[SeenFrame, _Called],
    least: float,
) -> Iterator[tuple[tuple[SeenFrame, ...], float]]:
    """The stacks that begin with `path`, on which `share` of all time of its last function falls."""
    yield path, called.own_s * share
    for callee, (total_s, own_s) in called.callees.items():
        inner = functions.get(callee)
        if inner is None:  # machinery, whose own time and callees stand elsewhere
            continue
        if callee in path:
            yield (*path, callee), own_s * share
        elif total_s * share < least or len(path) >= _DEEPEST or inner.total_s <= 0:
            yield (*path, callee), total_s * share
        else:
            yield from _below((*path, callee), inner, share * total_s / inner.total_s, functions, least)


def _frame(code: Any) -> SeenFrame:
    """A code object, or the words by which cProfile tells of a function in C."""
    if isinstance(code, str):
        return SeenFrame(code.removeprefix("<").removesuffix(">"), "<built-in>", 0, 0)
    return SeenFrame(code.co_qualname, code.co_filename, code.co_firstlineno, 0)
