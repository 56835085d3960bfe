"""Writing down which limits hold in a run: those that tests carry, and those that flags and code set."""

import sys

import pytest

from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.model.budget import TestBudgets
from lapwing.plugin.own_budgets import own_budgets
from lapwing.plugin.session_budgets import session_budgets
from lapwing.record.process import ProcessRecording


def write_own_limits(process: ProcessRecording, item: pytest.Item, warnings: list[str]) -> None:
    """Keep the limits that a test carries itself; one that cannot be read is left out and told in `warnings`.

    Raises OSError.
    """
    try:
        limits = TestBudgets(item.nodeid, own_budgets(item))
    except LapwingError as error:
        text = f"a limit is left out: {error}"
        if text not in warnings:
            warnings.append(text)
        return
    if limits.budgets:
        process.limited(limits)


def write_limits_of_all(process: ProcessRecording, config: pytest.Config, settings: Settings) -> None:
    """Keep those of the whole run; what code set for it is forgotten then. Raises OSError."""
    for limits in session_budgets(config, settings):
        process.limited(limits)
    if "lapwing.api.budgets" in sys.modules:
        from lapwing.api.budgets import forget_budgets

        forget_budgets()
