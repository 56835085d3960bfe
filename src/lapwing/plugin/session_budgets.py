"""Limits of a whole session: `--performance-budget`, `--timeout`, and those set in code."""

import os
from collections.abc import Iterator

import pytest

from lapwing.config.deadlines import deadline_ns, deadline_origin
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError
from lapwing.model.budget import DEADLINE, TIME, Budget, TestBudgets
from lapwing.units import NS_PER_S, parse_duration

FLAG = "--performance-budget"


def session_budgets(config: pytest.Config, settings: Settings) -> Iterator[TestBudgets]:
    """What holds for every test of the session, and for the tests of some categories."""
    from lapwing.api.budgets import budgets_set

    for category, budget in budgets_set().items():
        yield TestBudgets("", (budget, *_deadline(category, budget, settings)), category)
    of_all = tuple(each for each in (budget_of_all(config), _timeout(config)) if each is not None)
    if of_all:
        yield TestBudgets("", of_all)


def budget_of_all(config: pytest.Config) -> Budget | None:
    """The budget of every test by the flag. Raises pytest.UsageError for one that cannot be read."""
    written = config.getoption("performance_budget", None)
    if written is None:
        return None
    try:
        return Budget(TIME, parse_duration(written, bare_unit="ms", where=FLAG), FLAG)
    except ConfigurationError as error:
        raise pytest.UsageError(str(error)) from error


def _deadline(name: str, budget: Budget, settings: Settings) -> Iterator[Budget]:
    """The deadline that follows from the budget set in code, where the category has none of its own."""
    category = settings.categories.get(name)
    if settings.timeouts and category is not None and category.timeout_ns is None:
        category = category._replace(limit_ns=budget.limit, limit_origin=budget.origin)
        factor = settings.timeout_factor
        yield Budget(DEADLINE, deadline_ns(category, factor), deadline_origin(category, factor))


def _timeout(config: pytest.Config) -> Budget | None:
    """pytest-timeout's flag or variable, which win over the deadlines of categories."""
    seconds = getattr(config.option, "timeout", None)
    origin = "--timeout"
    if seconds is None:
        origin = "environment PYTEST_TIMEOUT"
        try:
            seconds = float(os.environ.get(origin.partition(" ")[2], "0"))
        except ValueError:
            return None
    return Budget(DEADLINE, round(seconds * NS_PER_S), origin) if seconds > 0 else None
