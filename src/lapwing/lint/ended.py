"""Sleeps in threads, tasks and processes that somebody ends: nobody waits for them to come to their end."""

import ast
import re
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.chains import chain
from lapwing.lint.module import Module
from lapwing.lint.scope import FUNCTIONS
from lapwing.lint.site import Site
from lapwing.lint.words import has_line_between, lines_with

_FOREVER_S: Final = 10.0
_ENDED_FROM_OUTSIDE: Final = re.compile(
    r"(?:^|\.)(?:KeyboardInterrupt|SystemExit|CancelledError|Cancelled|GreenletExit)$"
)
_SWALLOWING: Final = re.compile(r"raises|suppress|assertRaises")
_LEAVING: Final = re.compile(r"(?:^|\.)(?:exit|_exit|fail|skip|skipTest|exec[lv]\w*|abort)$")
_ENDING: Final = re.compile(r"\b(?:\w+_)?(?:terminate|kill|killpg|close_all)\w*\(")
_CANCELING: Final = re.compile(r"\b(?:\w+_)?cancel\w*\(")
"""Ends what is asleep in a task, or in a process of a pool; a thread's own sleep goes on."""

_OF_PROCESSES: Final = ("multiprocessing", "ProcessPool")

_GREEN: Final = frozenset({"gevent.sleep", "eventlet.sleep"})
_LIMITING: Final = re.compile(r"\b\w*timeout\w*\s*=\s*[\d.]")
"""A limit of who asks a server: a green thread that is still asleep then holds nobody up."""


def is_ended_from_outside(site: Site, seconds: float | None, module: Module) -> bool:
    """Whether the sleep at `site`, outside the test's own body, stands in an endless loop, or is so long that
    it stands for "forever" in a function which is ended by whoever names it, or by a decorator's timeout.
    """
    if is_in_endless_loop(site.node, site.body):
        return True
    if seconds is None or seconds < _FOREVER_S:
        return False
    return _has_timeout(site) or _is_ended_by_name(site, module) or _is_of_daemon(site)


def _is_of_daemon(site: Site) -> bool:
    """Whether a function in the test is run by `Thread(target=…, daemon=True)`: it ends with the process."""
    inner = site.body.function_around(site.node)
    for call in site.body.calls if inner is not None else ():
        given = {each.arg: each.value for each in call.keywords}
        target, daemon = given.get("target"), given.get("daemon")
        is_target = isinstance(target, ast.Name) and inner is not None and target.id == inner.name
        if is_target and isinstance(daemon, ast.Constant) and daemon.value is True:
            return True
    return False


def _has_timeout(site: Site) -> bool:
    inner = site.body.function_around(site.node)
    return inner is not None and any(
        isinstance(each, ast.Call) and any(option.arg == "timeout" for option in each.keywords)
        for each in inner.decorator_list
    )


def _is_ended_by_name(site: Site, module: Module) -> bool:
    inner = site.body.function_around(site.node)
    if inner is None:
        return False
    is_cancelable = (
        site.operation.is_async or site.call in _GREEN or any(each in module.text for each in _OF_PROCESSES)
    )
    lines = module.text.split("\n")
    inside = range(inner.lineno, (inner.end_lineno or inner.lineno) + 1)
    named = [at for at in lines_with(module.text, [inner.name]) if at not in inside]
    for definition in module.definitions:
        first, last = definition.node.lineno, definition.node.end_lineno or definition.node.lineno
        if definition.node is not inner and has_line_between(named, first, last):
            around = "\n".join(
                line for at, line in enumerate(lines[first - 1 : last], first) if at not in inside
            )
            if _ENDING.search(around) or (site.call in _GREEN and _LIMITING.search(around)):
                return True
            if is_cancelable and _CANCELING.search(around):
                return True
    return False


def is_in_endless_loop(node: ast.AST, body: Body) -> bool:
    """Whether nothing in the function of `node` leaves the `while True` around it.

    Such a loop runs in a thread, a task or a process of its own until somebody ends that, and nobody waits
    for it to come to its end. One that may be left by an exception which is caught around it counts as
    ending.
    """
    is_endless = False
    for parent in body.upward(node):
        if isinstance(parent, (*FUNCTIONS, ast.Lambda)):
            break
        if isinstance(parent, ast.While) and isinstance(parent.test, ast.Constant) and parent.test.value:
            is_endless = True
            if _is_left(parent, is_task=isinstance(body.function_around(node), ast.AsyncFunctionDef)):
                return False
        elif isinstance(parent, ast.Try | ast.TryStar) and is_endless:
            caught = [chain(each.type) if each.type else "" for each in parent.handlers]
            if not all(_ENDED_FROM_OUTSIDE.search(name) for name in caught):
                return False
        elif isinstance(parent, ast.With | ast.AsyncWith) and any(
            _SWALLOWING.search(chain(each.context_expr)) for each in parent.items
        ):
            return False
    return is_endless


def _is_left(loop: ast.While, *, is_task: bool) -> bool:
    """Whether a statement of `loop` ends it, or hands a value out and may be left there. An assertion in a
    task ends nothing that the test waits for.
    """
    stack: list[ast.AST] = [*loop.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Break | ast.Return | ast.Raise | ast.Yield | ast.YieldFrom):
            return True
        if isinstance(node, ast.Assert) and not is_task:
            return True
        if isinstance(node, ast.Call) and _LEAVING.search(chain(node.func)):
            return True
        if not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            stack += ast.iter_child_nodes(node)
    return False
