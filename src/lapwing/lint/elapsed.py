"""Upper limits on the time that has passed: `assert time.time() - start < 1`."""

import ast
from collections.abc import Iterator
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.meanings import meanings
from lapwing.lint.place import Place

_CLOCKS: Final = frozenset(
    {"time.time", "time.monotonic", "time.perf_counter", "timeit.default_timer", "datetime.datetime.now"}
)
_ASSERTIONS: Final = ("assertLess", "assertLessEqual")


def upper_limits(body: Body) -> Iterator[tuple[ast.AST, ast.expr, ast.expr]]:
    """Place, measured value and upper limit of each assertion."""
    for node in body.parents:
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare):
            yield from _of_comparison(node, node.test)
    for call in body.calls:
        if not isinstance(call.func, ast.Attribute) or not call.args:
            continue
        if call.func.attr in _ASSERTIONS and len(call.args) >= 2:
            yield call, call.args[0], call.args[1]
        elif call.func.attr == "assertTrue" and isinstance(call.args[0], ast.Compare):
            yield from _of_comparison(call, call.args[0])


def _of_comparison(node: ast.AST, test: ast.Compare) -> Iterator[tuple[ast.AST, ast.expr, ast.expr]]:
    parts = [test.left, *test.comparators]
    for at, operator in enumerate(test.ops):
        if isinstance(operator, ast.Lt | ast.LtE):
            yield node, parts[at], parts[at + 1]
        elif isinstance(operator, ast.Gt | ast.GtE):
            yield node, parts[at + 1], parts[at]


def is_elapsed(node: ast.AST, place: Place, steps: int = 0) -> bool:
    """Whether an expression is the time that has passed since another one, by a clock."""
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return _is_clock(node.left, place)
    if steps < 3 and isinstance(node, ast.Name | ast.Attribute):
        return any(is_elapsed(each, where, steps + 1) for each, where in meanings(node, place))
    return False


def _is_clock(node: ast.AST, place: Place) -> bool:
    if isinstance(node, ast.Call):
        return place.dotted(node.func) in _CLOCKS
    return isinstance(node, ast.Name) and any(
        isinstance(each, ast.Call) and where.dotted(each.func) in _CLOCKS
        for each, where in meanings(node, place)
    )
