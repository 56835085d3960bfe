"""How far are limits used? What recent runs took of each, and what a limit could be instead."""

from enum import StrEnum
from typing import Any

from lapwing.model.budget import Budget
from lapwing.model.codec import FORMAT_VERSION
from lapwing.model.value import Value


class Scope(StrEnum):
    """Whom a limit is set for."""

    CATEGORY = "category"  # every test of it
    PACKAGE = "package"  # its whole run, or its tests in a run of more
    SUITE = "suite"  # a whole run
    TEST = "test"  # one test, by a mark on it


class BudgetUse(Value):
    """One limit and what runs took of it, in the unit of its metric."""

    scope: Scope
    name: str  # category, package, or node id; "" for the suite
    budget: Budget
    tests: int = 0  # that were measured; of the suite 0
    high: int | None = None  # largest over tests of each test's 95th percentile over runs; None: not measured
    highest: str = ""  # the test that takes so much
    most: int | None = None  # 95th percentile over tests of the same
    is_set: bool = True  # somebody set it; else it is built in, or a preset's
    is_in_config: bool = True  # it may be changed in pyproject.toml
    proposed: int | None = None  # another limit; None: this one stays


class BudgetUses(Value):
    """All limits that recent runs were judged by."""

    run_ids: tuple[str, ...]  # newest first
    uses: tuple[BudgetUse, ...]
    notes: tuple[str, ...] = ()  # sentences

    @property
    def proposals(self) -> tuple[BudgetUse, ...]:
        """Those with another limit."""
        return tuple(each for each in self.uses if each.proposed is not None)


def budget_uses_dict(uses: BudgetUses, diff: str = "") -> dict[str, Any]:
    """The document of `lapwing budget --format json`; `diff` is that of the configuration."""
    return {
        "format_version": FORMAT_VERSION,
        "run_ids": list(uses.run_ids),
        "limits": [_use_dict(each) for each in uses.uses],
        "notes": list(uses.notes),
        "diff": diff,
    }


def _use_dict(use: BudgetUse) -> dict[str, Any]:
    return {
        "scope": use.scope.value,
        "name": use.name,
        "metric": use.budget.metric,
        "unit": use.budget.unit.value,
        "limit": use.budget.limit,
        "origin": use.budget.origin,
        "tests": use.tests,
        "high": use.high,
        "highest": use.highest,
        "most": use.most,
        "proposed": use.proposed,
    }
