"""Sleeps at the end of a daemon thread that nobody joins, or of a process that is killed: the test goes on
without them. Other threads and processes are waited for as the interpreter ends, if not before.
"""

import ast
import re
from collections.abc import Collection, Iterable, Iterator
from typing import Final

from lapwing.lint.body import Body, body_of
from lapwing.lint.chains import chain, last_name
from lapwing.lint.constant import number
from lapwing.lint.given_by_call import names_function
from lapwing.lint.module import Definition
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.replaced import Replacements
from lapwing.lint.scope import FUNCTIONS
from lapwing.lint.site import Site

_THREADS: Final = frozenset({"Thread", "Process"})
_HARMLESS: Final = frozenset(
    {
        *("start", "daemon", "setDaemon", "is_alive", "isAlive", "name", "getName", "ident", "native_id"),
        *("pid", "exitcode", "terminate", "kill", "close"),
    }
)
"""What may be asked of a thread or process without waiting for its end."""

_PASSIVE: Final = frozenset({"daemon", "is_alive", "name", "ident", "pid", "exitcode", "authkey"})
"""What is asked of a process that need not run for it."""

_KILLS: Final = frozenset({"terminate", "kill", "killpg"})
_WAITS: Final = frozenset({"join", "wait", "result"})
_PLAIN: Final = (ast.If, ast.ExceptHandler)


def is_left_behind(site: Site, seconds: float | None, replacements: Replacements) -> bool:
    """Whether the sleep at `site` is the last that a function does which the file only hands to threads and
    processes as their target, and nobody waits for the end of these.
    """
    inner = site.body.function_around(site.node)
    text = replacements.module.text
    if inner is None or "target=" not in text or not is_last(site.node, site.body):
        return False
    starts = [
        (call, definition)
        for call, definition in replacements.callers_of(inner.name, handed_on=True)
        if last_name(call.func) in _THREADS and any(_is_target(each, inner.name) for each in call.keywords)
    ]
    root = site.body.root
    if inner is not root:  # other tests have functions of the same name
        starts = [each for each in starts if each[1].node is root]
        text = "\n".join(text.split("\n")[root.lineno - 1 : root.end_lineno])
    return (
        bool(starts)
        and len(re.findall(rf"\b{re.escape(inner.name)}\b", text)) == len(starts) + 1
        and all(_is_unjoined(*each, seconds, replacements) for each in starts)
    )


def is_in_killed_fork(site: Site) -> bool:
    """Whether the sleep at `site` stands in the child of a fork, `if pid == 0:`, that its parent kills."""
    if not any(last_name(each.func) in _KILLS for each in site.body.calls):
        return False
    forks = {
        to.id
        for each in site.body.assignments
        if isinstance(each.value, ast.Call) and last_name(each.value.func) == "fork"
        for to in each.targets
        if isinstance(to, ast.Name)
    }
    child = site.node
    for parent in site.body.upward(site.node):
        if forks and isinstance(parent, ast.If):
            if child in parent.body and _is_zero(parent.test, forks):
                return True
            if child in parent.orelse and _is_other_than_zero(parent.test, forks):
                return True
        child = parent
    return False


def _is_other_than_zero(test: ast.expr, names: Collection[str]) -> bool:
    """Whether this is `pid`, `pid != 0` or `pid > 0`."""
    if isinstance(test, ast.Name):
        return test.id in names
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id in names
        and isinstance(test.ops[0], ast.NotEq | ast.Gt)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value == 0
    )


def _is_zero(test: ast.expr, names: Collection[str]) -> bool:
    """Whether this is `not pid` or `pid == 0`."""
    if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
        return isinstance(test.operand, ast.Name) and test.operand.id in names
    return (
        isinstance(test, ast.Compare)
        and isinstance(test.left, ast.Name)
        and test.left.id in names
        and isinstance(test.ops[0], ast.Eq)
        and isinstance(test.comparators[0], ast.Constant)
        and test.comparators[0].value == 0
    )


def is_never_started(site: Site) -> bool:
    """Whether the process at `site` is an object that the function keeps under a name, asks for other things,
    and starts nowhere.
    """
    if site.call != "multiprocessing.Process" or not isinstance(site.node, ast.Call):
        return False
    holder = site.body.parents.get(site.node)
    if not isinstance(holder, ast.Assign) or len(holder.targets) != 1:
        return False
    name = holder.targets[0]
    if not isinstance(name, ast.Name):
        return False
    uses = [*_uses_of(name.id, holder, site.body)]
    return bool(uses) and all(isinstance(each, ast.Attribute) and each.attr in _PASSIVE for each in uses)


