"""What the recorder wants to know of a test item: its markers, its category, is it left out."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, Final

from lapwing.config.categories import category_of
from lapwing.config.globs import fits_any
from lapwing.config.settings import Settings
from lapwing.model.xdist_group import GROUP_MARK, named_group
from lapwing.plugin.own_marks import OWN_MARKS, is_ours
from lapwing.store.run_files.line import markers_text

_REGRESSION_SUITE: Final = "test_performance_regression.py"  # judges runs, and is no part of them


class ItemFacts:
    """Answers per item, remembered per parent and own markers: both repeat from test to test."""

    def __init__(self, settings: Settings, on_own: Callable[[Any], None] | None = None) -> None:
        """`on_own` is told of every item that carries limits itself, each time it is asked about."""
        self._categories = settings.categories
        self._exclude = settings.exclude
        self._on_own = on_own
        self._parent: object = None
        self._of_parent: dict[tuple[str, ...], str | None] = {}

    def meta(self, item: Any) -> str | None:
        """Category and markers as text of a spool line; None for a test that is left out."""
        parent = item.parent
        if parent is not self._parent:
            self._parent = parent
            self._of_parent = {}
        own = item.own_markers
        key = tuple([mark.name for mark in own if not is_ours(mark)]) if own else ()
        try:
            return self._of_parent[key]
        except KeyError:
            return self._answer(item, key)

    def _answer(self, item: Any, key: tuple[str, ...]) -> str | None:
        path = item.nodeid.partition("::")[0]
        if fits_any(path, self._exclude) or path.rpartition("/")[2] == _REGRESSION_SUITE:
            self._of_parent[key] = None
            return None
        names = tuple(dict.fromkeys(mark.name for mark in item.iter_markers() if not is_ours(mark)))
        category = category_of(path, names, self._categories)
        if GROUP_MARK in names:
            from lapwing.plugin.group_name import group_name

            names = (*names, named_group(group_name(item)))
        answer = markers_text(category, names)
        has_own = self._on_own is not None and not OWN_MARKS.isdisjoint(names)
        if has_own and self._on_own is not None:
            self._on_own(item)
        # Limits and groups of its own: they are not those of the next test with marks of the same names.
        if not has_own and GROUP_MARK not in key:
            self._of_parent[key] = answer
        return answer
