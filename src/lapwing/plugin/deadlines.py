"""With `timeouts = true`: every test gets the deadline of its category, through pytest-timeout."""

import os
import signal
from collections.abc import Sequence
from typing import TYPE_CHECKING

import pytest

from lapwing.api.budgets import budgets_set
from lapwing.config.categories import category_of
from lapwing.config.deadlines import deadline_ns
from lapwing.config.load import load_settings
from lapwing.errors import LapwingError, MissingExtraError
from lapwing.plugin.deadline_guard import DeadlineGuard
from lapwing.plugin.own_marks import TIMEOUT_MARK, Deadline, has_pytest_timeout
from lapwing.units import NS_PER_S

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter


def register_deadlines(config: pytest.Config) -> None:
    """Have tests stopped at the deadlines of their categories."""
    config.pluginmanager.register(Deadlines(config), "lapwing-deadlines")
    if hasattr(signal, "SIGALRM"):
        config.pluginmanager.register(DeadlineGuard(), "lapwing-deadline-guard")


class Deadlines:
    """Registered where the settings ask for timeouts."""

    def __init__(self, config: pytest.Config) -> None:
        self._config = config
        self._notice = ""

    @pytest.hookimpl(trylast=True)
    def pytest_collection_modifyitems(self, items: Sequence[pytest.Item]) -> None:
        """Mark each selected test that has no timeout of its own."""
        try:
            self._mark(items)
        except LapwingError as error:
            self._notice = str(error)

    def _mark(self, items: Sequence[pytest.Item]) -> None:
        if getattr(self._config.option, "timeout", None) is not None or os.environ.get("PYTEST_TIMEOUT"):
            return  # somebody wants this one for all tests
        settings = load_settings(self._config.rootpath, environ=os.environ)
        if not settings.timeouts:
            return
        if not has_pytest_timeout(self._config):
            raise MissingExtraError("pytest-timeout", extra="timeouts", need="timeouts = true")
        method = settings.timeout_method
        named = method != "auto" and getattr(self._config.option, "timeout_method", None) is None
        how = {"method": method.value} if named else {}
        known: dict[tuple[str, tuple[str, ...]], int] = {}
        in_code = budgets_set()
        for item in items:
            if item.get_closest_marker(TIMEOUT_MARK) is not None:
                continue
            key = item.nodeid.partition("::")[0], tuple(mark.name for mark in item.iter_markers())
            if key not in known:
                category = settings.categories[category_of(*key, settings.categories)]
                if category.name in in_code and category.timeout_ns is None:
                    category = category._replace(limit_ns=in_code[category.name].limit)
                known[key] = deadline_ns(category, settings.timeout_factor)
            if known[key]:
                item.add_marker(pytest.mark.timeout(Deadline(known[key] / NS_PER_S), **how))

    def pytest_terminal_summary(self, terminalreporter: "TerminalReporter") -> None:
        """Say why no test has a deadline; the run itself goes on."""
        if self._notice:
            first, *rest = self._notice.splitlines()
            terminalreporter.write_line(f"lapwing: warning: {first}", yellow=True)
            for line in rest:
                terminalreporter.write_line(f"lapwing: {line}")
