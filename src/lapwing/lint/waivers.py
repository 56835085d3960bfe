"""Comments that allow a finding, and those that allow nothing any more.

    time.sleep(1)  # lapwing: allow LW101 the clock of the device cannot be set
    # lapwing: allow real-sleep until the fake server is there
    time.sleep(1)
    time.sleep(1)  # noqa: LW101

A comment alone on its line speaks for the next line of code; on the line of a `def` or `class` for all of it;
`allow-file` for the whole file. Rules go by code or name, several with commas.
"""

import ast
import io
import re
import tokenize
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lapwing.lint.registry import NAMES, names_code
from lapwing.model.finding import Finding

MARKS: Final = ("lapwing:", "LW1")
"""One of these stands in every file with a waiver."""

_OURS: Final = re.compile(r"#\s*lapwing:\s*allow(?P<file>-file)?\s+(?P<rules>[\w-]+(?:\s*,\s*[\w-]+)*)")
_NOQA: Final = re.compile(r"#\s*noqa:\s*(?P<rules>[A-Z]+\d+(?:[,\s]+[A-Z]+\d+)*)")
_LAST: Final = 1_000_000_000


class Waiver(NamedTuple):
    """One rule that one comment allows, and the lines it speaks for."""

    rule: str  # as written
    line: int  # of the comment
    column: int  # of the comment in characters, from 0
    byte_column: int  # the same in bytes, as syntax trees count
    first: int
    last: int
    length: int  # of the comment


def waivers_in(text: str, tree: ast.Module) -> list[Waiver]:
    """The waivers of a file, in order. `text` is a whole file that parsed to `tree`."""
    if not any(mark in text for mark in MARKS):
        return []
    found: list[Waiver] = []
    blocks = _blocks(tree)
    code_lines = _statement_ends(tree)
    for token in _comments(text):
        line, column = token.start
        byte_column = len(token.line[:column].encode("utf-8", "surrogatepass"))
        for is_file, rules in _spoken(token.string):
            first, last = (0, _LAST) if is_file else _lines_of(token, blocks, code_lines)
            found += [
                Waiver(rule, line, column, byte_column, first, last, len(token.string)) for rule in rules
            ]
    return found


def without_waived(findings: Iterable[Finding], waivers: list[Waiver]) -> tuple[list[Finding], list[Waiver]]:
    """The findings that nothing allows, and the waivers that allow nothing."""
    used: set[Waiver] = set()
    left = []
    for finding in findings:
        fitting = [
            each
            for each in waivers
            if each.first <= finding.line <= each.last and names_code((each.rule,), finding.code)
        ]
        used.update(fitting)
        if not fitting:
            left.append(finding)
    return left, [each for each in waivers if each not in used]


def _spoken(comment: str) -> Iterator[tuple[bool, list[str]]]:
    """The rules that a comment allows, and whether in the whole file. Codes of other tools are not ours."""
    ours = _OURS.match(comment) or _OURS.search(comment)
    if ours is not None:
        yield bool(ours["file"]), re.split(r"\s*,\s*", ours["rules"])
    noqa = _NOQA.search(comment)
    if noqa is not None:
        rules = [each for each in re.split(r"[,\s]+", noqa["rules"]) if each in NAMES]
        if rules:
            yield False, rules


def _comments(text: str) -> Iterator[tokenize.TokenInfo]:
    try:
        for token in tokenize.generate_tokens(io.StringIO(text).readline):
            if token.type == tokenize.COMMENT:
                yield token
    except (tokenize.TokenError, SyntaxError, RecursionError):  # newer syntax than this tokenizer knows
        return


def _lines_of(
    token: tokenize.TokenInfo, blocks: dict[int, int], statements: dict[int, tuple[int, int]]
) -> tuple[int, int]:
    line, column = token.start
    if not token.line[:column].strip():
        below = min((start for start in statements if start > line), default=line)
        return line, blocks.get(below, statements.get(below, (below, below))[1])
    if line in blocks:
        return line, blocks[line]
    around = [span for span in statements.values() if span[0] <= line <= span[1]]
    return max(around, default=(line, line))


def _blocks(tree: ast.Module) -> dict[int, int]:
    """First line of each def and class, decorators apart -> its last line."""
    return {
        node.lineno: node.end_lineno or node.lineno
        for node in ast.walk(tree)
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef | ast.ClassDef)
    }


def _statement_ends(tree: ast.Module) -> dict[int, tuple[int, int]]:
    """First line of each statement -> its first and last line, of blocks only the head."""
    spans: dict[int, tuple[int, int]] = {}
    for node in ast.walk(tree):
        if isinstance(node, ast.stmt):
            body = getattr(node, "body", None)
            last = node.end_lineno or node.lineno
            if isinstance(body, list) and body:
                last = max(node.lineno, body[0].lineno - 1)
            spans[node.lineno] = (node.lineno, last)
    return spans
