"""Code that no usual test run reaches: `if __name__ == "__main__"`, other systems, old Pythons, failures."""

import ast

from lapwing.lint.body import Body
from lapwing.lint.condition import is_main_guard, verdict
from lapwing.lint.place import Place
from lapwing.lint.scope import FUNCTIONS


def is_dead(node: ast.AST, body: Body, place: Place) -> bool:
    """Whether a test run never comes to `node`."""
    child = node
    for parent in body.upward(node):
        if isinstance(parent, ast.If):
            always = verdict(parent.test, place)
            if (always is False and child in parent.body) or (always is True and child in parent.orelse):
                return True
        if hasattr(parent, "body") and isinstance(child, ast.stmt) and _after_exit(child, parent, place):
            return True
        child = parent
    return isinstance(body.root, ast.If) and is_main_guard(body.root.test)


def is_on_failure(node: ast.AST, body: Body) -> bool:
    """Whether `node` stands in an `except` that is no retry: no loop of the same function is around it."""
    in_handler = False
    for parent in body.upward(node):
        if isinstance(parent, ast.ExceptHandler):
            in_handler = True
        elif isinstance(parent, ast.While | ast.For | ast.AsyncFor) and in_handler:
            return False
        elif isinstance(parent, FUNCTIONS):
            break
    return in_handler


def _after_exit(child: ast.stmt, parent: ast.AST, place: Place) -> bool:
    """Whether `child` follows, in the same block of a function, a return or raise that always comes."""
    if not isinstance(parent, FUNCTIONS) or child not in parent.body:
        return False
    before = parent.body[: parent.body.index(child)]
    return any(_leaves(each, place) for each in before)


def _leaves(statement: ast.stmt, place: Place) -> bool:
    if isinstance(statement, ast.If) and any(isinstance(each, ast.Return) for each in statement.body):
        return verdict(statement.test, place) is True
    return isinstance(statement, ast.Return | ast.Raise)
