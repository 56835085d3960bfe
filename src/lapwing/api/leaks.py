"""Does a function leak? `memory_leak_test`."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from lapwing.api.place import keep, running_test
from lapwing.api.tester import awaited_or_run, name_of
from lapwing.measure.leak_signals import Signal
from lapwing.measure.present_recording import present_recording
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import Unit
from lapwing.perftest.benchmark import SOURCE
from lapwing.perftest.callee import is_async
from lapwing.perftest.leak_rule import Growth
from lapwing.perftest.leaks import Leak, search_coroutines, search_function
from lapwing.perftest.results import Result
from lapwing.units import format_size

COUNTER: Final = "leaks"
ITERATIONS: Final = 100
_METRIC: Final = "leaked_bytes"
_BYTES: Final = (Signal.BLOCKS, Signal.HEAP, Signal.RESIDENT)
_WORDS: Final = {
    Signal.BLOCKS: "memory blocks of Python",
    Signal.HEAP: "bytes of the C library's heap",
    Signal.RESIDENT: "bytes of resident memory",
    Signal.FILES: "open files",
    Signal.THREADS: "threads",
}


class LeakResult(Result):
    """Whether a function leaks, and what tells so."""

    name: str
    leak_detected: bool
    bytes_per_call: float  # 0 where no memory leaks
    interval: tuple[float, float] | None  # of these bytes, at 95%
    signal: str | None  # blocks, heap, resident, files, threads: the one that tells most
    per_call: float  # of that signal, in its own unit
    evidence: tuple[str, ...]  # one sentence each
    place: str  # file:line where most of the memory was allocated; "" where it is not known
    iterations: int  # calls that were made
    readings: Mapping[str, tuple[int, ...]]  # by signal, of the last stage


def memory_leak_test(
    function: Callable[..., Any],
    *args: Any,
    iterations: int = ITERATIONS,
    name: str | None = None,
    **kwargs: Any,
) -> Any:
    """Call `function(*args, **kwargs)` again and again; the result is a `LeakResult`.

    It is called at least `iterations` times, in 20 batches after some that warm up; calls that take less than
    0.2 ms are made 50 per batch. What still grows in each of the last four batches is asked again over ten
    times the calls, and only what grows then, too, is a leak. Of a coroutine function the result is
    awaited where an event loop runs already. Raises ValueError for fewer than one iteration.
    """
    bound = partial(function, *args, **kwargs) if args or kwargs else function
    shown = name or name_of(function)
    if not is_async(function):
        return _told(search_function(bound, iterations), shown)

    async def searching() -> LeakResult:
        return _told(await search_coroutines(bound, iterations), shown)

    return awaited_or_run(searching())


def _told(leak: Leak, name: str) -> LeakResult:
    in_bytes = _in_bytes(leak)
    recording = present_recording()
    if leak.signal is not None and recording is not None:
        recording.counters.add(COUNTER)
    keep(
        [
            BenchmarkRecord(
                name=name,
                nodeid=running_test(),
                source=SOURCE,
                unit=Unit.BYTES.value,
                samples=(max(0.0, in_bytes.per_call),),
                iterations=leak.calls,
                metric=_METRIC,
            )
        ]
    )
    last = leak.second or leak.first
    return LeakResult(
        name=name,
        leak_detected=leak.signal is not None,
        bytes_per_call=in_bytes.per_call,
        interval=(in_bytes.low, in_bytes.high) if leak.signal in _BYTES else None,
        signal=None if leak.signal is None else leak.signal.value,
        per_call=0.0 if leak.signal is None else leak.grown[leak.signal].per_call,
        evidence=tuple(_evidence(leak)),
        place=leak.c_place if leak.traced is None else leak.traced.place,
        iterations=leak.calls,
        readings={signal.value: tuple(values) for signal, values in last.items()},
    )


def _in_bytes(leak: Leak) -> Growth:
    """What each call keeps, by the signal that counts bytes best."""
    if leak.traced is not None and Signal.BLOCKS in leak.grown:
        return leak.traced.per_call
    for signal in (Signal.HEAP, Signal.RESIDENT):
        if signal in leak.grown:
            return leak.grown[signal]
    return Growth(0.0, 0.0, 0.0)


def _evidence(leak: Leak) -> list[str]:
    told = [
        f"{_WORDS[signal]} grew in each of the last four batches of both stages, by {each.per_call:.3g} "
        f"per call ({each.low:.3g} to {each.high:.3g})"
        for signal, each in leak.grown.items()
    ]
    told += [
        f"{_WORDS[signal]} grew at first, and no more over ten times the calls"
        for signal in leak.suspected
        if signal not in leak.grown
    ]
    if leak.traced is not None and leak.traced.place:
        told.append(
            f"{format_size(leak.traced.per_call.per_call)} per call, most of it at {leak.traced.place}"
        )
    if leak.c_place:
        told.append(f"most of what C code keeps is allocated below {leak.c_place}")
    if Signal.HEAP not in leak.first:
        told.append("the C library's heap was not watched: pip install 'lapwing[leaks]'")
    return told
