"""What a function inside a test is given by the calls around it: `delay` of `async def work(delay)` where the
test awaits `work(0.2)`.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.fixtures import parameter_names
from lapwing.lint.given_by_call import DEFAULT, default_of, given_by_call, handed_to
from lapwing.lint.imported import Helpers
from lapwing.lint.meanings import elements
from lapwing.lint.place import Place
from lapwing.lint.scope import FUNCTIONS, Function

Given = Callable[[str], Iterable[tuple[ast.expr, Place]]]

_COMPREHENSIONS: Final = (ast.ListComp, ast.SetComp, ast.DictComp, ast.GeneratorExp)
_AROUND: Final = frozenset({*FUNCTIONS, *_COMPREHENSIONS})
_MOST_STEPS: Final = 2  # from function to function inside of one test


def given_inside(node: ast.AST, body: Body, given: Given, helpers: Helpers, steps: int = 0) -> Given:
    """What parameters may be given as seen from `node`: those of the functions in `body` around it by the
    calls in `body`, those of its root as `given` tells; and what names of comprehensions around it are.
    """
    inner: list[Function] = []
    loops: list[ast.comprehension] = []
    for each in body.upward(node):
        if type(each) not in _AROUND:  # nearly all
            continue
        if isinstance(each, FUNCTIONS):
            if each is not body.root and _is_plain(each, body):
                inner.append(each)
        elif isinstance(each, _COMPREHENSIONS):
            loops += each.generators
    if not (inner or loops) or steps >= _MOST_STEPS:
        return given

    def values(name: str) -> Iterable[tuple[ast.expr, Place]]:
        for loop in loops:
            if isinstance(loop.target, ast.Name) and loop.target.id == name:
                place = Place(body.module, body.scope_of(node), node.lineno, given, helpers)  # type: ignore[attr-defined]
                return elements(loop.iter, place)
        for function in inner:
            if name in parameter_names(function):
                return _given_by_calls(function, name, body, given, helpers, steps)
        return given(name)

    return values


def _is_plain(function: Function, body: Body) -> bool:
    """Whether a function is called by its own name: it is no method, and nothing decorates it."""
    return not function.decorator_list and not isinstance(body.parents.get(function), ast.ClassDef)


def _given_by_calls(
    function: Function, name: str, body: Body, given: Given, helpers: Helpers, steps: int
) -> list[tuple[ast.expr, Place]]:
    """What the calls in `body` give a parameter, its default where one relies on that; nothing where one
    cannot be read.
    """
    found: list[tuple[ast.expr, Place]] = []
    for call in _calls_naming(function, body):
        value = given_by_call(call, function, name)
        if value is DEFAULT:
            value = default_of(function, name)
        if value is None:
            return []
        there = given_inside(call, body, given, helpers, steps + 1)
        found.append((value, Place(body.module, body.scope_of(call), call.lineno, there, helpers)))
    return found


def _calls_naming(function: Function, body: Body) -> Iterator[ast.Call]:
    """The calls of a function, and those that are given it, outside of itself."""
    for call in body.calls:
        named = (each for each in handed_to(call) if isinstance(each, ast.Name))
        if any(each.id == function.name for each in named) and function not in body.upward(call):
            yield call
