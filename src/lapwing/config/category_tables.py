"""The tables `[tool.lapwing.categories.NAME]` -> categories."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.categories import CATEGORIES, Category
from lapwing.config.convert import convert
from lapwing.config.faults import left_out, unknown_keys, wrong_value
from lapwing.config.options import AUTO, CATEGORY_OPTIONS
from lapwing.errors import ConfigurationError

_ENTRIES = {option.name: option for option in CATEGORY_OPTIONS}


def read_categories(
    tables: Mapping[str, Any], *, where: str, root: Path, faults: list[ConfigurationError]
) -> Mapping[str, Category]:
    """The built-in categories with what `tables` says, then those that only `tables` knows.

    `where` names the file. What is wrong is appended to `faults`.
    """
    categories = dict(CATEGORIES)
    for written_name, table in tables.items():
        place = f"{where} [tool.lapwing.categories.{written_name}]"
        if not isinstance(table, dict):
            faults.append(left_out(wrong_value(table, "table", place)))
            continue
        plain = written_name.removesuffix("_test")
        name = plain if plain in CATEGORIES else written_name
        changes = _read_entries(table, place, root, faults)
        categories[name] = categories.get(name, Category(name))._replace(**changes)
    return categories


def _read_entries(
    table: Mapping[str, Any], place: str, root: Path, faults: list[ConfigurationError]
) -> dict[str, Any]:
    faults += unknown_keys(table, _ENTRIES, place)
    entries: dict[str, Any] = {}
    for key, option in _ENTRIES.items():
        if key not in table or table[key] == option.default == AUTO:
            continue
        try:
            entries[option.settings_field] = convert(option, table[key], where=f"{place} {key}", folder=root)
        except ConfigurationError as fault:
            faults.append(left_out(fault))
    return entries
