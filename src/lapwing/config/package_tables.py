"""The tables `[tool.lapwing.packages.NAME]` -> suite budgets by package."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.entries import read_tables
from lapwing.config.options import PACKAGE_OPTIONS
from lapwing.errors import ConfigurationError


def read_packages(
    tables: Mapping[str, Any], *, where: str, root: Path, faults: list[ConfigurationError]
) -> dict[str, int]:
    """Nanoseconds that a run of each package may take. What is wrong is appended to `faults`."""
    budgets: dict[str, int] = {}

    def place_of(name: str) -> str:
        return f'{where} [tool.lapwing.packages."{name}"]'

    for name, _, entries in read_tables(tables, PACKAGE_OPTIONS, place_of=place_of, root=root, faults=faults):
        if "suite_budget" in entries:
            budgets[name] = entries["suite_budget"]
    return budgets
