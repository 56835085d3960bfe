"""A line per slow test as it ends, for `-v` and VERBOSE_TESTS."""

from typing import Any

import pytest

from lapwing.units import format_duration


class SlowLines:
    """Registered in the process that prints; with pytest-xdist that is the controller."""

    def __init__(self, config: pytest.Config, slow_ns: int) -> None:
        self._config = config
        self._slow_s = slow_ns / 1e9
        self._seconds: dict[str, float] = {}

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Add up the phases; the tear-down's report ends a test."""
        if report.__class__ is not pytest.TestReport:
            return
        seconds = self._seconds.get(report.nodeid, 0.0) + report.duration
        if report.when != "teardown":
            self._seconds[report.nodeid] = seconds
            return
        self._seconds.pop(report.nodeid, None)
        reporter: Any = self._config.pluginmanager.getplugin("terminalreporter")
        if seconds > self._slow_s and reporter is not None:
            from lapwing.report.harmless import harmless

            reporter.ensure_newline()
            took, limit = format_duration(seconds * 1e9), format_duration(self._slow_s * 1e9)
            reporter.write_line(f"lapwing: slow: {took} (over {limit}) {harmless(report.nodeid)}")
