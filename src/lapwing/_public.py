"""The public names and where they live; each is imported when it is first asked for."""

from typing import Any, Final

_HOMES: Final = {
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


def find(name: str) -> Any:
    """A public name, or the list of all. Raises AttributeError for any other."""
    if name == "__all__":
        return list(_HOMES)
    if name not in _HOMES:
        raise AttributeError(f"module 'lapwing' has no attribute {name!r}")
    import importlib

    return getattr(importlib.import_module(_HOMES[name]), name)
