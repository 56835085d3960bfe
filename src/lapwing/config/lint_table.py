"""The table `[tool.lapwing.lint]` -> what lint is asked for."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any, Final

from lapwing.config.convert import convert
from lapwing.config.faults import left_out, unknown_keys, wrong_value
from lapwing.config.options import LINT_OPTIONS, Kind
from lapwing.errors import ConfigurationError
from lapwing.model.lint_options import LintOptions

_ENTRIES: Final = {option.name: option for option in LINT_OPTIONS}


def read_lint_options(
    table: Mapping[str, Any], *, root: Path, faults: list[ConfigurationError]
) -> LintOptions:
    """The options that `table` sets. What is wrong is left out and appended to `faults`."""
    if not table:
        return LintOptions()
    where = f"{root / 'pyproject.toml'} [tool.lapwing.lint]"
    faults += unknown_keys(table, _ENTRIES, where)
    values: dict[str, Any] = {}
    for key, option in _ENTRIES.items():
        if key not in table:
            continue
        place = f"{where} {key}"
        try:
            value = convert(option, table[key], where=place, folder=root)
            values[option.settings_field] = _per_file(value, place) if option.kind is Kind.TABLE else value
        except ConfigurationError as fault:
            faults.append(left_out(fault))
    return LintOptions(**values)


def _per_file(table: Mapping[str, Any], where: str) -> dict[str, tuple[str, ...]]:
    for glob, codes in table.items():
        if not isinstance(codes, list) or not all(isinstance(each, str) for each in codes):
            raise wrong_value(codes, 'list of texts, such as ["LW101"]', f"{where} {glob}")
    return {glob: tuple(codes) for glob, codes in table.items()}
