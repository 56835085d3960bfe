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
