"""The settings of one root: frozen, in inside units, and each knows where it came from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lapwing.config.categories import Category
from lapwing.model.value import Value

if TYPE_CHECKING:
    from lapwing.config.choices import BaselineSource, Preset, TimeoutMethod
    from lapwing.errors import ConfigurationError
    from lapwing.model.budget_rule import Basis, Phase
    from lapwing.model.load_limits import LoadLimits
    from lapwing.model.thresholds import ChangeThresholds, ThresholdRule


class Settings(Value):
    """What was configured. Durations in nanoseconds, sizes in bytes, percentages as shares.

    Paths are absolute. `origins` names, for each option of the table, what set it.
    """

    root: Path
    track: bool
    exclude: tuple[str, ...]  # globs
    sql_drivers: tuple[str, ...]  # names of modules
    project: str
    package: str
    store: str  # URL or absolute path
    data_file: Path | None  # None: not written
    baseline_file: Path
    results_dir: Path
    individual_test_threshold: float  # after/before - 1, as the two below
    suite_threshold: float
    critical_threshold: float
    slow_test_ns: int
    base_branch: str  # "": detect
    baseline: BaselineSource
    baseline_runs: int
    baseline_min_runs: int
    min_change_ns: int
    false_discovery_rate: float
    summary_tests: int
    summary_advice: bool
    keep_days: int  # 0: for ever
    keep_bytes: int  # 0: any size
    alerts: tuple[str, ...]  # addresses as written
    alerts_per_hour: int
    system_memory_limit: float  # share; 0: none
    system_swap_bytes: int
    system_cpu_limit: float  # share
    system_cpu_ns: int  # 0: never
    process_tree_bytes: int  # 0: none
    otel: bool
    otel_endpoint: str  # "": what OpenTelemetry's own variables say
    preset: Preset
    warn_at: float  # share of a budget
    suite_budget_ns: int
    budget_phase: Phase
    budget_basis: Basis
    slow_test_allowance: int
    performance_budgets: Mapping[str, int]  # ns by category, as written: `categories` holds them already
    packages: Mapping[str, int]  # ns of a suite, by package
    release_tags: str  # glob
    timeouts: bool
    timeout_factor: float
    timeout_method: TimeoutMethod
    stuck_after_ns: int  # 0: never
    categories: Mapping[str, Category]  # the built-in ones first, in their order
    lint: Mapping[str, Any]  # as written; `config.lint_table` reads it
    load: Mapping[str, Any]  # as written; `config.load_table` reads it
    load_budgets: tuple[LoadLimits, ...]  # in the order written
    thresholds: tuple[ThresholdRule, ...]  # of some tests only, in the order written
    verbose: bool
    origins: Mapping[str, str]  # option name -> "default", "pyproject.toml [tool.lapwing]", …
    faults: tuple[ConfigurationError, ...] = ()  # what was written wrong, and is left out

    @property
    def store_origin(self) -> str:
        """Where the store is named, in words; "" where nobody names it."""
        origin = self.origins["store"]
        if origin == "default":
            return ""
        kind, _, name = origin.partition(" ")
        return f"{origin} store" if kind == "pyproject.toml" else name

    @property
    def change_thresholds(self) -> ChangeThresholds:
        """The limits by which a comparison calls a change one."""
        from lapwing.model.thresholds import ChangeThresholds

        return ChangeThresholds(
            warning=self.individual_test_threshold,
            critical=self.critical_threshold,
            suite_warning=self.suite_threshold,
            suite_critical=self.critical_threshold,
            min_change_ns=self.min_change_ns,
            q=self.false_discovery_rate,
            min_runs=self.baseline_min_runs,
            rules=self.thresholds,
        )
