"""Edits of test files: a clock in place of sleeps, a mark on a slow test, an unused waiver taken away. Pure:
text in, text out.
"""

import ast
import re
from collections.abc import Iterable
from typing import Final

from lapwing.lint.fake_clock import FIXTURE, clock_edits
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


def fixed(
    text: str, findings: Iterable[Finding], *, is_alone: bool = False, is_unsafe: bool = False
) -> tuple[str, list[Finding]]:
    """`text` with the findings of it mended that can be, and which those are. Line ends must be `\\n`.

    `is_alone` says that no conftest file reaches the tests; `is_unsafe` that edits are wanted, too, after
    which somebody has to run the tests.
    """
    group = [*findings]
    mended: list[Finding] = []
    lines = text.split("\n")
    tree = ast.parse(text)
    tests = _tests(tree)
    clocks = clock_edits(tree, text, group, is_alone=is_alone, is_unsafe=is_unsafe)
    for edit in sorted(clocks, reverse=True):
        line = lines[edit.line - 1]
        lines[edit.line - 1] = line[: edit.column] + edit.parameter + line[edit.column :]
        mended += edit.mended
    inserted: list[tuple[int, str]] = []
    for finding in group:
        if finding in mended:
            continue
        if finding.code == _UNUSED:
            if _without_comment(lines, finding):
                mended.append(finding)
        elif finding.gate and finding.code in MARKS and finding.function in tests:
            node = tests[finding.function]
            first = min([node.lineno, *(each.lineno for each in node.decorator_list)])
            if all(at != first - 1 for at, _ in inserted):
                inserted.append((first - 1, f"{' ' * node.col_offset}@pytest.mark.{MARKS[finding.code]}"))
            mended.append(finding)
    below_imports = _line_after_imports(tree)
    if clocks:
        inserted.append((below_imports, FIXTURE.rstrip("\n")))
    if (inserted or clocks) and not _imports_pytest(tree):
        inserted.append((below_imports, "import pytest"))
    for at, line in sorted(inserted, key=lambda each: each[0], reverse=True):
        lines.insert(at, line)
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
    """How many lines stand before the place for one more import: below the imports at the top, above the
    first function or class.
    """
    last = 0
    for node in tree.body:
        is_text = isinstance(node, ast.Expr) and isinstance(node.value, ast.Constant)
        is_future = isinstance(node, ast.ImportFrom) and node.module == "__future__"
        if not (is_text and last == 0) and not is_future:
            break
        last = node.end_lineno or last
    for node in tree.body:
        if isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            break
        if isinstance(node, ast.Import | ast.ImportFrom):
            last = max(last, node.end_lineno or last)
    return last
