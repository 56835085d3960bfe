"""The tables `[tool.lapwing.load_budgets.NAME]` -> limits of load tests."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.entries import read_tables
from lapwing.config.options import LOAD_BUDGET_OPTIONS
from lapwing.errors import ConfigurationError
from lapwing.model.load_limits import LoadLimits


def read_load_budgets(
    tables: Mapping[str, Any], *, where: str, root: Path, faults: list[ConfigurationError]
) -> tuple[LoadLimits, ...]:
    """The limits in the order written. `where` names the file; what is wrong is appended to `faults`."""
    limits = []

    def place_of(name: str) -> str:
        return f'{where} [tool.lapwing.load_budgets."{name}"]'

    for name, _, entries in read_tables(
        tables, LOAD_BUDGET_OPTIONS, place_of=place_of, root=root, faults=faults
    ):
        if entries:
            origin = f'pyproject.toml [tool.lapwing.load_budgets."{name}"]'
            limits.append(LoadLimits(name=name, origin=origin, **entries))
    return tuple(limits)
