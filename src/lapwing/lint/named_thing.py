"""A function, fixture or class of a suite that others may use by its name, and what a line of a function does
with it.
"""

import ast
from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

from lapwing.lint.body import Body, body_of
from lapwing.lint.dead_code import is_dead
from lapwing.lint.fixtures import is_test_function, parameter_names
from lapwing.lint.module import Definition, Module
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.run_by_name import BY_NAME, fixture_name
from lapwing.lint.scope import Function


class Use(IntEnum):
    """By whom a thing is used; of several the largest counts."""

    IDLE = 0
    EXEMPT = 1  # only by tests that may be slow
    LIVE = 2


class Thing(NamedTuple):
    """What others may use."""

    name: str
    node: Function | ast.ClassDef
    is_fixture: bool
    is_method: bool


def lines_of(node: Function | ast.ClassDef) -> range:
    """The lines of a function or a class, its decorators' with them."""
    first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    return range(first, (node.end_lineno or node.lineno) + 1)


def use_in(node: Function, line: int, thing: Thing, module: Module, user: Definition) -> Use:
    """Whether the line of a function uses a thing, a fixture as a parameter or by a string, anything else by
    name; and whether a usual run comes to it.
    """
    if thing.is_fixture:
        is_filled = is_test_function(node) or fixture_name(node) is not None or BY_NAME.match(node.name)
        if is_filled and thing.name in parameter_names(node):
            return Use.LIVE
    body = body_of(node, module, user.scope)
    told = {*_annotations(node), *_types_compared(body)} if isinstance(thing.node, ast.ClassDef) else set()
    found = Use.IDLE
    for each in body.parents:
        first = getattr(each, "lineno", 0)
        if not first <= line <= (getattr(each, "end_lineno", 0) or first):
            continue
        if isinstance(each, ast.Constant):
            is_compared = isinstance(body.parents.get(each), ast.Compare)  # as a hook looks at fixtures
            is_named = isinstance(each.value, str) and thing.name in each.value and not is_compared
        elif isinstance(each, ast.Name):
            is_named = not thing.is_fixture and each.id == thing.name
        elif isinstance(each, ast.Attribute):
            is_named = not thing.is_fixture and each.attr == thing.name
        elif isinstance(each, ast.ImportFrom | ast.Import):
            continue  # where it is used then, tells another line
        else:
            is_named = isinstance(each, ast.arg | ast.keyword) and each.arg == thing.name
        if is_named and each not in told:
            if not is_dead(each, body, Place(module, body.scope_of(each), line, nothing_given)):
                return Use.LIVE
            found = Use.EXEMPT
    return found


def _types_compared(body: Body) -> Iterator[ast.AST]:
    """What `isinstance(…)` and `issubclass(…)` compare with: they make no object either."""
    for each in body.calls:
        if isinstance(each.func, ast.Name) and each.func.id in ("isinstance", "issubclass"):
            for given in each.args[1:]:
                yield from ast.walk(given)


def _annotations(node: Function) -> Iterator[ast.AST]:
    """What stands in the annotations of a function: they make no object."""
    arguments = node.args
    given = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    for each in (node.returns, *(one.annotation for one in given if one is not None)):
        yield from ast.walk(each) if each is not None else ()
