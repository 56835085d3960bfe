"""Asynchronous sleeps that nobody waits for to the end: cancelled, or cut short by a timeout."""

import ast
import itertools
import re
from collections.abc import Iterator
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.chains import chain, last_name
from lapwing.lint.constant import number
from lapwing.lint.failure import is_failure
from lapwing.lint.place import Place
from lapwing.lint.scope import FUNCTIONS, Function

LONG_S: Final = 1.0
"""Sleeps from this on are stand-ins for "forever" where something cancels them; shorter ones are waited
for.
"""

_FOREVER_S: Final = 10.0
_CUTTING: Final = frozenset(
    [
        "wait_for",
        "timeout",
        "timeout_at",
        "move_on_after",
        "move_on_at",
        "fail_after",
        "fail_at",
        "async_timeout",
        "CancelScope",
    ]
)
_TASKS: Final = frozenset({"create_task", "ensure_future", "start_soon", "spawn", "Task"})
_GROUPS: Final = frozenset({"TaskGroup", "create_task_group", "open_nursery"})
_EXPECTING: Final = re.compile(r"(?:^|\.)(?:raises|assertRaises|assertRaisesRegex|RaisesGroup)$")
_LIMITING: Final = re.compile(r"(?i)(?:\w*_)?(?:timeout|time_?limit)|move_on_after|fail_after")
"""Names of contexts that end what stands in them after a time."""

_CANCELLING: Final = re.compile(
    r"cancel|timeout|wait_for|move_on|fail_after|kill|terminate|aclose|shutdown|"
    r"(?:job|task|scheduler|group|nursery)s?\.close$",
    re.I,
)

_SETTING: Final = frozenset({"setattr", "patch", "object"})
"""What replaces a value while a test runs: `monkeypatch.setattr`, `patch`, `patch.object`."""


def is_cut_short(call: ast.Call, seconds: float | None, body: Body, place: Place) -> bool:
    """Whether the asynchronous sleep `call` ends long before its time."""
    if seconds is None:
        return False
    inner = body.function_around(call)
    is_nested = inner is not None and inner is not body.root
    if _is_cut_here(call, seconds, body, place):
        return True
    if is_nested and inner is not None and _is_given_less(inner.name, seconds, body, place):
        return True
    if is_nested and _is_beside_shorter(seconds, body, place):
        return True
    if (
        is_nested
        and inner is not None
        and (_is_limited(inner, seconds, place) or _is_canceled(inner.name, body))
    ):
        return True
    if seconds < LONG_S:
        return False
    if _is_in_failing_group(call, inner.name if is_nested and inner is not None else "", body):
        return True
    if _is_failure_next(call, body):
        return True
    is_task = any(
        isinstance(parent, ast.Call) and last_name(parent.func) in _TASKS for parent in body.upward(call)
    )
    if is_nested and inner is not None and not is_task:
        return any(
            _cancels(each, seconds, body, place) or _shortens_timeout(each, seconds, body, place)
            for each in _around(inner, call, body)
        )
    if is_task:
        return any(_cancels(each, seconds, body, place) for each in body.calls)
    return seconds >= _FOREVER_S and any("cancel" in last_name(each.func) for each in body.calls)


def cut_to(call: ast.AST, seconds: float, body: Body, place: Place) -> float:
    """The seconds after which a sleep ends that stands in a `with Timeout(limit)`."""
    for parent in body.upward(call):
        if isinstance(parent, FUNCTIONS):
            break
        for item in parent.items if isinstance(parent, ast.With) else ():
            each = item.context_expr
            if isinstance(each, ast.Call) and _LIMITING.fullmatch(last_name(each.func)):
                limit = _limit(each, place)
                if limit is not None and 0 < limit < seconds:
                    return limit
    return seconds


def _around(inner: Function, sleep: ast.Call, body: Body) -> Iterator[ast.Call]:
    """The calls of a test that may end one of its functions while it sleeps: those in it, but for what comes
    after the sleep; in the test itself; and in its other functions that name it. What else these do is about
    something else.
    """
    upward = itertools.takewhile(lambda each: each is not inner, body.upward(sleep))
    is_repeated = any(isinstance(each, ast.While | ast.For | ast.AsyncFor) for each in upward)
    naming: dict[ast.AST | None, bool] = {None: True, body.root: True, inner: True}
    for each in body.calls:
        function = body.function_around(each)
        if function not in naming:
            names = (node for node in ast.walk(function) if isinstance(node, ast.Name))  # type: ignore[arg-type]
            naming[function] = any(node.id == inner.name for node in names)
        is_later = function is inner and each.lineno > sleep.lineno and not is_repeated
        is_start = isinstance(each.func, ast.Name) and each.func.id == inner.name
        if naming[function] and not is_later and not is_start:
            yield each


