"""Pytest's reports in our words for outcomes."""

import reprlib
from typing import Any

import pytest


def outcome_of(report: pytest.TestReport) -> str:
    """The outcome that a phase's report tells.

    An attempt that will be rerun (`rerun`) failed; a failing set-up or tear-down is an error.
    """
    expected = hasattr(report, "wasxfail")
    if report.outcome == "passed":
        return "xpassed" if expected and report.when == "call" else "passed"
    if report.outcome == "skipped":
        return "xfailed" if expected else "skipped"
    if _says_timeout(report):
        return "timeout"
    return "failed" if report.when == "call" else "error"


def is_timeout(error: BaseException) -> bool:
    """Whether pytest-timeout raised `error` into the test, by its signal."""
    return isinstance(error, pytest.fail.Exception) and _is_timeout_text(str(error.msg))


def _says_timeout(report: pytest.TestReport) -> bool:
    message = getattr(getattr(report.longrepr, "reprcrash", None), "message", "")
    return _is_timeout_text(str(message).removeprefix("Failed: "))


def _is_timeout_text(text: str) -> bool:
    return text.startswith("Timeout (>") and text.endswith("from pytest-timeout.")


def is_superseded(report: Any) -> bool:
    """Whether the report tells of an attempt that pytest-rerunfailures will follow with another."""
    return bool(report.outcome == "rerun")


def subtest_name(report: Any) -> str | None:
    """The name of the subtest that `report` tells of, None for a test's own report.

    Subtests of pytest 9 and of pytest-subtests both carry a `context` with message and values.
    """
    context = getattr(report, "context", None)
    if context is None or not hasattr(context, "kwargs"):
        return None
    parts = [str(context.msg)] if context.msg is not None else []
    if context.kwargs:
        parts.append(f"({', '.join(f'{key}={_shown(value)}' for key, value in context.kwargs.items())})")
    return " ".join(parts) or "(<subtest>)"


def _shown(value: object) -> str:
    """A subtest's value; newer pytests have made text of it already. Broken `repr`s are survived."""
    return value if isinstance(value, str) else reprlib.repr(value)
