"""Text before and after as a unified diff, with nothing in it that a terminal obeys."""

import difflib

from lapwing.report.harmless import harmless

_NOWHERE = "/dev/null"
_NO_END = "\\ No newline at end of file"


def render_diff(path: str, before: str | None, after: str) -> str:
    """The lines that turn `before` (None: no file) into `after`, as `patch` reads them.

    Tabs stay and the carriage return of a line end is not shown; other controls are escaped.
    """
    old = _NOWHERE if before is None else f"a/{path}"
    lines = difflib.unified_diff(_lines(before or ""), _lines(after), old, f"b/{path}", lineterm="\n")
    return "".join(map(_shown, lines))


def _lines(text: str) -> list[str]:
    lines = text.split("\n")
    last = lines.pop()
    return [f"{line}\n" for line in lines] + ([last] if last else [])


def _shown(line: str) -> str:
    text = line.removesuffix("\n").removesuffix("\r")
    shown = "\t".join(harmless(part) for part in text.split("\t"))
    return f"{shown}\n" if line.endswith("\n") else f"{shown}\n{_NO_END}\n"
