"""The tables `[tool.lapwing.categories.NAME]` -> categories."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.categories import CATEGORIES, Category
from lapwing.config.entries import read_entries
from lapwing.config.faults import left_out, wrong_value
from lapwing.config.options import CATEGORY_OPTIONS
from lapwing.errors import ConfigurationError


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
        changes = read_entries(table, CATEGORY_OPTIONS, place=place, root=root, faults=faults)
        categories[name] = categories.get(name, Category(name))._replace(**changes)
    return categories
