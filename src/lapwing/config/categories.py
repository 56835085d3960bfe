"""Which category a test belongs to. Pure; callers remember the answer per file and marker set.

An explicit marker beats a path; of several, the category with the largest limit wins, and of
equal limits the one that stands first in `CATEGORIES`.
"""

from __future__ import annotations

import re
from collections.abc import Collection, Iterable, Mapping
from typing import Final

from lapwing.config.globs import fits_any
from lapwing.model.value import Value
from lapwing.units import NS_PER_S

ANY_TEST_LIMIT_NS: Final = 10 * NS_PER_S
"""Limit of a test whose category sets none."""

_UNIT_PROBES: Final = ("time", "cpu", "memory")
_INTEGRATION_PROBES: Final = (*_UNIT_PROBES, "sql", "cache", "network")


class Category(Value):
    """A kind of test."""

    name: str
    limit_ns: int = ANY_TEST_LIMIT_NS  # time budget
    limit_origin: str = "default"  # where that was set, in words
    timeout_ns: int | None = None  # deadline; None: budget times factor, 0: none
    timeout_origin: str = ""
    memory_bytes: int | None = None  # None: no limit
    memory_origin: str = ""
    counters: Mapping[str, int] = {}  # most events, by name of the counter
    counters_origin: str = ""
    paths: tuple[str, ...] = ()  # globs; where there are any, they replace the path words
    markers: tuple[str, ...] = ()  # besides its name
    probes: tuple[str, ...] = _UNIT_PROBES


UNIT: Final = "unit"

CATEGORIES: Final = {
    category.name: category
    for category in (
        Category("slow", 30 * NS_PER_S),
        Category("e2e", 10 * NS_PER_S, probes=(*_INTEGRATION_PROBES, "page")),
        Category("integration", 5 * NS_PER_S, probes=_INTEGRATION_PROBES),
        Category("api", 5 * NS_PER_S, probes=(*_INTEGRATION_PROBES, "http")),
        Category("stress"),
        Category(UNIT, NS_PER_S),
    )
}
"""The built-in categories, in the order in which equal limits are decided."""

_PATH_WORDS: Final = ("e2e", "integration", "api")


def category_of(nodeid_path: str, markers: Collection[str], categories: Mapping[str, Category]) -> str:
    """The category of a test in the file `nodeid_path` (relative, with `/`) with `markers`.

    `categories` are those of the settings. Without a marker, configured globs decide; where none
    fits, a folder or file name with `e2e`, `integration` or `api` as a word; else it is `unit`.
    """
    return (
        _largest(_by_marker(markers, categories))
        or _largest(each for each in categories.values() if fits_any(nodeid_path, each.paths))
        or _largest(_by_word(nodeid_path, categories))
        or UNIT
    )


def _by_marker(markers: Collection[str], categories: Mapping[str, Category]) -> Iterable[Category]:
    if not markers:
        return ()
    names = {marker.removesuffix("_test") for marker in markers} | set(markers)
    return (each for each in categories.values() if each.name in names or not names.isdisjoint(each.markers))


def _by_word(path: str, categories: Mapping[str, Category]) -> Iterable[Category]:
    return (
        categories[word]
        for word in _PATH_WORDS
        if word in categories and not categories[word].paths and _has_word(path, word)
    )


def _has_word(path: str, word: str) -> bool:
    """Whether a name in `path` holds `word` between other characters or as a part of camelCase."""
    if word not in path.lower():
        return False
    capital = f"{word.capitalize()}|{word.upper()}"
    regex = f"(?<![A-Za-z0-9]){word}(?![a-z0-9])|(?<![A-Z])(?:{capital})(?![a-z0-9]|[A-Z]{{2}})"
    return re.search(regex, path) is not None


def _largest(categories: Iterable[Category]) -> str:
    """The name of the category with the largest limit, the first of equals; "" if there is none."""
    winner = max(categories, key=lambda each: each.limit_ns, default=None)
    return winner.name if winner is not None else ""
