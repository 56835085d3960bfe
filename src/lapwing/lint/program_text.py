"""A program that stands in a string: its text as far as the code tells, its tree, and the lines of the file
that its lines stand in.
"""

import ast
import re
import textwrap
from typing import Final, NamedTuple

from lapwing.lint.chains import last_name
from lapwing.lint.condition import is_main_guard
from lapwing.lint.source import Broken, parse

_GAP: Final = "_"
"""Stands for what is put into a template: a name, and harmless inside a string."""

_GAP_ALONE: Final = re.compile(rf"(?<!\w){_GAP}(?!\w)")
_MOST_REPAIRS: Final = 4
_USED: Final = re.compile(
    r"(?<![\w.])(time|asyncio|subprocess|os)\.(?:sleep|run|Popen|system|fork|check_\w+|create_sub)"
)
"""Modules that a program calls by name, as a piece of code may without importing them itself."""

_PERCENT: Final = re.compile(r"%(?:\(\w+\))?[-#0 +]*\d*(?:\.\d+)?[sdrifagx]")
_BRACES: Final = re.compile(r"(?<!\{)\{[\w.!:\[\]]*\}(?!\})")
_UNCHANGING: Final = frozenset(
    {
        *("dedent", "cleandoc", "indent", "Source", "compile", "str", "bytes"),
        *("encode", "strip", "lstrip", "rstrip", "format", "replace", "splitlines"),
        *("codeblock", "unindent", "deindent", "outdent", "undent", "trim"),
    }
)
"""What a program is still the same program after, or nearly."""


class ProgramText(NamedTuple):
    """A program. `whole` is the expression that it is."""

    text: str
    tree: ast.Module
    whole: ast.expr

    def place_in(self, lines: list[str], line: int, written: str) -> tuple[int, int]:
        """Line and column (from 0, in characters) in a file with `lines` of what is `written` in a `line` of
        the program; the beginning of the string where it is not found.
        """
        own = self.text.split("\n")
        sought = own[line - 1].strip()
        before = sum(sought in each for each in own[: line - 1])
        last = self.whole.end_lineno or self.whole.lineno
        span = range(self.whole.lineno, min(last, len(lines)) + 1)
        for wanted, skipped in ((sought, before), (written, 0)):
            found = [at for at in span if wanted in lines[at - 1]]
            if len(found) > skipped:
                at = found[skipped]
                return at, max(0, lines[at - 1].find(written))
        return self.whole.lineno, self.whole.col_offset


def keeps_program(call: ast.Call) -> bool:
    """Whether what a function gives is the program that it is given, or whose method it is."""
    return last_name(call.func) in _UNCHANGING or (
        isinstance(call.func, ast.Attribute) and call.func.attr in _UNCHANGING
    )


def program_text(whole: ast.expr) -> ProgramText | None:
    """The program that an expression is; None for what is no Python that imports something or sleeps."""
    try:
        text = _text(whole)
    except RecursionError:  # a sum of a thousand strings
        return None
    used = {*_USED.findall(text)} if text is not None else set()
    if text is None or ("import" not in text and not used):
        return None
    first, _, rest = text.partition("\n")
    for candidate in (text, textwrap.dedent(text), f"{first.lstrip()}\n{textwrap.dedent(rest)}"):
        tree = _parsed(candidate)
        if not isinstance(tree, Broken):
            imports = [node for node in ast.walk(tree) if isinstance(node, ast.Import | ast.ImportFrom)]
            if not imports and not used:
                return None
            bound = {each.asname or each.name for node in imports for each in node.names}
            tree.body = [*_as_run(tree.body), *_imports_of(used - bound)]
            return ProgramText(candidate, tree, whole)
    return None


def _parsed(text: str) -> ast.Module | Broken:
    """The tree of a program, without the lines that only what is put into them makes Python."""
    tree = parse(text)
    for _ in range(_MOST_REPAIRS):
        if not isinstance(tree, Broken):
            break
        lines = text.split("\n")
        line = lines[tree.line - 1] if 0 < tree.line <= len(lines) else ""
        if _GAP_ALONE.search(line) is None:
            break
        lines[tree.line - 1] = line[: len(line) - len(line.lstrip())] + "pass"
        text = "\n".join(lines)
        tree = parse(text)
    return tree


def _imports_of(names: set[str]) -> list[ast.stmt]:
    """Imports of what a program names without importing it: a piece of code before it does."""
    return ast.parse("\n".join(f"import {name}" for name in sorted(names))).body


def _text(node: ast.expr) -> str | None:
    if isinstance(node, ast.Constant):
        value = node.value
        return value.decode("latin-1") if isinstance(value, bytes) else value if type(value) is str else None
    if isinstance(node, ast.JoinedStr):
        return "".join(_text(each) or _GAP for each in node.values)
    if isinstance(node, ast.FormattedValue):
        return str(node.value.value) if isinstance(node.value, ast.Constant) else None
    if isinstance(node, ast.BinOp):
        left = _text(node.left)
        if left is None or not isinstance(node.op, ast.Add):
            return None if left is None else _PERCENT.sub(_GAP, left)
        return left + (_text(node.right) or _GAP)
    if isinstance(node, ast.Call):
        return _called(node)
    return None


def _called(node: ast.Call) -> str | None:
    function = node.func
    own = _text(function.value) if isinstance(function, ast.Attribute) else None
    if own is not None and isinstance(function, ast.Attribute):
        if function.attr == "format":
            return _BRACES.sub(_GAP, own).replace("{{", "{").replace("}}", "}")
        if function.attr == "join" and node.args and isinstance(node.args[0], ast.List | ast.Tuple):
            return own.join(_text(each) or _GAP for each in node.args[0].elts)
        return own
    return _text(node.args[0]) if node.args else None


def _as_run(statements: list[ast.stmt]) -> list[ast.stmt]:
    """The statements, with what stands below `if __name__ == "__main__"` beside the rest; also below the
    `if 1:` that makes an indented program one.
    """
    body: list[ast.stmt] = []
    for node in statements:
        is_plain = isinstance(node, ast.If) and isinstance(node.test, ast.Constant) and bool(node.test.value)
        if isinstance(node, ast.If) and (is_plain or is_main_guard(node.test)):
            body += _as_run(node.body)
        else:
            body.append(node)
    return body
