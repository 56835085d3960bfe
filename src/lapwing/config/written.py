"""What was written anywhere, over the defaults of the option table -> settings."""

from collections.abc import Iterator, Mapping
from pathlib import Path
from typing import Any

from lapwing.config.categories import CATEGORIES
from lapwing.config.category_limits import (
    category_name,
    with_environment,
    with_performance_budgets,
    with_preset,
)
from lapwing.config.category_tables import read_categories
from lapwing.config.convert import convert
from lapwing.config.faults import left_out, unknown_keys
from lapwing.config.options import AUTO, OPTIONS, OPTIONS_BY_NAME, Kind, Option
from lapwing.config.package_tables import read_packages
from lapwing.config.plain import automatic
from lapwing.config.pyproject import ToolTables
from lapwing.config.settings import Settings
from lapwing.config.threshold_tables import read_threshold_rules
from lapwing.errors import ConfigurationError
from lapwing.model.value import Value


class _Written(Value):
    """One value as someone wrote it."""

    option: Option
    value: Any
    origin: str
    where: str  # origin and key, for errors
    folder: Path  # where relative paths start
    is_text: bool = False
    is_flag: bool = False


def written_settings(
    root: Path, tables: ToolTables, *, flags: Mapping[str, object], environ: Mapping[str, str]
) -> Settings:
    """The settings of the absolute `root`; see `load_settings`, which knows them where nothing is written."""
    file = root / "pyproject.toml"
    faults = [*tables.faults, *unknown_keys(tables.lapwing, OPTIONS_BY_NAME, f"{file} [tool.lapwing]")]
    values: dict[str, Any] = {}
    origins: dict[str, str] = {}
    for written in (
        *_defaults(root),
        *_from_table(tables.performance, "tool.performance", root),
        *_from_table(tables.lapwing, "tool.lapwing", root),
        *_from_environment(environ, root),
        *_from_flags(flags),
    ):
        option = written.option
        try:
            values[option.settings_field] = _value(written, root)
        except ConfigurationError as fault:
            if written.is_flag:
                raise
            faults.append(left_out(fault))
        else:
            origins[option.name] = written.origin
    _read_tables(values, str(file), root, environ, faults)
    values["thresholds"] = read_threshold_rules(
        values["thresholds"], where=str(file), root=root, faults=faults
    )
    load_budgets = values["load_budgets"]
    values["load_budgets"] = ()
    if load_budgets:  # hardly ever: what reads them is not loaded at the start of every run
        from lapwing.config.load_budget_tables import read_load_budgets

        values["load_budgets"] = read_load_budgets(load_budgets, where=str(file), root=root, faults=faults)
    return Settings(root=root, origins=origins, faults=tuple(faults), **values)


def _read_tables(
    values: dict[str, Any],
    where: str,
    root: Path,
    environ: Mapping[str, str],
    faults: list[ConfigurationError],
) -> None:
    """Make what tables of limits say, later ones over earlier ones, into the categories and packages."""
    categories = with_preset(dict(CATEGORIES), values["preset"])
    budgets = values["performance_budgets"]
    categories = with_performance_budgets(categories, budgets, where=where, faults=faults)
    names = {name: category_name(name, categories) for name in budgets}
    values["performance_budgets"] = {
        name: categories[known].limit_ns for name, known in names.items() if known in categories
    }
    categories = read_categories(values["categories"], categories, where=where, root=root, faults=faults)
    values["categories"] = with_environment(categories, environ, faults)
    values["packages"] = read_packages(values["packages"], where=where, root=root, faults=faults)


def _defaults(root: Path) -> Iterator[_Written]:
    for option in OPTIONS:
        yield _Written(option, option.default, "default", "default", root)


def _from_table(table: Mapping[str, Any], name: str, root: Path) -> Iterator[_Written]:
    is_ours = name == "tool.lapwing"
    for key, value in table.items():
        option = OPTIONS_BY_NAME.get(key)
        if option is not None and (is_ours or option.is_in_performance_table):
            where = f"{root / 'pyproject.toml'} [{name}] {key}"
            yield _Written(option, value, f"pyproject.toml [{name}]", where, root)


def _from_environment(environ: Mapping[str, str], root: Path) -> Iterator[_Written]:
    for option in OPTIONS:
        if option.env and environ.get(option.env):
            origin = f"environment {option.env}"
            yield _Written(option, environ[option.env], origin, origin, root, is_text=True)


def _from_flags(flags: Mapping[str, object]) -> Iterator[_Written]:
    for name, value in flags.items():
        option = OPTIONS_BY_NAME[name]
        if value is not None:
            origin = f"flag {option.flag or name}"
            yield _Written(option, value, origin, origin, Path.cwd(), is_text=True, is_flag=True)


def _value(written: _Written, root: Path) -> Any:
    option = written.option
    if written.value == AUTO and option.default == AUTO and option.kind is not Kind.CHOICE:
        return automatic(option.name, root)
    return convert(option, written.value, where=written.where, folder=written.folder, is_text=written.is_text)
