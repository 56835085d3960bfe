"""Markers and folders by other names than ours -> categories. Pure."""

import re
from collections.abc import Iterable, Mapping
from typing import Final

from lapwing.model.value import Value

_MARKERS: Final[Mapping[str, frozenset[str]]] = {
    "slow": frozenset({"long", "long_running", "nightly", "slowtest", "very_slow", "veryslow"}),
    "e2e": frozenset({"acceptance", "browser", "end_to_end", "endtoend", "playwright", "selenium"}),
    "integration": frozenset({"database", "db", "django_db", "docker", "functional", "network"}),
}
_FOLDERS: Final[Mapping[str, frozenset[str]]] = {
    "e2e": frozenset({"acceptance", "browser", "end-to-end", "end_to_end", "playwright", "selenium"}),
    "integration": frozenset({"functional", "system"}),
}


class KindOfTests(Value):
    """What a category should take in besides what it takes in already."""

    category: str
    markers: tuple[str, ...] = ()
    paths: tuple[str, ...] = ()  # globs


def recognize(markers: Iterable[str], folders: Iterable[str]) -> tuple[KindOfTests, ...]:
    """The categories that `markers` and `folders` (of tests, relative to the root) speak of."""
    markers, folders = sorted(markers), sorted(folders)
    kinds = []
    for category, names in _MARKERS.items():
        fitting = _FOLDERS.get(category, frozenset())
        paths = [each for each in folders if each.rpartition("/")[2] in fitting and _is_plain(each)]
        if paths:
            # Configured globs take the place of the word in folder and file names.
            paths.insert(0, f"*{category}*")
        kind = KindOfTests(category, tuple(each for each in markers if each in names), tuple(paths))
        if kind.markers or kind.paths:
            kinds.append(kind)
    return tuple(kinds)


def _is_plain(path: str) -> bool:
    return re.search(r"[*?]", path) is None
