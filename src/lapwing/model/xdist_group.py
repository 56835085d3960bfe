"""Groups of pytest-xdist, whose tests stay in one worker, among the markers of a test."""

from __future__ import annotations

from collections.abc import Iterable
from typing import Final

GROUP_MARK: Final = "xdist_group"
_NAMED: Final = f"{GROUP_MARK}="


def named_group(name: str) -> str:
    """The word that stands among the recorded markers of a test of this group, beside `xdist_group`."""
    return f"{_NAMED}{name}"


def group_of(markers: Iterable[str]) -> str:
    """The group of a test with these recorded markers; "" for none.

    Tests whose group was not recorded by name, as in older runs, are in one that is called after the mark.
    """
    group = ""
    for marker in markers:
        if marker.startswith(_NAMED):
            return marker[len(_NAMED) :]
        if marker == GROUP_MARK:
            group = GROUP_MARK
    return group
