"""What a call gives a parameter of a function that it calls, or hands on to something that does. Pure."""

import ast
from typing import Final

from lapwing.lint.chains import last_name
from lapwing.lint.scope import Function

DEFAULT: Final = ast.Constant(None)
"""Stands for what a parameter is worth that is not given."""


def given_by_call(call: ast.Call, function: Function, parameter: str, name: str = "") -> ast.expr | None:
    """What `call` gives a `parameter` of `function`: `DEFAULT` where it leaves that out, None where the
    code does not tell. `name` is what the function is called by where that is not its own name, as an
    `__init__` is by that of its class.

    Things are called, as in `wait(0.1)`, or handed on, as in `submit(wait, 0.1)` and
    `Thread(target=wait, args=(0.1,))`.
    """
    found = _given_to(call, name or function.name)
    if found is None:
        return None
    row, keywords = found
    for each in keywords:
        if each.arg == parameter:
            return each.value
    if any(isinstance(each, ast.Starred) for each in row) or any(each.arg is None for each in keywords):
        return None
    names = [each.arg for each in (*function.args.posonlyargs, *function.args.args)]
    if names[:1] in (["self"], ["cls"]):
        del names[0]
    rest = function.args.vararg
    if rest is not None and rest.arg == parameter:
        return ast.Tuple([*row[len(names) :]])
    at = names.index(parameter) if parameter in names else -1
    return row[at] if 0 <= at < len(row) else DEFAULT


def default_of(function: Function, parameter: str) -> ast.expr | None:
    """The default of a parameter."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    pairs = [*zip(reversed(plain), reversed(arguments.defaults), strict=False)]
    for each, default in (*pairs, *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)):
        if each.arg == parameter:
            return default
    return None


def names_function(node: ast.expr, name: str) -> bool:
    """Whether an expression is a name, or an attribute, called `name`."""
    return isinstance(node, ast.Name | ast.Attribute) and last_name(node) == name


def handed_to(call: ast.Call) -> list[ast.expr]:
    """What a call calls or hands on: its function and its arguments, and those of a call that makes the
    function, as in `retried(wait)(0.1)`.
    """
    made_by = call.func.args if isinstance(call.func, ast.Call) else []
    return [call.func, *made_by, *call.args, *(each.value for each in call.keywords)]


def _is_wrapped(function: ast.expr, name: str) -> bool:
    """Whether this is `wrapped(name)`, which takes what `name` does."""
    return isinstance(function, ast.Call) and any(names_function(each, name) for each in function.args[:1])


def _given_to(call: ast.Call, name: str) -> tuple[list[ast.expr], list[ast.keyword]] | None:
    """The arguments that a call has for the function `name`."""
    if names_function(call.func, name) or _is_wrapped(call.func, name):
        return call.args, call.keywords
    for at, each in enumerate(call.args):
        if names_function(each, name):
            return call.args[at + 1 :], call.keywords
    by_name = {each.arg: each.value for each in call.keywords if each.arg}
    if not any(names_function(each, name) for each in by_name.values()):
        return None
    args, kwargs = by_name.get("args"), by_name.get("kwargs")
    if args is not None and not isinstance(args, ast.Tuple | ast.List):
        return None
    if kwargs is None:
        return (args.elts if args else []), []
    if not isinstance(kwargs, ast.Dict):
        return None
    keywords = [
        ast.keyword(arg=str(key.value) if isinstance(key, ast.Constant) else None, value=value)
        for key, value in zip(kwargs.keys, kwargs.values, strict=True)
    ]
    return (args.elts if args else []), keywords
