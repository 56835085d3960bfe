"""Path patterns as settings use them. Pure.

`*` and `?` stay inside one folder, `**` crosses folders, every other character is itself. A pattern
without `/` fits any folder or file name; what fits a folder fits everything below it.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import lru_cache


def fits_any(path: str, patterns: Iterable[str]) -> bool:
    """Whether `path` (relative, with `/`) fits one of `patterns`."""
    return any(_compiled(pattern).fullmatch(path) for pattern in patterns)


@lru_cache(maxsize=256)
def _compiled(pattern: str) -> re.Pattern[str]:
    path = pattern.removeprefix("./").strip("/")
    is_bare_name = "/" not in pattern.rstrip("/")
    start = "(?:.*/)?" if is_bare_name else ""
    *folders, last = path.split("/")
    middle = "".join("(?:[^/]+/)*" if folder == "**" else _name_regex(folder) + "/" for folder in folders)
    end = ".*" if last == "**" else _name_regex(last)
    return re.compile(f"(?s:{start}{middle}{end}(?:/.*)?)")


def _name_regex(name: str) -> str:
    return re.escape(name).replace(r"\*", "[^/]*").replace(r"\?", "[^/]")
