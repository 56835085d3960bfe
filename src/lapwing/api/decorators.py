"""Tests that are measured: `@performance_test`, `@benchmark_test`."""

import functools
import sys
from collections.abc import Callable, Mapping
from typing import Any

from lapwing.api.tester import PerformanceRegressionTester, name_of
from lapwing.perftest.benchmark import measure_coroutines, measure_function
from lapwing.perftest.callee import is_async
from lapwing.perftest.limits import TimeLimits, time_limits
from lapwing.perftest.sampling import Plan


def performance_test(
    function: Callable[..., Any] | None = None,
    *,
    name: str | None = None,
    iterations: int = 1,
    warmup: int = 0,
    budget: str | float | None = None,
    max_avg_time: str | float | None = None,
    max_p95: str | float | None = None,
    test_type: str | None = None,
    metadata: Mapping[str, object] | None = None,
) -> Any:
    """Measure a test function (or any other) each time it is called.

    It runs `iterations` times, after `warmup` calls that are thrown away, with the same arguments. The test
    fails where a call takes longer than `budget` (`"500ms"`, or a number of milliseconds) on average.
    `test_type` is the category of the test, with or without `_test`. Async functions stay async. When the
    test is defined, raises ConfigurationError for a limit that cannot be read, and TypeError for a class
    and for a generator function.
    """

    def decorate(test: Any) -> Any:
        if isinstance(test, type):
            raise TypeError(
                f"{test.__name__} is a class: decorate its methods, or mark it, @pytest.mark.perf_benchmark"
            )
        shown = name or getattr(test, "__name__", None) or name_of(test)
        limits = time_limits(
            max_avg_time=max_avg_time, max_p95=max_p95, budget=budget, origin=f"@performance_test of {shown}"
        )
        told = {str(key): str(value) for key, value in (metadata or {}).items()}
        made = _measured(test, shown, Plan(iterations=iterations, warmup=warmup), limits, told)
        return made if test_type is None else _marked(made, test_type)

    return decorate if function is None else decorate(function)


def benchmark_test(
    function: Callable[..., Any] | None = None,
    name: str | None = None,
    *,
    iterations: int | None = None,
    warmup: int | None = None,
    max_avg_time: str | float | None = None,
    max_p95: str | float | None = None,
    metadata: Mapping[str, object] | None = None,
    memory: bool = True,
) -> Any:
    """Measure `function` now and give its `BenchmarkResult`; without a function, a decorator of a test.

    `benchmark_test(parse, iterations=100, max_avg_time="5ms")` raises AssertionError over a limit. For the
    rest see `PerformanceRegressionTester.benchmark`.
    """
    if function is not None:
        return PerformanceRegressionTester().benchmark(
            function,
            name,
            iterations=iterations,
            warmup=warmup,
            max_avg_time=max_avg_time,
            max_p95=max_p95,
            metadata=metadata,
            memory=memory,
        )
    return performance_test(
        name=name,
        iterations=1 if iterations is None else iterations,
        warmup=warmup or 0,
        max_avg_time=max_avg_time,
        max_p95=max_p95,
        metadata=metadata,
    )


def _measured(test: Any, name: str, plan: Plan, limits: TimeLimits, metadata: Mapping[str, str]) -> Any:
    tester = PerformanceRegressionTester()
    if is_async(test):

        @functools.wraps(test)
        async def call_async(*args: Any, **kwargs: Any) -> None:
            __tracebackhide__ = True
            found = await measure_coroutines(lambda: test(*args, **kwargs), plan, with_memory=False)
            tester.take(found, name, metadata, limits)

        call_async.is_measured = True  # type: ignore[attr-defined]
        return call_async

    @functools.wraps(test)
    def call(*args: Any, **kwargs: Any) -> None:
        __tracebackhide__ = True
        found = measure_function(lambda: test(*args, **kwargs), plan, with_memory=False)
        tester.take(found, name, metadata, limits)

    call.is_measured = True  # type: ignore[attr-defined]
    return call


def _marked(test: Any, test_type: str) -> Any:
    """With pytest's mark of the category, where pytest runs."""
    pytest = sys.modules.get("pytest")
    if pytest is None:
        return test
    return getattr(pytest.mark, test_type.removesuffix("_test"))(test)
