"""Which lines of the working tree differ from a revision."""

import re
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lapwing.environment.git_process import ask_git

_HUNK: Final = re.compile(r"@@ -\S+ \+(\d+)(?:,(\d+))? @@")


def changed_lines(folder: Path, base: str) -> Mapping[str, frozenset[int] | None] | None:
    """Lines, from 1, that were added or changed since `base`, by path relative to `folder` with `/`.

    None in place of lines: the whole file, which git does not know yet. None for everything where git cannot
    tell: no repository, no such revision.
    """
    if base.startswith("-"):
        return None
    difference = ask_git(
        folder,
        "diff",
        "--unified=0",
        "--no-color",
        "--no-ext-diff",
        "--no-renames",
        "--relative",
        base,
        "--",
        ".",
    )
    if difference is None:
        return None
    found: dict[str, frozenset[int] | None] = {}
    path = ""
    lines: set[int] = set()
    for line in difference.splitlines():
        if line.startswith("+++ "):
            if path:
                found[path] = frozenset(lines)
            path, lines = _path(line[4:]), set()
        elif path and (hunk := _HUNK.match(line)):
            start, count = int(hunk[1]), int(hunk[2] or 1)
            lines.update(range(start, start + count))
    if path:
        found[path] = frozenset(lines)
    new = ask_git(folder, "ls-files", "--others", "--exclude-standard", "-z") or ""
    found.update({name: None for name in new.split("\0") if name})
    return found


def _path(written: str) -> str:
    """A path of a diff's head; "" for a file that is gone."""
    if written.startswith('"'):
        raw = written[1:-1].encode().decode("unicode_escape").encode("latin-1")
        written = raw.decode("utf-8", "surrogateescape")
    return "" if written == "/dev/null" else written.removeprefix("b/").rstrip("\t")
