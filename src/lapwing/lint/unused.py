"""Waivers that waive nothing, as findings. Rules see code, not comments: so this is done beside them."""

import ast
from collections.abc import Iterable
from typing import Final

from lapwing.lint.registry import NAMES, names_code
from lapwing.lint.view import Seen, View
from lapwing.lint.waivers import Waiver
from lapwing.model.finding import Confidence, Finding

CODE = "LW114"
HISTORY_CODE = "LW113"
_FOUND_IN_RUNS: Final = frozenset({"n-plus-one"})
"""Patterns that the same comment allows, and that recorded runs find, not lint."""


def unused_waivers(view: View, unused: Iterable[Waiver], codes: tuple[str, ...], shown: str) -> list[Finding]:
    """A finding for each waiver of a rule that was applied, or that there is not, and allowed nothing."""
    if CODE not in codes:
        return []
    found = []
    for waiver in unused:
        if waiver.rule in _FOUND_IN_RUNS:
            continue
        meant = [code for code in NAMES if names_code((waiver.rule,), code)]
        if meant and not any(code in codes for code in meant):
            continue
        if meant == [HISTORY_CODE] and not view.tests:
            continue
        why = "nothing here is found by it" if meant else "there is no such rule"
        place = ast.Pass(
            lineno=waiver.line,
            col_offset=waiver.byte_column,
            end_lineno=waiver.line,
            end_col_offset=waiver.byte_column + waiver.length,
        )
        seen = Seen(place, "waiver", Confidence.HIGH, True, f"this comment allows {waiver.rule}, but {why}")
        found.append(view.finding(CODE, seen)._replace(file=shown))
    return found
