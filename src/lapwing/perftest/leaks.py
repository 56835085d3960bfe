"""Does a function leak? In two stages: quickly, and where that looks like it, over ten times the calls.

`searching` is a generator that yields which calls to make next; a driver that calls and one that awaits
share it.
"""

import tracemalloc
from array import array
from collections.abc import Callable, Coroutine, Generator, Mapping
from functools import partial
from typing import Any, Final

from lapwing.measure.clock import CLOCKS
from lapwing.measure.leak_signals import READERS, Signal, settle
from lapwing.measure.new_objects import only_new_objects
from lapwing.model.value import Value
from lapwing.perftest.callee import call_that_runs
from lapwing.perftest.leak_batch import Batch
from lapwing.perftest.leak_place import Traced, line_of_c_leak, traced_growth
from lapwing.perftest.leak_rule import Growth, grows, growth
from lapwing.profiling.kept import KeptMemory

BATCHES: Final = 20
WARMUP_BATCHES: Final = 3
STAGE_TWO: Final = 10
_CALLS: Final = 50  # per batch, where calls are cheap
_CHEAP_NS: Final = 10_000_000  # per batch
_TRACED_BATCHES: Final = 6

Readings = Mapping[Signal, "array[int]"]


class Leak(Value):
    """What was found."""

    signal: Signal | None  # the one that tells most; None where nothing leaks
    grown: Mapping[Signal, Growth]  # by signal, what each call adds, of those that passed both stages
    suspected: tuple[Signal, ...]  # that passed the first stage
    calls: int
    first: Readings
    second: Readings  # empty where there was no second stage
    traced: Traced | None = None  # bytes and place, where Python's own blocks grow
    c_place: str = ""  # file:line below which C code keeps memory; "" where that is not known


def searching(iterations: int) -> Generator[Batch, None, Leak]:
    """Ask for calls until it is known whether they leak.

    A batch is `iterations` / 20 calls, and up to 50 where those take under 10 ms. Three batches and more warm
    up. Raises ValueError for fewer than one iteration.
    """
    if not isinstance(iterations, int) or iterations < 1:
        raise ValueError(f"iterations is a whole number of at least 1, not {iterations!r}")
    calls = max(1, -(-iterations // BATCHES))
    began = CLOCKS.wall()
    yield Batch(calls)
    took = max(1, (CLOCKS.wall() - began) // calls)
    calls = max(calls, min(_CALLS, _CHEAP_NS // took))
    for _ in range(WARMUP_BATCHES):
        yield Batch(calls)
    with only_new_objects():
        return (yield from _found(calls))


def _found(calls: int) -> Generator[Batch, None, Leak]:
    first = _stage()
    yield from _filled(first, calls)
    made = calls * (WARMUP_BATCHES + BATCHES)
    suspected = tuple(signal for signal, values in first.items() if grows(values))
    if not suspected:
        return Leak(None, {}, (), made, first, {})
    second = _stage()
    many = calls * STAGE_TWO
    yield from _filled(second, many)
    made += many * BATCHES
    grown = {signal: growth(second[signal], many) for signal in suspected if grows(second[signal])}
    traced = None
    if Signal.BLOCKS in grown and not tracemalloc.is_tracing():
        traced = yield from traced_growth(calls, _TRACED_BATCHES)
        made += calls * _TRACED_BATCHES
    c_place = ""
    if Signal.HEAP in grown and Signal.BLOCKS not in grown:
        many = calls * _TRACED_BATCHES
        following = KeptMemory()
        yield Batch(many, following)
        made += many
        c_place = line_of_c_leak(following.kept, many)
    return Leak(_loudest(grown), grown, suspected, made, first, second, traced, c_place)


def search_function(function: Callable[[], object], iterations: int) -> Leak:
    """Whether calls of `function` leak. Its errors come through; TypeError where a call has run nothing."""
    asking = searching(iterations)
    call: Callable[[], object] = partial(call_that_runs, function)
    try:
        while True:
            batch = next(asking)
            with batch.inside:
                for _ in range(batch.calls):
                    call()
            call = function  # the first batch has shown that it runs
    except StopIteration as stop:
        found: Leak = stop.value
        return found
    finally:
        asking.close()


async def search_coroutines(function: Callable[[], Coroutine[Any, Any, object]], iterations: int) -> Leak:
    """Whether awaiting what `function` makes leaks."""
    asking = searching(iterations)
    try:
        while True:
            batch = next(asking)
            with batch.inside:
                for _ in range(batch.calls):
                    await function()
    except StopIteration as stop:
        found: Leak = stop.value
        return found
    finally:
        asking.close()


def _stage() -> dict[Signal, "array[int]"]:
    """Room for the readings of a stage, made before them: a list that grows would be a leak of ours."""
    return {
        signal: array("q", bytes(8 * (BATCHES + 1))) for signal, read in READERS.items() if read() is not None
    }


def _filled(stage: Mapping[Signal, "array[int]"], calls: int) -> Generator[Batch, None, None]:
    _read(stage, 0)
    for at in range(1, BATCHES + 1):
        yield Batch(calls)
        _read(stage, at)


def _read(stage: Mapping[Signal, "array[int]"], at: int) -> None:
    settle()
    for signal, values in stage.items():
        values[at] = READERS[signal]() or 0


def _loudest(grown: Mapping[Signal, Growth]) -> Signal | None:
    """Which signal to tell of: what the others follow from comes first."""
    order = (Signal.FILES, Signal.THREADS, Signal.BLOCKS, Signal.HEAP, Signal.RESIDENT)
    return next((signal for signal in order if signal in grown), None)
