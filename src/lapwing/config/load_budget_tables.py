"""The tables `[tool.lapwing.load_budgets.NAME]` -> limits of load tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.entries import read_entries
from lapwing.config.faults import left_out, wrong_value
from lapwing.config.options import LOAD_BUDGET_OPTIONS
from lapwing.errors import ConfigurationError
from lapwing.model.load_limits import LoadLimits


def read_load_budgets(
    tables: Mapping[str, Any], *, where: str, root: Path, faults: list[ConfigurationError]
) -> tuple[LoadLimits, ...]:
    """The limits in the order written. `where` names the file; what is wrong is appended to `faults`."""
    limits = []
    for name, table in tables.items():
        place = f'{where} [tool.lapwing.load_budgets."{name}"]'
        if not isinstance(table, dict):
            faults.append(left_out(wrong_value(table, "table", place)))
            continue
        entries = read_entries(table, LOAD_BUDGET_OPTIONS, place=place, root=root, faults=faults)
        if entries:
            origin = f'pyproject.toml [tool.lapwing.load_budgets."{name}"]'
            limits.append(LoadLimits(name=name, origin=origin, **entries))
    return tuple(limits)
