"""Versions of installed packages, by the names of their metadata folders alone.

Parsing the metadata, as importlib.metadata does, costs about a millisecond per package.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Sequence
from typing import Final

_ENDINGS: Final = (".dist-info", ".egg-info")
_STEM, _EGG_STEM = (-len(ending) for ending in _ENDINGS)
_LIBRARY: Final = os.__file__.rpartition(os.sep)[0]
_STANDARD: Final = frozenset((_LIBRARY, f"{_LIBRARY}{os.sep}lib-dynload"))
"""Folders of the interpreter's own library: nothing is installed there."""


def installed_versions(search_path: Sequence[str] | None = None) -> dict[str, str]:
    """Normalized name -> version of what can be imported from `search_path` (sys.path).

    The first place on the path wins, as in an import. Never raises.
    """
    versions: dict[str, str] = {}
    for place in sys.path if search_path is None else search_path:
        if place not in _STANDARD:
            _add_distributions(versions, place or os.curdir)
    return versions


def _add_distributions(versions: dict[str, str], place: str) -> None:
    try:
        entries = os.listdir(place)  # noqa: PTH208, strings are enough, paths cost ten times more
    except OSError:
        return
    for entry in [entry for entry in entries if entry.endswith(_ENDINGS)]:
        stem = entry[:_STEM]
        if entry.endswith(".egg-info"):
            stem = _without_python(entry[:_EGG_STEM])
        name, dash, version = stem.rpartition("-")
        if dash and version and name[:1] != "~":  # pip's leftovers
            if not name.isalnum() or not name.islower():
                name = _normalized(name)
            if name not in versions:
                versions[name] = version


def _without_python(stem: str) -> str:
    """`stem` without the `-py3.11` that old metadata folders end with."""
    first, mark, python = stem.rpartition("-py")
    return first if mark and python.replace(".", "").isdigit() else stem


def _normalized(name: str) -> str:
    """The name as PEP 503 writes it. Two patterns cost more to compile than a hundred names to write."""
    name = name.lower()
    if name.isalnum():
        return name
    name = name.replace("_", "-").replace(".", "-")
    while "--" in name:
        name = name.replace("--", "-")
    return name
