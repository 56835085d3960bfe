"""Edits that change no test's result: a mark on a slow test, an unused waiver taken away. Pure: text in,
text out.

Replacing a sleep by a clock of the test's own is no such edit: only its author knows what waits.
"""

import ast
import re
from collections.abc import Iterable
from typing import Final

from lapwing.lint.scope import FUNCTIONS, Function
from lapwing.model.finding import Finding

MARKS: Final = {
    "LW101": "slow",
    "LW102": "integration",
    "LW103": "integration",
    "LW104": "integration",
    "LW105": "slow",
    "LW113": "slow",
}
"""The mark that lets each rule's finding through."""

_UNUSED: Final = "LW114"


def fixed(text: str, findings: Iterable[Finding]) -> tuple[str, list[Finding]]:
    """`text` with the findings of it mended that can be, and which those are. Line ends must be `\\n`."""
    mended: list[Finding] = []
    lines = text.split("\n")
    tree = ast.parse(text)
    tests = _tests(tree)
    marks: dict[int, tuple[str, str]] = {}
    for finding in findings:
        if finding.code == _UNUSED:
            if _without_comment(lines, finding):
                mended.append(finding)
        elif finding.gate and finding.code in MARKS and finding.function in tests:
            node = tests[finding.function]
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            marks.setdefault(first, (MARKS[finding.code], " " * node.col_offset))
            mended.append(finding)
    for line, (mark, indent) in sorted(marks.items(), reverse=True):
        lines.insert(line - 1, f"{indent}@pytest.mark.{mark}")
    if marks and not _imports_pytest(tree):
        lines.insert(_line_after_imports(tree), "import pytest")
    return "\n".join(lines), mended


def _tests(tree: ast.Module) -> dict[str, Function]:
    """The test functions of a file by qualified name."""
    found: dict[str, Function] = {}
    stack: list[tuple[ast.stmt, str]] = [(each, "") for each in tree.body]
    while stack:
        node, prefix = stack.pop()
        if isinstance(node, ast.ClassDef):
            stack += [(each, f"{prefix}{node.name}.") for each in node.body]
        elif isinstance(node, FUNCTIONS) and node.name.startswith("test"):
            found[prefix + node.name] = node
    return found


def _without_comment(lines: list[str], finding: Finding) -> bool:
    """Take the comment of a waiver out of its line, if the line is still as it was seen."""
    at = finding.line - 1
    if at >= len(lines) or lines[at] != finding.source:
        return False
    start = finding.col - 1
    comment = lines[at][start : start + finding.length]
    rest = re.sub(r"#\s*(?:lapwing:\s*allow|noqa:)[^#]*", "", comment, count=1).strip()
    lines[at] = (lines[at][:start] + rest).rstrip()
    return True


def _imports_pytest(tree: ast.Module) -> bool:
    return any(
        isinstance(each, ast.Import) and any(name.name == "pytest" and not name.asname for name in each.names)
        for each in tree.body
    )


def _line_after_imports(tree: ast.Module) -> int:
    """How many lines stand before the place for one more import."""
    last = 0
    for node in tree.body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (is_text and last == 0) and not is_future:
            break
        last = node.end_lineno or last
    for node in tree.body:
        if isinstance(node, ast.Import | ast.ImportFrom):
            last = max(last, node.end_lineno or last)
    return last
