"""What every test may use: pytest's own fixture for running pytest on a small suite."""

import os
import re

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

# How long an example takes says something of the machine and of coverage, nothing of the property.
# In CI the same examples every time: a new one that fails belongs on a desk, not on someone's change.
IN_CI = bool(os.environ.get("CI"))
settings.register_profile("lapwing", deadline=None, derandomize=IN_CI)
settings.load_profile("lapwing")

# Debian has no package of actionlint.
A_PART_IS_MISSING = re.compile(r"(?<!actionlint )is not installed|could not import")


def in_ci_nothing_is_missing(report):
    """A test whose real part is missing is skipped on a desk, and fails in CI, which installs them all."""
    if IN_CI and report.skipped and isinstance(report.longrepr, tuple):
        _, _, reason = report.longrepr
        if A_PART_IS_MISSING.search(reason):
            report.outcome = "failed"
            report.longrepr = f"{reason}\nCI has to install it: see .ci/run."
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return in_ci_nothing_is_missing((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return in_ci_nothing_is_missing((yield))
