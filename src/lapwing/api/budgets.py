"""Budgets set in code, for the session that runs."""

from collections.abc import Mapping
from typing import Final

from lapwing.model.budget import TIME, Budget
from lapwing.units import parse_duration

_budgets: Final[dict[str, Budget]] = {}


def set_performance_budget(test_type: str, limit: str | int | float) -> None:
    """Let tests of the category `test_type` take at most `limit` (`"1s"`; a number is milliseconds).

    `test_type` is written with or without `_test`. Call it in a conftest file; it holds for the runs of
    this process, before the configuration and after what a test carries itself. Raises ConfigurationError
    for a limit that cannot be read.
    """
    name = test_type.removesuffix("_test")
    limit_ns = parse_duration(limit, bare_unit="ms", where=f"set_performance_budget({test_type!r}, ...)")
    _budgets[name] = Budget(TIME, limit_ns, f"set_performance_budget({name!r}) in code")


def budgets_set() -> Mapping[str, Budget]:
    """What was set, by category."""
    return dict(_budgets)


def forget_budgets() -> None:
    """Forget what was set: the session is over."""
    _budgets.clear()
