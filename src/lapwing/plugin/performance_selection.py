"""Which performance tests run: stress tests only on wish, or benchmarks only."""

from typing import Final

import pytest

STRESS: Final = frozenset({"stress", "stress_test"})
_FIXTURES: Final = frozenset({"perf", "benchmark"})
_BENCHMARK: Final = "perf_benchmark"
_REASON: Final = "a stress test: lapwing run --stress-test runs it"


class PerformanceSelection:
    """Registered where `--performance-skip-stress` or `--performance-benchmarks-only` is given."""

    def __init__(self, *, skip_stress: bool, benchmarks_only: bool) -> None:
        self._skip_stress = skip_stress
        self._benchmarks_only = benchmarks_only

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, config: pytest.Config, items: list[pytest.Item]) -> None:
        """Leave out, or skip with a word."""
        if self._benchmarks_only:
            others = [item for item in items if not is_benchmark(item)]
            if others:
                config.hook.pytest_deselected(items=others)
                items[:] = [item for item in items if is_benchmark(item)]
        if self._skip_stress:
            for item in items:
                if any(mark.name in STRESS for mark in item.iter_markers()):
                    item.add_marker(pytest.mark.skip(reason=_REASON))


def is_benchmark(item: pytest.Item) -> bool:
    """Whether a test measures by a mark, a fixture of ours or pytest-benchmark's, or our decorators."""
    if item.get_closest_marker(_BENCHMARK) is not None:
        return True
    if not _FIXTURES.isdisjoint(getattr(item, "fixturenames", ())):
        return True
    return getattr(getattr(item, "obj", None), "is_measured", False) is True
