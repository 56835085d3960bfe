"""The tables `[tool.lapwing.packages.NAME]` -> suite budgets by package."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.entries import read_entries
from lapwing.config.faults import left_out, wrong_value
from lapwing.config.options import PACKAGE_OPTIONS
from lapwing.errors import ConfigurationError


def read_packages(
    tables: Mapping[str, Any], *, where: str, root: Path, faults: list[ConfigurationError]
) -> dict[str, int]:
    """Nanoseconds that a run of each package may take. What is wrong is appended to `faults`."""
    budgets: dict[str, int] = {}
    for name, table in tables.items():
        place = f'{where} [tool.lapwing.packages."{name}"]'
        if not isinstance(table, dict):
            faults.append(left_out(wrong_value(table, "table", place)))
            continue
        entries = read_entries(table, PACKAGE_OPTIONS, place=place, root=root, faults=faults)
        if "suite_budget" in entries:
            budgets[name] = entries["suite_budget"]
    return budgets
