"""Reading files that may be missing, forbidden or broken; they then say nothing."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any


def read_text(path: Path | str, *, most_bytes: int = -1, errors: str = "replace") -> str:
    """The first `most_bytes` (-1: all) of a file as text, bytes that are no UTF-8 by `errors`.

    "" where it cannot be read.
    """
    try:
        with open(path, "rb", buffering=0) as file:  # noqa: PTH123, a third of what a path's `open` costs
            return (file.read(most_bytes) or b"").decode("utf-8", errors)
    except (OSError, ValueError):
        return ""


def is_file(path: Path) -> bool:
    """Whether there is a file that can be seen."""
    try:
        return path.is_file()
    except OSError:
        return False


def is_folder(path: Path) -> bool:
    """Whether there is a folder that can be seen."""
    try:
        return path.is_dir()
    except OSError:
        return False


def read_toml(path: Path) -> Mapping[str, Any]:
    """The tables of a TOML file, empty where it cannot be read."""
    import tomllib

    try:
        return tomllib.loads(read_text(path))
    except tomllib.TOMLDecodeError:
        return {}


def read_ini(path: Path) -> Mapping[str, Mapping[str, str | None]]:
    """The sections of an ini file, empty where it cannot be read."""
    import configparser

    parser = configparser.RawConfigParser(strict=False, allow_no_value=True)
    try:
        parser.read_string(read_text(path))
    except configparser.Error:
        return {}
    return {name: dict(parser[name]) for name in parser.sections()}


def table_at(tables: Mapping[str, Any], path: str) -> Mapping[str, Any]:
    """The table at the dotted `path`, empty where there is none."""
    for key in path.split("."):
        inner = tables.get(key)
        if not isinstance(inner, dict):
            return {}
        tables = inner
    return tables
