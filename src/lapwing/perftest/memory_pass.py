"""How much memory a function holds: a pass of its own, for tracing makes code 6 to 36 times slower."""

import gc
import tracemalloc
from collections.abc import Callable, Coroutine
from enum import StrEnum
from typing import Any, Final

from lapwing.measure.present_recording import present_recording
from lapwing.measure.process_facts import ProcessFacts
from lapwing.model.value import Value

_PASSES: Final = 3
_TRACED_NS: Final = 100_000_000
"""A longer call is not traced: at 36 times its time nobody waits for it."""


class MemoryMethod(StrEnum):
    """Where the bytes come from."""

    TRACED = "traced"  # by tracemalloc: what Python allocated, to the byte
    RESIDENT = "resident"  # growth of the process, by page: what the system gave
    NONE = "none"


class MemorySamples(Value):
    """The most that each call held at once, over what was held before it."""

    method: MemoryMethod = MemoryMethod.NONE
    peak_bytes: tuple[int, ...] = ()


def memory_of(function: Callable[[], object], call_ns: float) -> MemorySamples:
    """The peaks of some calls of `function`, which takes `call_ns`."""
    meter = _meter(call_ns)
    if meter is None:
        return MemorySamples()
    with meter:
        for _ in range(meter.passes):
            meter.begin()
            function()
            meter.end()
    return meter.samples()


async def memory_of_coroutine(
    function: Callable[[], Coroutine[Any, Any, object]], call_ns: float
) -> MemorySamples:
    """The same of awaiting what `function` makes."""
    meter = _meter(call_ns)
    if meter is None:
        return MemorySamples()
    with meter:
        for _ in range(meter.passes):
            meter.begin()
            await function()
            meter.end()
    return meter.samples()


def _meter(call_ns: float) -> "_Traced | _Resident | None":
    if call_ns <= _TRACED_NS and not tracemalloc.is_tracing():
        return _Traced()
    if present_recording() is not None:
        return None  # a recording watches the highest size of the process, which would begin anew
    resident = _Resident()
    return resident if resident.is_there else None


class _Traced:
    """By tracemalloc."""

    passes = _PASSES

    def __init__(self) -> None:
        self._peaks: list[int] = []
        self._before = 0

    def __enter__(self) -> None:
        gc.collect()
        tracemalloc.start(1)

    def __exit__(self, *_: object) -> None:
        tracemalloc.stop()

    def begin(self) -> None:
        tracemalloc.reset_peak()
        self._before = tracemalloc.get_traced_memory()[0]

    def end(self) -> None:
        self._peaks.append(max(0, tracemalloc.get_traced_memory()[1] - self._before))

    def samples(self) -> MemorySamples:
        return MemorySamples(MemoryMethod.TRACED, tuple(self._peaks))


class _Resident:
    """By the highest resident size of the process."""

    passes = 1

    def __init__(self) -> None:
        self._facts = ProcessFacts()
        self._before = self._facts.at_start()
        self._peaks: list[int] = []
        if self._before is None:
            self._facts.close()

    @property
    def is_there(self) -> bool:
        return self._before is not None

    def __enter__(self) -> None:
        gc.collect()

    def __exit__(self, *_: object) -> None:
        self._facts.close()

    def begin(self) -> None:
        self._before = self._facts.at_start()

    def end(self) -> None:
        after = self._facts.at_end()
        if self._before is not None and after is not None:
            self._peaks.append(max(0, after[1] - self._before[0]))

    def samples(self) -> MemorySamples:
        return MemorySamples(MemoryMethod.RESIDENT, tuple(self._peaks))
