"""The defaults of the option table in inside units. Made by docs/generate.py; changes here are lost.

Every tracked run reads them, and most need nothing else of the table. Words out of a closed set are
plain texts here, which equal their members: most runs need no more of the sets.
"""

from __future__ import annotations

from typing import Any, Final

VALUES: Final[dict[str, Any]] = {
    "track": False,
    "exclude": (),
    "sql_drivers": (),
    "package": "",
    "individual_test_threshold": 0.2,
    "suite_threshold": 0.15,
    "critical_threshold": 0.5,
    "slow_test_ns": 30_000_000_000,
    "base_branch": "",
    "baseline": "auto",
    "baseline_runs": 20,
    "baseline_min_runs": 5,
    "min_change_ns": 2_000_000,
    "false_discovery_rate": 0.01,
    "summary_tests": 5,
    "summary_advice": True,
    "keep_days": 90,
    "keep_bytes": 1_000_000_000,
    "alerts": (),
    "alerts_per_hour": 20,
    "system_memory_limit": 0.1,
    "system_swap_bytes": 0,
    "system_cpu_limit": 0.95,
    "system_cpu_ns": 30_000_000_000,
    "process_tree_bytes": 0,
    "otel": False,
    "otel_endpoint": "",
    "preset": "default",
    "warn_at": 0.8,
    "suite_budget_ns": 300_000_000_000,
    "budget_phase": "all",
    "budget_basis": "raw",
    "slow_test_allowance": 0,
    "performance_budgets": {},
    "packages": {},
    "release_tags": "v*",
    "timeouts": False,
    "timeout_factor": 1.0,
    "timeout_method": "auto",
    "stuck_after_ns": 60_000_000_000,
    "lint": {},
    "load": {},
    "load_budgets": (),
    "thresholds": (),
    "verbose": False,
}
"""By field of `Settings`."""

AUTOMATIC: Final = {
    "project": "project",
    "data_file": "data_file",
    "baseline_file": "baseline_file",
}
"""Fields that depend on the project, with their options."""

PATHS: Final = {
    "results_dir": "tests/performance_results",
}
"""Paths from the root, by field."""

LOCATIONS: Final = {
    "store": ".lapwing/store.sqlite",
}
"""Paths from the root that are kept as text, by field."""

NAMES: Final = (
    "track",
    "exclude",
    "sql_drivers",
    "project",
    "package",
    "store",
    "data_file",
    "baseline_file",
    "results_dir",
    "individual_test_threshold",
    "suite_threshold",
    "critical_threshold",
    "slow_test_threshold_seconds",
    "base_branch",
    "baseline",
    "baseline_runs",
    "baseline_min_runs",
    "min_change",
    "false_discovery_rate",
    "summary_tests",
    "summary_advice",
    "keep_days",
    "keep_size",
    "alerts",
    "alerts_per_hour",
    "system_memory_limit",
    "system_swap_limit",
    "system_cpu_limit",
    "system_cpu_time",
    "process_tree_limit",
    "otel",
    "otel_endpoint",
    "preset",
    "warn_at",
    "suite_budget",
    "budget_phase",
    "budget_basis",
    "slow_test_allowance",
    "performance_budgets",
    "packages",
    "release_tags",
    "timeouts",
    "timeout_factor",
    "timeout_method",
    "stuck_after",
    "categories",
    "lint",
    "load",
    "load_budgets",
    "thresholds",
    "verbose",
)
"""All options."""

VARIABLES: Final = (
    "PERFORMANCE_MONITORING",
    "LAPWING_STORE",
    "LAPWING_ALERTS",
    "LAPWING_OTEL",
    "WARN_THRESHOLD_PERCENT",
    "VERBOSE_TESTS",
    "SLOW_TEST_THRESHOLD",
    "E2E_TEST_THRESHOLD",
    "INTEGRATION_TEST_THRESHOLD",
    "API_TEST_THRESHOLD",
    "STRESS_TEST_THRESHOLD",
    "UNIT_TEST_THRESHOLD",
)
"""Environment variables that set one of them."""
