"""FACE. The gate as tests: `pytest --pyargs lapwing.regression_suite`. PYTEST_DONT_REWRITE

A test file of your own may import `TestPerformanceRegression` instead.
"""

from lapwing.regression_suite.test_performance_regression import TestPerformanceRegression

__all__ = ["TestPerformanceRegression"]
