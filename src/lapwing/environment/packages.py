"""Versions of installed packages, by the names of their metadata folders alone.

Parsing the metadata, as importlib.metadata does, costs about a millisecond per package.
"""

import os
import re
import sys
from collections.abc import Iterator, Sequence


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
    for entry in entries:
        stem, dot, suffix = entry.rpartition(".")
        if dot and suffix in {"dist-info", "egg-info"} and not stem.startswith("~"):  # pip's leftovers
            name, dash, version = re.sub(r"-py\d+(\.\d+)*$", "", stem).rpartition("-")
            if dash and version:
                yield re.sub(r"[-_.]+", "-", name).lower(), version
