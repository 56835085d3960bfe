"""Loaded by `lapwing why --imports`: tells on standard error which file has just been imported.

Python's own report of imports does not name test modules and conftest files, which pytest imports in another
way. A line follows the imports that it explains; without a name they were pytest's own.
"""

import sys
from collections.abc import Generator
from typing import Any, Final

import pytest

MARK: Final = "lapwing: imports of "


def pytest_plugin_registered(plugin: object) -> None:
    """A conftest file has been imported, or pytest has loaded something else."""
    file = str(getattr(plugin, "__file__", None) or "").replace("\\", "/")
    _tell(file if file.endswith("/conftest.py") else "")


@pytest.hookimpl(wrapper=True, tryfirst=True)
def pytest_make_collect_report(collector: pytest.Collector) -> Generator[None, Any, Any]:
    """A test module is imported while it is collected."""
    if not isinstance(collector, pytest.File):
        return (yield)
    _tell("")
    result = yield
    _tell(collector.nodeid)
    return result


def _tell(name: str) -> None:
    sys.stderr.write(f"{MARK}{name}\n")
    sys.stderr.flush()
