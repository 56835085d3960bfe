"""Clocks and event loops that a project writes for its tests, whose time does not pass by itself: told by
their names, or by a class that is a loop, a selector or a policy of loops and tells the time itself.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from lapwing.lint.chains import chain, last_name
from lapwing.lint.scope import FUNCTIONS

_BY_NAME: Final = re.compile(
    r"(?i)^_*(?:virtual|fake|mock|simulated|manual|time_?(?:travel|tracking|skip|machine)|auto_?jump)\w*"
    r"(?:clock|loop|loop_?policy|time)$"
)
"""Names of classes that projects write for event loops whose time does not pass by itself."""

_LOOPS: Final = re.compile(r"(?:Loop|LoopPolicy|Selector)$")
_TELLING: Final = frozenset({"time", "select", "_run_once", "call_later", "call_at"})
"""Methods of a loop or a selector by which time passes."""

_WAITING: Final = re.compile(r"(?:^|\.)(?:sleep|wait|select)$")

ClassOf = Callable[[ast.expr], ast.AST | None]
"""The def or class of the project that an expression means."""


def is_own_clock(made: ast.expr, class_of: ClassOf) -> bool:
    """Whether what is made by calling `made` is such a clock or loop."""
    if _BY_NAME.match(last_name(made)):
        return True
    return is_loop_without_time(class_of(made)) if last_name(made)[:1].isupper() else False


def is_loop_without_time(owner: ast.AST | None) -> bool:
    """Whether a class derives from an event loop, a selector or a policy of loops, and lets time pass in a
    way of its own, without waiting.
    """
    if not isinstance(owner, ast.ClassDef) or not any(_LOOPS.search(chain(base)) for base in owner.bases):
        return False
    telling = [each for each in owner.body if isinstance(each, FUNCTIONS) and each.name in _TELLING]
    return any(not _asks_super(each) for each in telling)


def _asks_super(method: ast.AST) -> bool:
    """Whether a method only adds to what its base does, or waits itself."""
    for each in ast.walk(method):
        if isinstance(each, ast.Call):
            if isinstance(each.func, ast.Attribute) and _is_super(each.func.value):
                return not _is_at_once(each)
            if _WAITING.search(chain(each.func)) and not _is_at_once(each):
                return True
    return False


def _is_super(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and chain(node.func) == "super"


def _is_at_once(call: ast.Call) -> bool:
    """Whether a call gives a plain 0 for the time to wait, as in `super().select(0)`."""
    return any(isinstance(each, ast.Constant) and each.value == 0 for each in call.args)


def calls_below(nodes: Iterable[ast.AST]) -> Iterator[ast.Call]:
    """The calls in `nodes`."""
    for node in nodes:
        yield from (below for below in ast.walk(node) if isinstance(below, ast.Call))
