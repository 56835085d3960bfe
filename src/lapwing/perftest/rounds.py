"""Calls in rounds between two readings of the clocks: of functions, and of coroutine functions."""

import gc
from collections.abc import Callable, Coroutine, Generator, Iterator
from contextlib import contextmanager
from functools import partial
from itertools import repeat
from typing import Any, Final

from lapwing.measure.clock import CLOCKS, Clocks
from lapwing.measure.new_objects import only_new_objects
from lapwing.perftest.callee import call_that_runs
from lapwing.perftest.sampling import Samples, Timing

_READINGS: Final = 200
_MANY_OBJECTS: Final = 200_000


def sample_function(
    function: Callable[[], object], asking: Generator[int, Timing, Samples], clocks: Clocks = CLOCKS
) -> Samples:
    """Answer `asking` with timings of `function`. Raises TypeError where a call of it has run nothing."""
    wall, cpu = clocks.wall, clocks.process_cpu
    with still_collector():
        try:
            loops = next(asking)
            call: Callable[[], object] = partial(call_that_runs, function)
            while True:
                calls = repeat(None, loops)
                cpu_begin, begin = cpu(), wall()
                for _ in calls:
                    call()
                end, cpu_end = wall(), cpu()
                _collect_between()
                call = function  # the first batch, one call, has shown that it runs
                loops = asking.send(Timing(end - begin, cpu_end - cpu_begin))
        except StopIteration as stop:
            samples: Samples = stop.value
            return samples


async def sample_coroutines(
    function: Callable[[], Coroutine[Any, Any, object]],
    asking: Generator[int, Timing, Samples],
    clocks: Clocks = CLOCKS,
) -> Samples:
    """Answer `asking` with timings of awaiting what `function` makes."""
    wall, cpu = clocks.wall, clocks.process_cpu
    with still_collector():
        try:
            loops = next(asking)
            while True:
                calls = repeat(None, loops)
                cpu_begin, begin = cpu(), wall()
                for _ in calls:
                    await function()
                end, cpu_end = wall(), cpu()
                _collect_between()
                loops = asking.send(Timing(end - begin, cpu_end - cpu_begin))
        except StopIteration as stop:
            samples: Samples = stop.value
            return samples


def clock_overhead(clocks: Clocks = CLOCKS) -> Timing:
    """What reading the clocks around nothing costs: the median of many readings."""
    wall, cpu = clocks.wall, clocks.process_cpu
    walls, cpus = [], []
    for _ in range(_READINGS):
        cpu_begin, begin = cpu(), wall()
        end, cpu_end = wall(), cpu()
        walls.append(end - begin)
        cpus.append(cpu_end - cpu_begin)
    return Timing(sorted(walls)[_READINGS // 2], sorted(cpus)[_READINGS // 2])


@contextmanager
def still_collector() -> Iterator[None]:
    """Without collections by the garbage collector; what lives now is not looked at afterwards either.

    Measured: a benchmark's spread of 14% with the collector, 5% without.
    """
    was_enabled = gc.isenabled()
    gc.disable()
    try:
        with only_new_objects():
            yield
    finally:
        if was_enabled:
            gc.enable()


def _collect_between() -> None:
    """Between two samples, let go of garbage before it fills the memory."""
    if gc.get_count()[0] > _MANY_OBJECTS:
        gc.collect()
