"""The keys of one table among tables by name, such as `[tool.lapwing.categories.NAME]`."""

from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any

from lapwing.config.convert import convert
from lapwing.config.faults import left_out, unknown_keys, wrong_value
from lapwing.config.options import AUTO, Option
from lapwing.errors import ConfigurationError


def read_tables(
    tables: Mapping[str, Any],
    options: Sequence[Option],
    *,
    place_of: Callable[[str], str],
    root: Path,
    faults: list[ConfigurationError],
) -> Iterator[tuple[str, str, dict[str, Any]]]:
    """Name, place and entries of each of `tables`, in the order written; what is no table is left out.

    `place_of` says in words where the table of a name stands. What is wrong is appended to `faults`.
    """
    for name, table in tables.items():
        place = place_of(name)
        if isinstance(table, dict):
            yield name, place, read_entries(table, options, place=place, root=root, faults=faults)
        else:
            faults.append(left_out(wrong_value(table, "table", place)))


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
