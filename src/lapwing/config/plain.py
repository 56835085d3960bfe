"""The settings of a project that sets nothing, without the option table that they come from."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.config.categories import CATEGORIES
from lapwing.config.defaults import AUTOMATIC, LOCATIONS, NAMES, PATHS, VALUES, VARIABLES
from lapwing.config.settings import Settings


def is_anything_set(environ: Mapping[str, str]) -> bool:
    """Whether the environment sets an option, or the limit of a category."""
    return any(map(environ.get, VARIABLES))


def plain_settings(root: Path) -> Settings:
    """What `load_settings` gives for the absolute `root` where nothing is written anywhere."""
    values: dict[str, Any] = {
        **VALUES,
        "root": root,
        "origins": dict.fromkeys(NAMES, "default"),
        "categories": dict(CATEGORIES),
        **{field: automatic(name, root) for field, name in AUTOMATIC.items()},
        **{field: root / path for field, path in PATHS.items()},
        **{field: str(root / path) for field, path in LOCATIONS.items()},
    }
    return Settings(**values)


def automatic(name: str, root: Path) -> Any:
    """The value of an option that depends on the project."""
    if name == "project":
        return root.name
    tests = root / "tests"
    if name == "baseline_file":
        return (tests if tests.is_dir() else root) / ".performance_baseline.json"
    return tests / ".performance_data.json" if tests.is_dir() else None
