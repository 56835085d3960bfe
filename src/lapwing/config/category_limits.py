"""The time budgets of categories that are not written in a category's own table."""

from collections.abc import Mapping
from typing import Any, Final

from lapwing.config.categories import Category
from lapwing.config.choices import Preset
from lapwing.config.faults import left_out, wrong_value
from lapwing.errors import ConfigurationError
from lapwing.units import NS_PER_MS, NS_PER_S, parse_duration

Categories = dict[str, Category]

_STRICT: Final = {
    "unit": 100 * NS_PER_MS,
    "integration": 2 * NS_PER_S,
    "api": 5 * NS_PER_S,
    "e2e": 10 * NS_PER_S,
}
_TABLE: Final = "tool.lapwing.performance_budgets"


def category_name(written: str, categories: Mapping[str, Category]) -> str:
    """`written` without `_test` where that is a category, else as it is."""
    plain = written.removesuffix("_test")
    return plain if plain in categories else written


def with_preset(categories: Categories, preset: Preset) -> Categories:
    """`categories` with the limits of `preset`."""
    if preset != Preset.STRICT:
        return categories
    return categories | {
        name: categories[name]._replace(limit_ns=limit, limit_origin="preset strict")
        for name, limit in _STRICT.items()
    }


def with_performance_budgets(
    categories: Categories, table: Mapping[str, Any], *, where: str, faults: list[ConfigurationError]
) -> Categories:
    """`categories` with what `[tool.lapwing.performance_budgets]` says; a bare number is milliseconds.

    `where` names the file. What is wrong is appended to `faults`.
    """
    changed = dict(categories)
    for written, limit in table.items():
        name = category_name(written, categories)
        place = f"{where} [{_TABLE}] {written}"
        try:
            if isinstance(limit, bool) or not isinstance(limit, int | float | str):
                raise wrong_value(limit, "number of milliseconds, or a duration with its unit", place)
            limit_ns = parse_duration(limit, bare_unit="ms", where=place)
        except ConfigurationError as fault:
            faults.append(left_out(fault))
            continue
        category = changed.get(name, Category(name))
        changed[name] = category._replace(limit_ns=limit_ns, limit_origin=f"pyproject.toml [{_TABLE}]")
    return changed


def with_environment(
    categories: Mapping[str, Category], environ: Mapping[str, str], faults: list[ConfigurationError]
) -> Categories:
    """`categories` with `UNIT_TEST_THRESHOLD` and its like; a bare number is seconds."""
    changed = dict(categories)
    for name, category in categories.items():
        variable = f"{name.upper()}_TEST_THRESHOLD"
        if not environ.get(variable):
            continue
        origin = f"environment {variable}"
        try:
            limit_ns = parse_duration(environ[variable], bare_unit="s", where=origin)
        except ConfigurationError as fault:
            faults.append(left_out(fault))
            continue
        changed[name] = category._replace(limit_ns=limit_ns, limit_origin=origin)
    return changed