def _is_limited(inner: Function, seconds: float, place: Place) -> bool:
    """Whether a decorator ends the function `inner` after less than `seconds`, as `@timeout(0.1)` does."""
    for decorator in inner.decorator_list:
        if isinstance(decorator, ast.Call) and _LIMITING.fullmatch(last_name(decorator.func)):
            limit = _limit(decorator, place)
            if limit is not None and limit < seconds:
                return True
    return False


def _is_canceled(name: str, body: Body) -> bool:
    """Whether the one task of the function `name` is kept under a name and canceled by it."""
    tasks = {
        each.targets[0].id
        for each in body.assignments
        if len(each.targets) == 1
        and isinstance(each.targets[0], ast.Name)
        and isinstance(each.value, ast.Call)
        and last_name(each.value.func) in _TASKS
        and any(isinstance(given, ast.Call) and chain(given.func) == name for given in each.value.args)
    }
    if not tasks or sum(isinstance(each, ast.Name) and each.id == name for each in body.parents) != 1:
        return False
    return any(
        isinstance(each.func, ast.Attribute)
        and each.func.attr == "cancel"
        and isinstance(each.func.value, ast.Name)
        and each.func.value.id in tasks
        for each in body.calls
    )


def _is_in_failing_group(call: ast.Call, name: str, body: Body) -> bool:
    """Whether a group of tasks, which the test expects to fail, holds the sleep, or a task of the function
    `name` with it: the others are canceled then.
    """
    for block in body.blocks:
        if not isinstance(block, ast.AsyncWith) or not any(
            last_name(item.context_expr) in _GROUPS for item in block.items
        ):
            continue
        around = [
            item.context_expr
            for each in body.upward(block)
            if isinstance(each, ast.With)
            for item in each.items
        ]
        if any(_EXPECTING.search(chain(each)) for each in around):
            if call.lineno in range(block.lineno, (block.end_lineno or block.lineno) + 1):
                return True
            if name and any(isinstance(each, ast.Name) and each.id == name for each in ast.walk(block)):
                return True
    return False


def _is_failure_next(call: ast.Call, body: Body) -> bool:
    """Whether all that comes after the sleep, and after the `with` blocks that it is the last of, is to fail:
    the test knows of something that ends the sleep before.
    """
    child: ast.AST = call
    for parent in body.upward(call):
        if isinstance(child, ast.stmt):
            block = getattr(parent, "body", None)
            if not isinstance(block, list) or child not in block:
                return False
            following = block[block.index(child) + 1 :]
            if following:
                return _fails(following[0])
            if not isinstance(parent, ast.With | ast.AsyncWith):
                return False
        child = parent
    return False


def _fails(statement: ast.stmt) -> bool:
    """Whether a statement says that the test has failed, or is `raise AssertionError(…)`."""
    if isinstance(statement, ast.Raise):
        raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
        return raised is not None and chain(raised) == "AssertionError"
    return is_failure(statement)


def _is_given_less(name: str, seconds: float, body: Body, place: Place) -> bool:
    """Whether the coroutine of the function `name` is run with a timeout shorter than `seconds`, as by
    `run(wait(), timeout=0.1)` and `run(wait, timeout=0.1)`.
    """
    for each in body.calls:
        if any(isinstance(given, ast.Call | ast.Name) and chain(given) == name for given in each.args):
            there = place._replace(scope=body.scope_of(each), line=each.lineno)
            limits = (number(given.value, there) for given in each.keywords if given.arg == "timeout")
            if any(limit is not None and limit < seconds for limit in limits):
                return True
    return False


