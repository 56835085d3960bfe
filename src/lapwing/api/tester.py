"""Benchmarks for people: `PerformanceRegressionTester`, and what the fixture and decorators share with it."""

import asyncio
from collections.abc import Awaitable, Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any, TypeVar

from lapwing.api.detector import PerformanceRegressionDetector
from lapwing.api.place import keep, running_test
from lapwing.perftest.benchmark import (
    Measured,
    measure_coroutines,
    measure_function,
    measured_block,
    records_of,
)
from lapwing.perftest.callee import is_async, is_loop_running
from lapwing.perftest.limits import TimeLimits, check_times, tighter, time_limits
from lapwing.perftest.results import BenchmarkResult, result_of
from lapwing.perftest.sampling import Plan
from lapwing.units import NS_PER_S

_T = TypeVar("_T")


class Measurement:
    """What `measure` gives: `result` is there when the block has ended."""

    def __init__(self, name: str) -> None:
        self.name = name
        self._result: BenchmarkResult | None = None

    @property
    def result(self) -> BenchmarkResult:
        """What the block measured. Raises RuntimeError inside it, and where it failed."""
        if self._result is None:
            raise RuntimeError(f"{self.name} has not been measured: its block has not ended")
        return self._result


class PerformanceRegressionTester:
    """Measures, keeps what it measured with the run, and tells what is worse than in the baseline."""

    def __init__(self, detector: PerformanceRegressionDetector | None = None) -> None:
        """`detector` decides what is worse; None for one with the usual thresholds."""
        self.detector = PerformanceRegressionDetector() if detector is None else detector
        self._limits = TimeLimits()

    def benchmark(
        self,
        function: Callable[[], Any],
        name: str | None = None,
        *,
        iterations: int | None = None,
        warmup: int | None = None,
        metadata: Mapping[str, object] | None = None,
        max_avg_time: str | float | None = None,
        max_p95: str | float | None = None,
        budget: str | float | None = None,
        memory: bool = True,
    ) -> Any:
        """Measure `function`, which takes no argument; the result is a `BenchmarkResult`.

        Of a coroutine function the result is awaited where an event loop runs already; else it runs in
        a loop of its own. `iterations` are single calls, one per sample; without it calls are put
        together so that a sample takes at least 5 ms. `memory=False` leaves out the extra calls that
        measure memory. Limits are `"100ms"` or a number of milliseconds. Raises AssertionError over a limit,
        when the result is kept, ValueError for a number of iterations that cannot be, and TypeError for a
        `function` that runs nothing when it is called, such as a generator function.
        """
        __tracebackhide__ = True
        name = name or name_of(function)
        limits = time_limits(
            max_avg_time=max_avg_time, max_p95=max_p95, budget=budget, origin=f"benchmark {name!r}"
        )
        plan = Plan(iterations=iterations, warmup=warmup)
        told = _texts(metadata)
        if not is_async(function):
            measured = measure_function(function, plan, with_memory=memory)
            return self.take(measured, name, told, limits)

        async def measuring() -> BenchmarkResult:
            __tracebackhide__ = True
            found = await measure_coroutines(function, plan, with_memory=memory)
            return self.take(found, name, told, limits)

        return awaited_or_run(measuring())

    @contextmanager
    def measure(
        self,
        name: str,
        *,
        metadata: Mapping[str, object] | None = None,
        max_avg_time: str | float | None = None,
        budget: str | float | None = None,
    ) -> Iterator[Measurement]:
        """Measure what happens inside, once. Raises AssertionError where it takes longer than a limit."""
        __tracebackhide__ = True
        limits = time_limits(max_avg_time=max_avg_time, budget=budget, origin=f"measure {name!r}")
        measurement = Measurement(name)
        taken: list[Measured] = []
        with measured_block(taken.append):
            yield measurement
        result, error = self._taken(taken[0], name, _texts(metadata), limits)
        measurement._result = result
        if error is not None:
            raise error

    def take(
        self, measured: Measured, name: str, metadata: Mapping[str, str], limits: TimeLimits
    ) -> BenchmarkResult:
        """Keep `measured` and tell of it. Raises AssertionError where it is over a limit."""
        __tracebackhide__ = True
        result, error = self._taken(measured, name, metadata, limits)
        if error is not None:
            raise error
        return result

    def _taken(
        self, measured: Measured, name: str, metadata: Mapping[str, str], limits: TimeLimits
    ) -> tuple[BenchmarkResult, AssertionError | None]:
        __tracebackhide__ = True
        records = records_of(measured, name, running_test(), metadata)
        keep(records)
        result = result_of(measured, name, dict(metadata))
        result = result._replace(regressions=self.detector.regressions(records))
        try:
            check_times(
                name,
                tighter(limits, self._limits),
                mean_ns=result.duration.mean * NS_PER_S,
                p95_ns=result.duration.p95 * NS_PER_S,
                iterations=result.iterations,
            )
        except AssertionError as error:
            return result, error
        return result, None


def awaited_or_run(coroutine: Coroutine[Any, Any, _T]) -> Awaitable[_T] | _T:
    """`coroutine` to be awaited where a loop runs in this thread; else what it gives."""
    __tracebackhide__ = True
    return coroutine if is_loop_running() else asyncio.run(coroutine)


def name_of(function: Callable[..., Any]) -> str:
    """What a function is called where nobody named it."""
    named = getattr(function, "func", function)
    return str(getattr(named, "__qualname__", type(function).__name__)).replace("<locals>.", "")


def _texts(metadata: Mapping[str, object] | None) -> dict[str, str]:
    return {str(key): str(value) for key, value in (metadata or {}).items()}
