"""Versions of installed packages, by the names of their metadata folders alone.

Parsing the metadata, as importlib.metadata does, costs about a millisecond per package.
"""

import os
import sys
from collections.abc import Iterator, Sequence
from typing import Final

_ENDINGS: Final = (".dist-info", ".egg-info")


def installed_versions(search_path: Sequence[str] | None = None) -> dict[str, str]:
    """Normalized name -> version of what can be imported from `search_path` (sys.path).

    The first place on the path wins, as in an import. Never raises.
    """
    versions: dict[str, str] = {}
    for place in sys.path if search_path is None else search_path:
        for name, version in _distributions_in(place or os.curdir):
            versions.setdefault(name, version)
    return versions


def _distributions_in(place: str) -> Iterator[tuple[str, str]]:
    try:
        entries = os.listdir(place)  # noqa: PTH208, strings are enough, paths cost ten times more
    except OSError:
        return
    for entry in [entry for entry in entries if entry.endswith(_ENDINGS)]:
        stem, _, suffix = entry.rpartition(".")
        if not stem.startswith("~"):  # pip's leftovers
            if suffix == "egg-info":
                stem = _without_python(stem)
            name, dash, version = stem.rpartition("-")
            if dash and version:
                yield _normalized(name), version


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