def is_handed_to_ended(site: Site) -> bool:
    """Whether the sleep at `site` is handed to a process, thread or task that the function ends at once,
    `spawn(sleep, 1).kill()`, or keeps by a name and ends before it waits for it:
    `worker = Process(target=sleep, args=(1,))`, `worker.terminate()`.
    """
    taker = site.body.parents.get(site.node)
    if isinstance(taker, ast.keyword):
        taker = site.body.parents.get(taker)
    holder = site.body.parents.get(taker) if isinstance(taker, ast.Call) else None
    if not site.is_reference:
        return False
    ends = _KILLS | {"cancel"} if site.operation.is_async else _KILLS  # no thread's own sleep is canceled
    if isinstance(holder, ast.Attribute):
        return holder.attr in ends and isinstance(site.body.parents.get(holder), ast.Call)
    if not isinstance(holder, ast.Assign) or len(holder.targets) != 1:
        return False
    name = chain(holder.targets[0])
    asked: dict[str, int] = {}  # the first line of each method
    for call in site.body.calls:
        method = call.func
        if isinstance(method, ast.Attribute) and chain(method.value) == name:
            asked[method.attr] = min(call.lineno, asked.get(method.attr, call.lineno))
    ended = [line for each, line in asked.items() if each in ends]
    return bool(ended) and all(min(ended) <= line for each, line in asked.items() if each in _WAITS)


def _uses_of(name: str, holder: ast.AST, body: Body) -> Iterator[ast.AST]:
    """What stands around each use of `name`, but for where it is bound."""
    for node, parent in body.parents.items():
        if isinstance(node, ast.Name) and node.id == name and parent is not holder:
            yield parent


def _is_target(given: ast.keyword, name: str) -> bool:
    return given.arg == "target" and names_function(given.value, name)


def is_last(node: ast.AST, body: Body) -> bool:
    """Whether nothing follows `node` in its function, nor the end of a `with`, which may hold a lock."""
    child = node
    for parent in body.upward(node):
        for block in (getattr(parent, "body", None), getattr(parent, "orelse", None)):
            if isinstance(block, list) and child in block and block[-1] is not child:
                return False
        if isinstance(parent, FUNCTIONS):
            return True
        if isinstance(parent, ast.stmt) and not isinstance(parent, (*_PLAIN, ast.Expr)):
            return False
        child = parent
    return False


def _is_unjoined(
    call: ast.Call, definition: Definition, seconds: float | None, replacements: Replacements
) -> bool:
    """Whether the thread or process that `call` makes is neither joined for long enough, nor handed on."""
    body = body_of(definition.node, replacements.module, definition.scope)
    holder = body.parents.get(call)
    is_daemon = any(each.arg == "daemon" and _is_true(each.value) for each in call.keywords)
    if isinstance(holder, ast.Attribute):
        return holder.attr == "start" and is_daemon
    if not isinstance(holder, ast.Assign) or len(holder.targets) != 1:
        return False
    name = holder.targets[0]
    if not isinstance(name, ast.Name):
        return False
    uses = [*_uses_of(name.id, holder, body)]
    kills = [each.lineno for each in uses if isinstance(each, ast.Attribute) and each.attr in _KILLS]
    is_daemon = is_daemon or any(_makes_daemon(each, body) for each in uses)
    return bool(is_daemon or kills) and all(_is_no_wait(each, body, seconds, kills) for each in uses)


def _makes_daemon(use: ast.AST, body: Body) -> bool:
    """Whether this is `thread.daemon = True` or `thread.setDaemon(True)`."""
    if not isinstance(use, ast.Attribute):
        return False
    holder = body.parents.get(use)
    if isinstance(holder, ast.Call):
        return use.attr == "setDaemon" and any(map(_is_true, holder.args))
    return use.attr == "daemon" and isinstance(holder, ast.Assign) and _is_true(holder.value)


def _is_true(node: ast.expr) -> bool:
    return isinstance(node, ast.Constant) and node.value is True


def _is_no_wait(use: ast.AST, body: Body, seconds: float | None, kills: Iterable[int]) -> bool:
    if not isinstance(use, ast.Attribute):
        return False
    if use.attr in _HARMLESS:
        return True
    if use.attr != "join":
        return False
    if any(line < use.lineno for line in kills):
        return True
    call = body.parents.get(use)
    if not isinstance(call, ast.Call) or seconds is None:
        return False
    given = [*call.args[:1], *(each.value for each in call.keywords if each.arg == "timeout")]
    place = Place(body.module, body.scope_of(call), call.lineno, nothing_given)
    limit = number(given[0], place) if given else None
    return limit is not None and limit < seconds / 2
