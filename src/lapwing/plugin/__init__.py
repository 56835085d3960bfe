"""FACE. The pytest plugin: what pytest loads in every run of every user. PYTEST_DONT_REWRITE"""

from __future__ import annotations

import sys

# Pytest's own finder reads a compiled module number by number, at ten times the cost of the
# interpreter's: this file is short, and what it offers comes from one that is found without it.
_finders = sys.meta_path[:]
sys.meta_path[:] = [each for each in _finders if type(each).__name__ != "AssertionRewritingHook"]
try:
    from lapwing.plugin.entry import (
        perf,
        pytest_addoption,
        pytest_collection_finish,
        pytest_configure,
        pytest_load_initial_conftests,
        pytest_plugin_registered,
    )
finally:
    sys.meta_path[:] = _finders

__all__ = [
    "perf",
    "pytest_addoption",
    "pytest_collection_finish",
    "pytest_configure",
    "pytest_load_initial_conftests",
    "pytest_plugin_registered",
]


def __dir__() -> list[str]:
    return __all__  # pytest looks at each name for hooks and fixtures, and takes its time
