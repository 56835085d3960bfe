"""A pytest that runs some tests once more, and writes nothing of the user's. PYTEST_DONT_REWRITE"""

from collections.abc import Sequence
from typing import Final

import pytest

# Options by which pytest and well-known plugins write files, stop early or choose other tests, and our own.
_NEUTRAL: Final = {
    "xmlpath": None,
    "report_log": None,
    "htmlpath": None,
    "json_report_file": None,
    "json_report": False,
    "allure_report_dir": None,
    "csv_path": None,
    "benchmark_json": None,
    "benchmark_autosave": False,
    "benchmark_save": None,
    "store_durations": False,
    "maxfail": 0,
    "lf": False,
    "failedfirst": False,
    "newfirst": False,
    "stepwise": False,
    "stepwise_skip": False,
    "usepdb": False,
    "trace": False,
    "track_performance": False,
    "otel": False,
    "push": None,
    "leaks": False,
    "performance_budget": None,
    "shard": None,
}


def settle(config: pytest.Config, names: Sequence[str]) -> None:
    """Before anything is configured: run the files of these tests, and write nothing of the user's."""
    files = dict.fromkeys(name.partition("::")[0] for name in names)
    config.args = [str(path) for name in files if (path := config.rootpath / name).exists()]
    for name, value in _NEUTRAL.items():
        if hasattr(config.option, name):
            setattr(config.option, name, value)


def select(items: list[pytest.Item], names: Sequence[str]) -> None:
    """Keep the tests of these names, in their order."""
    places = {name: at for at, name in enumerate(names)}
    items[:] = sorted((item for item in items if item.nodeid in places), key=lambda item: places[item.nodeid])
