"""A test that fails when the machine is slow: it asserts that something took less than a short time.

## What it sees

`assert` and `assertLess` on a difference of two readings of the wall clock, against a limit under
`wall_limit` (1 s).

## Why it costs time

A busy machine takes ten times as long at any moment, so that the test fails by chance, is run again, and in
the end gets a limit that finds nothing.

## Bad

```python
started = time.perf_counter()
index.search("word")
assert time.perf_counter() - started < 0.05
```

## Better

```python
@pytest.mark.perf_budget("50ms")
def test_search(index): ...
```

A budget judges by what the test took in earlier runs on this machine. Or count what matters: queries,
calls, bytes.

## Options

`wall_limit`.

Since 0.2.
"""

import ast
from collections.abc import Iterator
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.constant import number
from lapwing.lint.meanings import meanings
from lapwing.lint.place import Place
from lapwing.lint.view import Seen, View
from lapwing.model.finding import Confidence
from lapwing.units import format_duration

CODE = "LW112"
NAME = "real-clock-timeout"
ADVICE = "Set a budget that knows the machine, or count calls instead of time."

WORDS: Final = ("perf_counter", "monotonic", "time.time()", "default_timer")
_CLOCKS: Final = frozenset(
    {"time.time", "time.monotonic", "time.perf_counter", "timeit.default_timer", "datetime.datetime.now"}
)
_ASSERTIONS: Final = ("assertLess", "assertLessEqual")


def check(view: View) -> Iterator[Seen]:
    """Upper limits on elapsed time."""
    if "assert" not in view.text:
        return
    for definition, body in view.bodies_with(WORDS):
        for node, measured, limit in _limits(body):
            place = view.place_of(measured, body)
            seconds = number(limit, place)
            if seconds is None or not 0 < seconds * 1e9 < view.options.wall_limit_ns:
                continue
            if _is_elapsed(measured, place) and not view.is_exempt(definition):
                passed = format_duration(seconds * 1e9)
                message = f"fails when {passed} of wall time have passed, which a busy machine needs"
                where = definition.qualified_name if definition else ""
                yield Seen(node, "clock", Confidence.MEDIUM, False, message, "", where)


def _limits(body: Body) -> Iterator[tuple[ast.AST, ast.expr, ast.expr]]:
    """Place, measured value and upper limit of each assertion."""
    for node in body.parents:
        if isinstance(node, ast.Assert) and isinstance(node.test, ast.Compare):
            parts = [node.test.left, *node.test.comparators]
            for at, operator in enumerate(node.test.ops):
                if isinstance(operator, ast.Lt | ast.LtE):
                    yield node, parts[at], parts[at + 1]
                elif isinstance(operator, ast.Gt | ast.GtE):
                    yield node, parts[at + 1], parts[at]
    for call in body.calls:
        if isinstance(call.func, ast.Attribute) and call.func.attr in _ASSERTIONS and len(call.args) >= 2:
            yield call, call.args[0], call.args[1]


def _is_elapsed(node: ast.AST, place: Place, steps: int = 0) -> bool:
    if isinstance(node, ast.BinOp) and isinstance(node.op, ast.Sub):
        return _is_clock(node.left, place)
    if steps < 3 and isinstance(node, ast.Name | ast.Attribute):
        return any(_is_elapsed(each, where, steps + 1) for each, where in meanings(node, place))
    return False


def _is_clock(node: ast.AST, place: Place) -> bool:
    if isinstance(node, ast.Call):
        return place.dotted(node.func) in _CLOCKS
    return isinstance(node, ast.Name) and any(
        isinstance(each, ast.Call) and where.dotted(each.func) in _CLOCKS
        for each, where in meanings(node, place)
    )
