"""The names that others may rely on."""

import lapwing
from lapwing import errors


def test_the_package_offers_exactly_its_public_names():
    assert lapwing.__all__ == [
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


def test_every_public_name_is_there():
    assert [name for name in lapwing.__all__ if not hasattr(lapwing, name)] == []


def test_every_error_has_a_slug_of_its_own():
    tree = [errors.LapwingError]
    for error in tree:
        tree.extend(error.__subclasses__())

    slugs = [error.slug for error in tree if error.__module__ == "lapwing.errors"]

    assert sorted(slugs) == sorted(set(slugs))
