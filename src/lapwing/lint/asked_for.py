"""Branches of a function for tests that run only with an argument which no test gives that has to be fast:
`if slow:` where all leave `slow=False` alone, `if "slow" in kwargs` where nobody gives it.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from typing import Final

from lapwing.lint.body import Body, body_of
from lapwing.lint.chains import chain
from lapwing.lint.fixtures import is_test_function, parameter_names
from lapwing.lint.given_by_call import DEFAULT, default_of, given_by_call, handed_to, names_function
from lapwing.lint.module import Definition, Module
from lapwing.lint.scope import Function
from lapwing.lint.words import lines_with

_MISSING: Final = ast.Constant(None)
"""Stands for what is not in the keywords that a function takes."""


def unasked_argument(
    line: int,
    definition: Definition,
    module: Module,
    modules_naming: Callable[[], Iterable[Module] | None],
    is_given_anywhere: Callable[[str], bool],
    is_exempt: Callable[[Module, Definition], bool],
) -> str | None:
    """The parameter or keyword without which no run comes to `line` of a function, where no caller gives it
    that may not be slow; None where one does or that cannot be told. `modules_naming` gives the files that
    name the function, its own first, or None where these cannot be told; `is_given_anywhere` tells whether
    any call in the suite has a keyword of a name.
    """
    node = definition.node
    if is_test_function(node) or node.decorator_list:
        return None
    body = body_of(node, module, definition.scope)
    branches = [*_branches_around(line, body)]
    for name in dict.fromkeys(each for test, _ in branches for each in _names_in(test, node)):
        deciding = [(test, holds) for test, holds in branches if name in _names_in(test, node)]
        if name not in parameter_names(node) and not is_given_anywhere(name):
            return name if _lies_behind(deciding, name, _MISSING) else None
        modules = modules_naming()
        if modules is None:
            return None
        given = [each for other in modules for each in _given(name, node, other, is_exempt)]
        if given and all(each is not None and _lies_behind(deciding, name, each) for each in given):
            return name
    return None


def _lies_behind(branches: Iterable[tuple[ast.expr, bool]], name: str, value: ast.Constant) -> bool:
    """Whether one of `branches` is not taken with `value` for `name`."""
    return any(_verdict(test, name, value) is (not holds) for test, holds in branches)


def _branches_around(line: int, body: Body) -> Iterator[tuple[ast.expr, bool]]:
    """The conditions around a line, each with whether the line stands where it holds."""
    for each in body.parents:
        if isinstance(each, ast.If):
            for branch, holds in ((each.body, True), (each.orelse, False)):
                if branch and branch[0].lineno <= line <= (branch[-1].end_lineno or branch[-1].lineno):
                    yield each.test, holds


def _names_in(test: ast.expr, function: Function) -> Iterator[str]:
    """The parameters that a condition looks at, and the keywords of others that a function takes."""
    parameters = parameter_names(function)
    for each in ast.walk(test):
        if isinstance(each, ast.Name) and each.id in parameters:
            yield each.id
        rest = function.args.kwarg.arg if function.args.kwarg is not None else ""
        keyword = _keyword_in(each, rest) if rest else None
        if keyword is not None:
            yield keyword


def _keyword_in(node: ast.AST, rest: str) -> str | None:
    """The keyword that `"name" in kwargs` and `kwargs.get("name")` look for, `rest` being `kwargs`."""
    looked_for: ast.AST | None = None
    if isinstance(node, ast.Compare) and len(node.ops) == 1 and isinstance(node.ops[0], ast.In | ast.NotIn):
        looked_for = node.left if chain(node.comparators[0]) == rest else None
    elif isinstance(node, ast.Call) and chain(node.func) in (f"{rest}.get", f"{rest}.pop") and node.args:
        looked_for = node.args[0]
    value = looked_for.value if isinstance(looked_for, ast.Constant) else None
    return value if isinstance(value, str) else None


def _given(
    name: str, function: Function, module: Module, is_exempt: Callable[[Module, Definition], bool]
) -> Iterator[ast.Constant | None]:
    """What each caller in a file gives: None for what cannot be told."""
    lines = module.text.split("\n")
    word = re.compile(rf"\b{re.escape(function.name)}\b")
    named = {
        at
        for at in lines_with(module.text, [function.name])
        if word.search(lines[at - 1].partition("#")[0]) is not None
    }
    named.discard(function.lineno)
    if named:
        named -= module.import_lines
    for user in module.definitions if named else ():
        own = range(user.node.lineno, (user.node.end_lineno or 0) + 1)
        if named.isdisjoint(own):
            continue
        if user.node is not function and is_exempt(module, user):
            named.difference_update(own)
            continue
        for call in body_of(user.node, module, user.scope).calls:
            if not any(names_function(each, function.name) for each in handed_to(call)):
                continue
            named.difference_update(range(call.lineno, (call.end_lineno or 0) + 1))
            value = given_by_call(call, function, name)
            if value is DEFAULT:
                is_parameter = name in parameter_names(function)
                value = default_of(function, name) if is_parameter else _MISSING
            yield value if isinstance(value, ast.Constant) else None
    if named:
        yield None


def _verdict(test: ast.expr, name: str, value: ast.Constant) -> bool | None:
    """Whether a condition holds with `value` for `name`; None where that is not all that it hangs on."""
    if isinstance(test, ast.Name):
        return bool(value.value) if test.id == name else None
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        inner = _verdict(test.operand, name, value)
        return None if inner is None else not inner
    if isinstance(test, ast.BoolOp):
        parts = [_verdict(each, name, value) for each in test.values]
        decisive = isinstance(test.op, ast.Or)
        return decisive if decisive in parts else None if None in parts else not decisive
    if isinstance(test, ast.Call):
        is_looked_up = (
            bool(test.args) and isinstance(test.args[0], ast.Constant) and test.args[0].value == name
        )
        return bool(value.value) if is_looked_up else None
    if isinstance(test, ast.Compare) and len(test.ops) == 1:
        return _compared(test, name, value)
    return None


def _compared(test: ast.Compare, name: str, value: ast.Constant) -> bool | None:
    left, operator, right = test.left, test.ops[0], test.comparators[0]
    if isinstance(left, ast.Constant) and left.value == name and isinstance(operator, ast.In | ast.NotIn):
        return (value is not _MISSING) is isinstance(operator, ast.In)
    if not (isinstance(left, ast.Name) and left.id == name and isinstance(right, ast.Constant)):
        return None
    if isinstance(operator, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
        return (value.value == right.value) is isinstance(operator, ast.Is | ast.Eq)
    if isinstance(value.value, int | float) and isinstance(right.value, int | float):
        if isinstance(operator, ast.Gt):
            return value.value > right.value
        if isinstance(operator, ast.GtE):
            return value.value >= right.value
    return None