def _is_beside_shorter(seconds: float, body: Body, place: Place) -> bool:
    """Whether a function in the test has a decorator with a timeout shorter than `seconds`, so that the test
    looks at how that ends.
    """
    decorators = (
        (each, node)
        for node in body.parents
        if isinstance(node, FUNCTIONS)
        for each in node.decorator_list
        if isinstance(each, ast.Call)
    )
    for decorator, function in decorators:
        there = place._replace(scope=body.scope_of(function), line=function.lineno)
        limits = (number(each.value, there) for each in decorator.keywords if each.arg == "timeout")
        if any(limit is not None and limit < seconds for limit in limits):
            return True
    return False


def _cancels(call: ast.Call, seconds: float, body: Body, place: Place) -> bool:
    """Whether a call ends others, gives them a timeout that is not longer than `seconds`, or expects that one
    comes, as `assertRaises(MessageTimeout)` does.
    """
    written = chain(call.func)
    there = place._replace(scope=body.scope_of(call), line=call.lineno)
    if last_name(call.func) in _CUTTING:
        return not any(limit is not None and limit > seconds for limit in _limits(call, there))
    given = (each for each in call.keywords if _names_timeout(each))
    if _CANCELLING.search(written) or any((number(each.value, there) or 0) <= seconds for each in given):
        return True
    is_expected = written.rpartition(".")[2] in ("raises", "assertRaises")
    return (
        is_expected
        and any("Timeout" in chain(each) for each in call.args[:1])
        and not _comes_later(call, seconds, body, place)
    )


def _comes_later(expecting: ast.Call, seconds: float, body: Body, place: Place) -> bool:
    """Whether the timeouts that stand in the block of `with raises(…)` are all longer than `seconds`: the
    sleep comes to its end before.
    """
    block = next((each for each in body.upward(expecting) if isinstance(each, ast.With)), None)
    if block is None:
        return False
    inside = range(block.lineno, (block.end_lineno or block.lineno) + 1)
    limits = [
        number(given.value, place._replace(scope=body.scope_of(each), line=each.lineno))
        for each in body.calls
        if each.lineno in inside
        for given in each.keywords
        if _names_timeout(given)
    ]
    return bool(limits) and all(limit is not None and limit > seconds for limit in limits)


def _shortens_timeout(call: ast.Call, seconds: float, body: Body, place: Place) -> bool:
    """Whether a call puts a number shorter than `seconds` in the place of a timeout of the code under test,
    as `monkeypatch.setattr(worker, "FLUSH_TIMEOUT", 0.1)` does.
    """
    if last_name(call.func) not in _SETTING:
        return False
    texts = (each.value for each in call.args if isinstance(each, ast.Constant))
    if not any(isinstance(each, str) and "timeout" in each.lower() for each in texts):
        return False
    there = place._replace(scope=body.scope_of(call), line=call.lineno)
    values = [*call.args[1:], *(each.value for each in call.keywords if each.arg in ("value", "new"))]
    limits = (number(each, there) for each in values)
    return any(limit is not None and limit < seconds for limit in limits)


def _names_timeout(given: ast.keyword) -> bool:
    """Whether an argument is a timeout, or a table with one."""
    keys = given.value.keys if isinstance(given.value, ast.Dict) else []
    names = [given.arg, *(each.value for each in keys if isinstance(each, ast.Constant))]
    return any(isinstance(each, str) and "timeout" in each for each in names)


def _is_cut_here(call: ast.Call, seconds: float, body: Body, place: Place) -> bool:
    """Inside `wait_for(…, t)` or `with timeout(t)` with a `t` that is shorter, or cannot be told."""
    for parent in body.upward(call):
        if isinstance(parent, ast.With | ast.AsyncWith):
            cutting = [item.context_expr for item in parent.items if isinstance(item.context_expr, ast.Call)]
        elif isinstance(parent, ast.Call):
            cutting = [parent]
        elif isinstance(parent, FUNCTIONS):
            return False
        else:
            continue
        for each in cutting:
            if last_name(each.func) in _CUTTING:
                limit = _limit(each, place)
                if limit is None:
                    return seconds >= LONG_S
                return limit < seconds
    return False


def _limit(call: ast.Call, place: Place) -> float | None:
    return next((value for value in _limits(call, place) if value is not None), None)


def _limits(call: ast.Call, place: Place) -> list[float | None]:
    at = 1 if chain(call.func).endswith("wait_for") else 0
    given = [
        *call.args[at : at + 1],
        *(each.value for each in call.keywords if each.arg in ("timeout", "delay", "seconds")),
    ]
    return [number(each, place) for each in given]
