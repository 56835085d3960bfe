"""Writes `defaults.py` out of the option table."""

from pathlib import Path
from typing import Any

from lapwing.config.categories import CATEGORIES
from lapwing.config.options import AUTO, OPTIONS, Kind, Option
from lapwing.config.pyproject import ToolTables
from lapwing.config.written import written_settings

_HEAD = '''\
"""The defaults of the option table in inside units. Made by docs/generate.py; changes here are lost.

Every tracked run reads them, and most need nothing else of the table. Words out of a closed set are
plain texts here, which equal their members: most runs need no more of the sets.
"""

from __future__ import annotations

from typing import Any, Final

'''


def defaults_source() -> str:
    """The text of `defaults.py`."""
    settings = written_settings(Path("/"), ToolTables(), flags={}, environ={})
    automatic = {each.settings_field: each.name for each in OPTIONS if _is_automatic(each)}
    paths = {
        each.settings_field: str(each.default)
        for each in OPTIONS
        if each.kind in (Kind.PATH, Kind.PATH_OR_NONE) and each.settings_field not in automatic
    }
    locations = {each.settings_field: str(each.default) for each in OPTIONS if each.kind is Kind.LOCATION}
    elsewhere = {"root", "origins", "categories", "faults", *automatic, *paths, *locations}
    values = {field: value for field, value in settings._asdict().items() if field not in elsewhere}
    variables = [*(each.env for each in OPTIONS if each.env)]
    variables += [f"{name.upper()}_TEST_THRESHOLD" for name in CATEGORIES]
    lines = [_HEAD.rstrip("\n")]
    lines += _table("VALUES: Final[dict[str, Any]]", values, "By field of `Settings`.")
    lines += _table("AUTOMATIC: Final", automatic, "Fields that depend on the project, with their options.")
    lines += _table("PATHS: Final", paths, "Paths from the root, by field.")
    lines += _table("LOCATIONS: Final", locations, "Paths from the root that are kept as text, by field.")
    names = [each.name for each in OPTIONS]
    lines += ["", "NAMES: Final = (", *(f"    {_shown(each)}," for each in names), ")", '"""All options."""']
    lines += ["", "VARIABLES: Final = (", *(f"    {_shown(each)}," for each in variables), ")"]
    lines += ['"""Environment variables that set one of them."""']
    return "\n".join(lines) + "\n"


def _is_automatic(option: Option) -> bool:
    return option.default == AUTO and option.kind is not Kind.CHOICE


def _table(head: str, values: dict[str, Any], what: str) -> list[str]:
    items = (f"    {_shown(name)}: {_shown(value)}," for name, value in values.items())
    return ["", f"{head} = {{", *items, "}", f'"""{what}"""']


def _shown(value: Any) -> str:
    if isinstance(value, str):
        return '"' + value.replace("\\", "\\\\").replace('"', '\\"') + '"'
    return f"{value:_}" if type(value) is int and value >= 10_000 else repr(value)
