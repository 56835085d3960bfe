"""Texts made of a pattern and what is put into it, as far as that is known. Pure."""

import re
from collections.abc import Mapping, Sequence
from typing import Final

UNKNOWN_TEXT: Final = "\0"
"""Stands in a text for the part that is not known."""

_PERCENT: Final = re.compile(r"%(?:\(\w*\))?[-+# 0-9.]*[a-zA-Z]")
_BRACES: Final = re.compile(r"\{([^{}!:.\[]*)[^{}]*\}")


def percent_filled(pattern: str, row: Sequence[str | None]) -> str:
    """`pattern % row` up to the first part that is not known."""
    written, *parts = _PERCENT.split(pattern)
    for at, part in enumerate(parts):
        known = row[at] if at < len(row) else None
        if not known:
            return written + UNKNOWN_TEXT
        written += known + part
    return written


def brace_filled(pattern: str, row: Sequence[str | None], by_name: Mapping[str, str | None]) -> str:
    """`pattern.format(*row, **by_name)` up to the first part that is not known."""
    written, end, counted = "", 0, 0
    for found in _BRACES.finditer(pattern):
        name = found[1]
        at = int(name) if name.isdecimal() else counted
        counted += not name
        is_of_row = not name or name.isdecimal()
        known = by_name.get(name) if not is_of_row else row[at] if at < len(row) else None
        written += pattern[end : found.start()]
        if not known:
            return written + UNKNOWN_TEXT
        written += known
        end = found.end()
    return written + pattern[end:]
