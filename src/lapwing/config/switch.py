"""Whether a pytest run is to be recorded, asked in every run of every user. PYTEST_DONT_REWRITE

Nothing but `os` is imported here, and a TOML parser only for a project that mentions tracking.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from typing import Final

TRACKING_VARIABLE: Final = "PERFORMANCE_MONITORING"

_YES: Final = frozenset({"1", "true", "yes", "on"})
_NO: Final = frozenset({"0", "false", "no", "off"})


def read_flag(text: str) -> bool | None:
    """True for `1`, `true`, `yes`, `on`, False for their opposites, None for any other text."""
    word = text.strip().lower()
    if word in _YES:
        return True
    return False if word in _NO else None


def mentions_table(content: bytes) -> bool:
    """Whether the text of a pyproject.toml may hold our table, in whatever way it is written.

    A list of dependencies that names us does not count: parsing for it would cost every run.
    """
    return b"tool.lapwing" in content or b"\nlapwing" in content


def are_timeouts_wanted(root_dir: str | os.PathLike[str]) -> bool:
    """Whether pyproject.toml in `root_dir` may ask for deadlines. Never raises."""
    try:
        with open(os.path.join(root_dir, "pyproject.toml"), "rb") as file:  # noqa: PTH118, PTH123
            content = file.read()
    except OSError:
        return False
    return b"timeouts" in content and mentions_table(content)


def is_tracking_wanted(root_dir: str | os.PathLike[str], environ: Mapping[str, str], flag: bool) -> bool:
    """Whether the flag, else the environment, else pyproject.toml in `root_dir` asks for tracking.

    Never raises: a broken file asks for nothing here, and loading the settings tells its fault.
    """
    if flag:
        return True
    said = read_flag(environ.get(TRACKING_VARIABLE, ""))
    return _is_configured(root_dir) if said is None else said


def _is_configured(root_dir: str | os.PathLike[str]) -> bool:
    try:
        with open(os.path.join(root_dir, "pyproject.toml"), "rb") as file:  # noqa: PTH118, PTH123
            content = file.read()
        if b"track" not in content or not mentions_table(content):
            return False
        import tomllib

        return tomllib.loads(content.decode())["tool"]["lapwing"].get("track") is True
    except Exception:
        return False
