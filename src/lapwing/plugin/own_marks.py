"""The marks by which a test carries limits itself."""

from __future__ import annotations

from typing import Any, Final

BUDGET_MARK: Final = "perf_budget"
TIMEOUT_MARK: Final = "timeout"
OWN_MARKS: Final = frozenset({BUDGET_MARK, TIMEOUT_MARK})


class Deadline(float):
    """Seconds in a timeout mark that Lapwing set for a test that has none."""


def is_ours(mark: Any) -> bool:
    """Whether Lapwing set this mark, and no person."""
    return mark.name == TIMEOUT_MARK and bool(mark.args) and isinstance(mark.args[0], Deadline)


def has_pytest_timeout(config: Any) -> bool:
    """Whether pytest-timeout is loaded, under whatever name."""
    return hasattr(config.option, "session_timeout")
