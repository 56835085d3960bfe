"""The tables `[tool.lapwing.categories.NAME]` -> categories."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lapwing.config.categories import Category
from lapwing.config.category_limits import category_name
from lapwing.config.convert import convert
from lapwing.config.entries import read_tables
from lapwing.config.faults import left_out
from lapwing.config.options import CATEGORY_OPTIONS, OPTIONS_BY_NAME
from lapwing.errors import ConfigurationError
from lapwing.model.budget import MISS_SHARE, miss_share

_ORIGINS: Final = {
    "limit_ns": "limit_origin",
    "timeout_ns": "timeout_origin",
    "memory_bytes": "memory_origin",
    "counters": "counters_origin",
}
_SHORT_COUNTERS: Final = ("sql_queries",)
_HIT_RATIO: Final = "cache_hit_ratio"


def read_categories(
    tables: Mapping[str, Any],
    categories: Mapping[str, Category],
    *,
    where: str,
    root: Path,
    faults: list[ConfigurationError],
) -> dict[str, Category]:
    """`categories` with what `tables` says, then those that only `tables` knows.

    `where` names the file. What is wrong is appended to `faults`.
    """
    changed = dict(categories)

    def place_of(name: str) -> str:
        return f"{where} [tool.lapwing.categories.{name}]"

    for written_name, place, found in read_tables(
        tables, CATEGORY_OPTIONS, place_of=place_of, root=root, faults=faults
    ):
        name = category_name(written_name, categories)
        entries = _with_counters(found, place, root, faults)
        origin = f"pyproject.toml [tool.lapwing.categories.{written_name}]"
        origins = {_ORIGINS[field]: origin for field in entries if field in _ORIGINS}
        changed[name] = changed.get(name, Category(name))._replace(**entries, **origins)
    return changed


def _with_counters(
    entries: dict[str, Any], place: str, root: Path, faults: list[ConfigurationError]
) -> dict[str, Any]:
    """`entries` with all that limits a counter under `counters`."""
    counters = _counters(entries.pop("counters", {}), f"{place} counters", root, faults)
    counters |= {name: entries.pop(name) for name in _SHORT_COUNTERS if name in entries}
    if _HIT_RATIO in entries:
        counters[MISS_SHARE] = miss_share(entries.pop(_HIT_RATIO))
    return entries | ({"counters": counters} if counters else {})


def _counters(
    table: Mapping[str, Any], place: str, root: Path, faults: list[ConfigurationError]
) -> dict[str, int]:
    """The limits of counters; each is a whole number."""
    whole_number = OPTIONS_BY_NAME["slow_test_allowance"]
    counters: dict[str, int] = {}
    for name, written in table.items():
        try:
            counters[name] = convert(whole_number, written, where=f"{place} {name}", folder=root)
        except ConfigurationError as fault:
            faults.append(left_out(fault))
    return counters
