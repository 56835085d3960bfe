"""Lapwing makes a test suite's performance visible, keeps it, and says how to make it better."""

from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lapwing._version import __version__
    from lapwing.api.budgets import set_performance_budget
    from lapwing.api.database import database_performance_test
    from lapwing.api.decorators import benchmark_test, performance_test
    from lapwing.api.detector import PerformanceRegressionDetector
    from lapwing.api.leaks import memory_leak_test
    from lapwing.api.load import load_test_endpoint, stress_test
    from lapwing.api.monitoring import start_test_monitoring, stop_test_monitoring
    from lapwing.api.page import page_performance_test
    from lapwing.api.tester import PerformanceRegressionTester

__all__ = [
    "PerformanceRegressionDetector",
    "PerformanceRegressionTester",
    "__version__",
    "benchmark_test",
    "database_performance_test",
    "load_test_endpoint",
    "memory_leak_test",
    "page_performance_test",
    "performance_test",
    "set_performance_budget",
    "start_test_monitoring",
    "stop_test_monitoring",
    "stress_test",
]

_PUBLIC: Final = {
    "PerformanceRegressionDetector": "lapwing.api.detector",
    "PerformanceRegressionTester": "lapwing.api.tester",
    "__version__": "lapwing._version",
    "benchmark_test": "lapwing.api.decorators",
    "database_performance_test": "lapwing.api.database",
    "load_test_endpoint": "lapwing.api.load",
    "memory_leak_test": "lapwing.api.leaks",
    "page_performance_test": "lapwing.api.page",
    "performance_test": "lapwing.api.decorators",
    "set_performance_budget": "lapwing.api.budgets",
    "start_test_monitoring": "lapwing.api.monitoring",
    "stop_test_monitoring": "lapwing.api.monitoring",
    "stress_test": "lapwing.api.load",
}
"""Public names and where they live; imported when first asked for."""


def __getattr__(name: str) -> Any:
    """A public name. Raises AttributeError for any other."""
    if name not in _PUBLIC:
        raise AttributeError(f"module 'lapwing' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_PUBLIC[name]), name)


def __dir__() -> list[str]:
    return sorted((*globals(), *_PUBLIC))
