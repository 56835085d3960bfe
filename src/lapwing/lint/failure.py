"""Statements by which a test says that it has failed."""

import ast
import re
from typing import Final

from lapwing.lint.chains import chain

_FAILS: Final = re.compile(r"(?:^|\.)fail$")


def is_failure(statement: ast.stmt) -> bool:
    """Whether a statement is `pytest.fail(…)`, `self.fail(…)` or `assert False` and its like."""
    if isinstance(statement, ast.Assert):
        return isinstance(statement.test, ast.Constant) and not statement.test.value
    value = statement.value if isinstance(statement, ast.Expr) else None
    return isinstance(value, ast.Call) and _FAILS.search(chain(value.func)) is not None
