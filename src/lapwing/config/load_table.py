"""The table `[tool.lapwing.load]` -> what load tests are aimed at."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lapwing.config.convert import convert
from lapwing.config.faults import left_out, unknown_keys
from lapwing.config.options import LOAD_OPTIONS
from lapwing.errors import ConfigurationError
from lapwing.model.value import Value

_ENTRIES: Final = {option.name: option for option in LOAD_OPTIONS}


class LoadOptions(Value):
    """Where load may go."""

    base_url: str = ""
    hosts: tuple[str, ...] = ()  # globs


def read_load_options(
    table: Mapping[str, Any], *, root: Path, faults: list[ConfigurationError]
) -> LoadOptions:
    """The options that `table` sets. What is wrong is left out and appended to `faults`."""
    if not table:
        return LoadOptions()
    where = f"{root / 'pyproject.toml'} [tool.lapwing.load]"
    faults += unknown_keys(table, _ENTRIES, where)
    values: dict[str, Any] = {}
    for key, option in _ENTRIES.items():
        if key in table:
            try:
                values[key] = convert(option, table[key], where=f"{where} {key}", folder=root)
            except ConfigurationError as fault:
                faults.append(left_out(fault))
    return LoadOptions(**values)
