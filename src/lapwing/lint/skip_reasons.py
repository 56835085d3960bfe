"""What the reason of a skip says of when the test runs: "need --slow option to run" is read as what it says,
whatever its condition looks at. Pure.
"""

import ast
import re
from typing import Final

_ASKS: Final = re.compile(
    r"(?i:\b(?:needs?|use|set|pass|give|specify|requires?|run with|pytest with) {1,3})"
    r"(?i:the {1,3})?(?i:option {1,3})?['\"`]?--(?!skip|no-|only|exclude|disable|without|capture)[a-z]|"
    r"\b(?i:set|export|define) {1,3}(?i:a value for {1,3})?(?i:the {1,3})?"
    r"(?i:(?:environment variable|env var) {1,3})?['\"`]?\$?[A-Z][A-Z0-9]{0,40}_[A-Z0-9_]"
)
"""A word that asks for something, and right behind it an option or a variable of the environment."""


def asks_to_be_run(skip: ast.AST | None) -> bool:
    """Whether the reason that a skip is given says which option, or variable of the environment, the test
    waits for. `skip` is a call or a statement with one.
    """
    if isinstance(skip, ast.Raise):
        skip = skip.exc
    elif isinstance(skip, ast.Expr):
        skip = skip.value
    if not isinstance(skip, ast.Call):
        return False
    given = [*skip.args, *(each.value for each in skip.keywords if each.arg in ("reason", "msg", "message"))]
    return any(
        ("--" in text or "_" in text) and _ASKS.search(text) is not None
        for each in given
        for text in _texts(each)
    )


def _texts(node: ast.expr) -> list[str]:
    parts = node.values if isinstance(node, ast.JoinedStr) else [node]
    return [each.value for each in parts if isinstance(each, ast.Constant) and isinstance(each.value, str)]
