"""The `perf` fixture: everything that can be measured, for the test that asks for it."""

import importlib
from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Final

from lapwing.api.database import queries
from lapwing.api.instructions import count_instructions
from lapwing.api.leaks import ITERATIONS, memory_leak_test
from lapwing.api.place import keep, running_test
from lapwing.api.record import record_metric
from lapwing.api.tester import PerformanceRegressionTester, name_of
from lapwing.perftest.limits import TimeLimits
from lapwing.perftest.paired import ERROR, NEGLIGIBLE, PAIRS, PairedTimes, compare_functions, ratio_record

_FUNCTIONS: Final = {
    "benchmark_test": "decorators",
    "database_performance_test": "database",
    "load_test_endpoint": "load",
    "memory_leak_test": "leaks",
    "page_performance_test": "page",
    "performance_test": "decorators",
    "set_performance_budget": "budgets",
    "start_test_monitoring": "monitoring",
    "stop_test_monitoring": "monitoring",
    "stress_test": "load",
}
"""Public functions and the files they live in, imported when they are asked for."""


class Perf:
    """What the fixture `perf` gives: each method measures, keeps, and judges by the limits it is given."""

    def __init__(self, limits: TimeLimits = TimeLimits()) -> None:
        """`limits` are those of the test's `perf_benchmark` marks: they hold for each of its benchmarks."""
        self._tester = PerformanceRegressionTester()
        self._tester._limits = limits
        self.detector = self._tester.detector
        self.measure = self._tester.measure

    def benchmark(
        self,
        function: Callable[..., Any],
        *args: Any,
        name: str | None = None,
        iterations: int | None = None,
        warmup: int | None = None,
        metadata: Mapping[str, object] | None = None,
        max_avg_time: str | float | None = None,
        max_p95: str | float | None = None,
        budget: str | float | None = None,
        memory: bool = True,
        **kwargs: Any,
    ) -> Any:
        """Measure `function(*args, **kwargs)`; see `PerformanceRegressionTester.benchmark`.

        The names of our own options cannot be arguments of `function`: bind those with `functools.partial`.
        """
        __tracebackhide__ = True
        return self._tester.benchmark(
            partial(function, *args, **kwargs) if args or kwargs else function,
            name,
            iterations=iterations,
            warmup=warmup,
            metadata=metadata,
            max_avg_time=max_avg_time,
            max_p95=max_p95,
            budget=budget,
            memory=memory,
        )

    def compare(
        self,
        a: Callable[[], object],
        b: Callable[[], object],
        *,
        pairs: int = PAIRS,
        negligible: float = NEGLIGIBLE,
        error: float = ERROR,
        seed: int | None = None,
        name: str | None = None,
    ) -> PairedTimes:
        """`b` against `a`, in turn and in random order: which of them is faster, and by how much.

        `negligible` is the change that counts as none, `error` the chance of calling equal functions
        different by one clock. The ratio of each pair is kept under `name`. Raises ValueError for fewer than
        10 pairs.
        """
        compared = compare_functions(a, b, pairs=pairs, negligible=negligible, error=error, seed=seed)
        shown = name or f"{name_of(b)} against {name_of(a)}"
        keep([ratio_record(compared, shown, running_test())])
        return compared

    def leaks(
        self,
        function: Callable[..., Any],
        *args: Any,
        iterations: int = ITERATIONS,
        name: str | None = None,
        **kwargs: Any,
    ) -> Any:
        """Whether `function(*args, **kwargs)` leaks; see `lapwing.memory_leak_test`."""
        return memory_leak_test(function, *args, iterations=iterations, name=name, **kwargs)

    def instructions(self, function: Callable[[], Any], *, name: str | None = None) -> float:
        """Instructions of one call of `function`, by valgrind; see `lapwing.api.instructions`."""
        return count_instructions(function, name=name)

    queries = staticmethod(queries)
    record = staticmethod(record_metric)

    def __getattr__(self, name: str) -> Any:
        """The public functions under their own names: `perf.memory_leak_test(…)`. Raises AttributeError."""
        if name not in _FUNCTIONS:
            raise AttributeError(f"perf has no {name!r}")
        return getattr(importlib.import_module(f"lapwing.api.{_FUNCTIONS[name]}"), name)
