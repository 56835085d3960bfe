"""Settings of a root: defaults < [tool.performance] < [tool.lapwing] < environment < flags."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

from lapwing.config.plain import is_anything_set, plain_settings
from lapwing.config.pyproject import ToolTables, read_tool_tables
from lapwing.config.settings import Settings


def load_settings(
    root: Path, *, flags: Mapping[str, object] | None = None, environ: Mapping[str, str]
) -> Settings:
    """The settings of `root`.

    `flags` are values by option name, None where a flag was not given; paths among them start at
    the working folder. Other relative paths start at `root`. Empty variables of `environ` count
    as not set. What is wrong in the tables or the environment is left out, and stands in the
    `faults` of the settings: one wrong key must not cost a recording. Raises ConfigurationError
    for a file that cannot be parsed and for a wrong flag, KeyError for a flag of no option.

    The option table and all that reads it are loaded only where something is set: a project
    without settings of its own shall not pay for them in every run.
    """
    root = root.absolute()
    tables = read_tool_tables(root / "pyproject.toml")
    if not flags and tables == ToolTables() and not is_anything_set(environ):
        return plain_settings(root)
    from lapwing.config.written import written_settings

    return written_settings(root, tables, flags=flags or {}, environ=environ)
