"""Statements that skip the test which they stand in, by themselves or through a function of the tests."""

import ast
from typing import Final

from lapwing.lint.called_function import called_function
from lapwing.lint.chains import chain
from lapwing.lint.condition import is_environment, verdict
from lapwing.lint.place import Place
from lapwing.lint.skip_reasons import asks_to_be_run

_SKIPS: Final = frozenset({"pytest.skip", "skip", "self.skipTest", "unittest.skip"})
_SKIP_ERRORS: Final = ("SkipTest", "skipException")  # the second is what testtools has in its place
_TRANSPARENT: Final = frozenset({"classmethod", "staticmethod"})
_MOST_STEPS: Final = 2  # from function to function


def is_skip(statement: ast.stmt) -> bool:
    """Whether a statement skips the test that it stands in."""
    if isinstance(statement, ast.Raise):
        return statement.exc is not None and chain(statement.exc).endswith(_SKIP_ERRORS)
    value = statement.value if isinstance(statement, ast.Expr) else None
    if not isinstance(value, ast.Call):
        return False
    return chain(value.func) in _SKIPS or (bool(value.keywords) and _skips_without_option(value))


def _skips_without_option(call: ast.Call) -> bool:
    """Whether this is `config.getoption("--remote", skip=True)`, which skips where that is not given."""
    function = call.func
    return (
        isinstance(function, ast.Attribute)
        and function.attr == "getoption"
        and any(
            each.arg == "skip" and isinstance(each.value, ast.Constant) and bool(each.value.value)
            for each in call.keywords
        )
    )


def skips(statement: ast.stmt, place: Place, steps: int = 0) -> bool:
    """Whether a statement skips, or calls a function of the tests that does so in a usual run, such as
    `port = self.variable("PORT")` of a method that skips where the environment has no such variable.
    """
    if is_skip(statement) or _skips_without_variable(statement, place):
        return True
    value = statement.value if isinstance(statement, ast.Expr | ast.Assign | ast.AnnAssign) else None
    if isinstance(value, ast.Await):
        value = value.value
    if not isinstance(value, ast.Call) or steps >= _MOST_STEPS:
        return False
    function, there = called_function(value.func, place) or (None, place)
    if function is None:
        return False
    if function.decorator_list and not {*map(chain, function.decorator_list)} <= _TRANSPARENT:
        return False
    inner = there._replace(scope=there.module.function_scope(function, there.scope))
    return _ends_in_skip(function.body, inner, steps + 1)


def skips_if(statement: ast.If, place: Place) -> bool:
    """Whether a usual run is skipped below an `if`."""
    skipping = [each for each in statement.body if is_skip(each)]
    if not skipping:
        return False
    always = verdict(statement.test, place)
    return any(map(asks_to_be_run, skipping)) if always is None else always


def _fails_if(statement: ast.If, place: Place) -> bool:
    """Whether a usual run ends in an error below an `if`, as where a variable of the environment is not set:
    what comes then runs only for those who have set it.
    """
    return isinstance(statement.body[-1], ast.Raise) and verdict(statement.test, place) is True


def _skips_without_variable(statement: ast.stmt, place: Place) -> bool:
    """Whether this is `try: key = os.environ["KEY"]` and the `except KeyError` skips."""
    if not isinstance(statement, ast.Try) or not any(
        handler.type is None or chain(handler.type) in ("KeyError", "LookupError", "Exception")
        for handler in statement.handlers
        if any(map(is_skip, handler.body))
    ):
        return False
    return any(
        isinstance(each, ast.Assign | ast.Expr)
        and isinstance(each.value, ast.Subscript)
        and is_environment(each.value, place)
        for each in statement.body
    )


def _ends_in_skip(statements: list[ast.stmt], place: Place, steps: int) -> bool:
    """Whether a run of `statements` comes to one that skips, and to none before that returns."""
    for each in statements:
        if skips(each, place, steps):
            return True
        if isinstance(each, ast.Return | ast.Raise):
            return False
        if isinstance(each, ast.If):
            if skips_if(each, place) or _fails_if(each, place):
                return True
            always = verdict(each.test, place)
            branch: list[ast.stmt] = each.orelse if always is False else each.body if always else [each]
            if always is not None and _ends_in_skip(branch, place, steps):
                return True
            if any(isinstance(inner, ast.Return) for below in branch for inner in ast.walk(below)):
                return False
    return False
