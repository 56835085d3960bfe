"""What git should not see of Lapwing's files, as lines of a .gitignore. Pure."""

import re
from collections.abc import Iterable
from typing import Final

from lapwing.operations.init.layout import Layout
from lapwing.operations.init.line_ends import with_block

GITIGNORE: Final = ".gitignore"

_ALWAYS: Final = (".lapwing/",)
_WORKER_FILES: Final = ".performance_data_worker_*.json"
_HEAD: Final = "# Performance of the tests (the baseline belongs into git)\n"


def ignored_entries(layout: Layout) -> tuple[str, ...]:
    """The lines that `layout` asks for. A name with a line end cannot be written, and is left out."""
    entries = list(_ALWAYS)
    if layout.data_file:
        entries.append(_escaped(layout.data_file))
    entries.append(_WORKER_FILES)
    if layout.results_dir:
        entries.append(_escaped(layout.results_dir) + "/")
    return tuple(entry for entry in entries if "\n" not in entry and "\r" not in entry)


def with_ignored(text: str | None, entries: Iterable[str]) -> str | None:
    """`text` with those of `entries` that it lacks; None where it lacks none."""
    there = {_bare(line) for line in (text or "").lstrip("\ufeff").splitlines()}
    missing = [entry for entry in entries if _bare(entry) not in there]
    if not missing:
        return None
    return with_block(text or "", _HEAD + "".join(f"{entry}\n" for entry in missing))


def _bare(line: str) -> str:
    return line.strip().removeprefix("**/").strip("/")


def _escaped(path: str) -> str:
    """`path` with what a pattern of git would understand as something else written out.

    One without a folder gets a `/` before it, or it would fit in every folder.
    """
    escaped = re.sub(r"([\\*?\[]|^[#!]| $)", r"\\\1", path)
    return escaped if "/" in escaped else f"/{escaped}"
