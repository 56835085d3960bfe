"""The tables of pyproject.toml that concern Lapwing, read only where they are mentioned."""

from __future__ import annotations

import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING, Any

from lapwing.config.switch import mentions_table
from lapwing.model.value import Value

if TYPE_CHECKING:
    from lapwing.errors import ConfigurationError

_PERFORMANCE_MARK = b"tool.performance"


class ToolTables(Value):
    """`[tool.lapwing]` and `[tool.performance]`, empty where they are missing."""

    lapwing: Mapping[str, Any] = {}
    performance: Mapping[str, Any] = {}
    faults: tuple[ConfigurationError, ...] = ()  # of what stands in the place of a table


def read_tool_tables(path: Path) -> ToolTables:
    """The tables of the pyproject.toml at `path`; a missing file has none.

    A file that mentions neither table is not parsed: that would cost every tracked run some
    milliseconds. Raises ConfigurationError, with the line, where the file is no TOML.
    """
    try:
        content = path.read_bytes()
    except (FileNotFoundError, NotADirectoryError):
        return ToolTables()
    except OSError as error:
        from lapwing.errors import ConfigurationError

        raise ConfigurationError(
            f"the file cannot be read: {error.strerror or error}", where=str(path), mend="Make it readable."
        ) from error
    if not mentions_table(content) and _PERFORMANCE_MARK not in content:
        return ToolTables()
    tool = _parse(content, path).get("tool", {})
    tables = {}
    faults = []
    for name in ToolTables._fields[:2]:
        table = tool.get(name, {}) if isinstance(tool, dict) else {}
        if not isinstance(table, dict):
            faults.append(_no_table(table, path, f"tool.{name}"))
            table = {}
        tables[name] = table
    return ToolTables(**tables, faults=tuple(faults))


def _parse(content: bytes, path: Path) -> dict[str, Any]:
    import tomllib

    try:
        return tomllib.loads(content.decode())
    except UnicodeDecodeError as error:
        line = content.count(b"\n", 0, error.start) + 1
        from lapwing.errors import ConfigurationError

        raise ConfigurationError(
            "the file is not UTF-8", where=f"{path}:{line}", mend="Save it as UTF-8."
        ) from error
    except tomllib.TOMLDecodeError as error:
        found = re.search(r"\(at line (\d+)", str(error))
        line = int(found[1]) if found else content.count(b"\n") + 1
        what = re.sub(r"\s*\(at [^()]*\)$", "", str(error))
        from lapwing.errors import ConfigurationError

        raise ConfigurationError(
            f"the file is not valid TOML: {what}", where=f"{path}:{line}", mend="Correct that line."
        ) from error


def _no_table(found: object, path: Path, name: str) -> ConfigurationError:
    from lapwing.errors import ConfigurationError

    return ConfigurationError(
        f"{found!r} is not a table, and is left out", where=f"{path} {name}", mend=f"Write it as [{name}]."
    )
