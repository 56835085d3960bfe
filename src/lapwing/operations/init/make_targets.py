"""The performance targets of a Makefile. Pure."""

import re
from collections.abc import Collection
from typing import Final

from lapwing.model.value import Value
from lapwing.operations.init.line_ends import with_block

_NO_DATA: Final = "Error: No performance data found. Run 'make test-performance' first."
_RECIPES: Final = {
    "test-performance": ("run the tests and record how long they take", "pytest --track-performance"),
    "performance-report": ("where the time of the newest run went", "lapwing report"),
    "performance-update-docs": (
        "renew the figures in the page about performance",
        "lapwing report --update-docs",
    ),
    "performance-baseline": ("make the newest complete run the baseline", "lapwing baseline update"),
    "performance-regression": ("fail if the newest run is slower than the baseline", "lapwing check"),
}


class MakeEdit(Value):
    """A makefile with the targets it lacked, and the names of those it had."""

    text: str | None  # None: it had all
    left_alone: tuple[str, ...] = ()


def with_targets(text: str | None, existing: Collection[str], store: str) -> MakeEdit:
    """The makefile `text` (None: none yet) with the targets that are not `existing`.

    `store` is the path of the store from the makefile's folder.
    """
    left_alone = tuple(name for name in _RECIPES if name in existing)
    missing = [name for name in _RECIPES if name not in existing]
    if not missing:
        return MakeEdit(text=None, left_alone=left_alone)
    block = f"# Performance of the tests\n.PHONY: {' '.join(missing)}\n"
    for name in missing:
        help_text, command = _RECIPES[name]
        guard = _guard(store) if name == "performance-baseline" else ""
        block += f"\n{name}: ## {help_text}\n{guard}\t{command}\n"
    return MakeEdit(text=with_block(text or "", block), left_alone=left_alone)


def has_other_prefix(text: str) -> bool:
    """Whether recipes of the makefile `text` begin with something else than a tab."""
    return re.search(r"(?m)^\s*\.RECIPEPREFIX\b", text) is not None


def _guard(store: str) -> str:
    """The recipe's lines that stop it where nothing was recorded: no store, and none named elsewhere."""
    is_there = f'test -n "$$LAPWING_STORE" || test -e {_for_shell(store)}'
    return f'\t@{is_there} || \\\n\t\t{{ echo "{_NO_DATA}" >&2; exit 1; }}\n'


def _for_shell(path: str) -> str:
    if re.fullmatch(r"[\w./-]+", path):
        return path
    quoted = path.replace("'", "'\\''").replace("$", "$$")
    return f"'{quoted}'"
