"""The keys of one table among tables by name, such as `[tool.lapwing.categories.NAME]`."""

from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from lapwing.config.convert import convert
from lapwing.config.faults import left_out, unknown_keys
from lapwing.config.options import AUTO, Option
from lapwing.errors import ConfigurationError


def read_entries(
    table: Mapping[str, Any],
    options: Sequence[Option],
    *,
    place: str,
    root: Path,
    faults: list[ConfigurationError],
) -> dict[str, Any]:
    """What `table` says, converted, by field; `place` names it. What is wrong is appended to `faults`."""
    by_name = {option.name: option for option in options}
    faults += unknown_keys(table, by_name, place)
    entries: dict[str, Any] = {}
    for key, option in by_name.items():
        if key not in table or table[key] == option.default == AUTO:
            continue
        try:
            entries[option.settings_field] = convert(option, table[key], where=f"{place} {key}", folder=root)
        except ConfigurationError as fault:
            faults.append(left_out(fault))
    return entries
