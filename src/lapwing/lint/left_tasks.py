"""Asynchronous sleeps at the end of tasks that a test starts and waits for nowhere: they are canceled as its
loop or its scheduler is closed.
"""

import ast
import re
from collections.abc import Iterator
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.chains import chain, last_name
from lapwing.lint.left_behind import is_last
from lapwing.lint.module import Module
from lapwing.lint.scope import FUNCTIONS
from lapwing.lint.site import Site

_STARTS: Final = frozenset({"create_task", "ensure_future", "spawn"})
_PASSIVE: Final = frozenset(
    {
        *("done", "cancelled", "cancelling", "closed", "active", "pending", "cancel", "get_name"),
        *("set_name", "get_coro", "name", "exception", "_explicit", "is_running", "is_cancelled"),
    }
)
"""What is asked of a task that need not come to its end for it."""

_WAITS_FOR_ALL: Final = frozenset({"all_tasks", "gather", "wait", "wait_and_close", "join", "drain"})
_SHORTLY: Final = 200  # characters after it is canceled, a task may be awaited: it ends at once
_MADE: Final = ("Worker", "Task", "Job")
"""Ends of the names of classes whose objects run a coroutine that they are given."""


def is_left_task(site: Site) -> bool:
    """Whether the sleep at `site` is the last that a coroutine inside of a test does, which the test only
    starts as a task.
    """
    body = site.body
    inner = body.function_around(site.node)
    if not isinstance(inner, ast.AsyncFunctionDef) or inner is body.root or inner.decorator_list:
        return False
    if not is_last(_awaited(site.node, body), body):
        return False
    uses = [each for each in _named(inner.name, body) if inner not in body.upward(each)]
    start = _start(uses[0], body) if len(uses) == 1 else None
    if start is None or _is_of_group(start, body):
        return False
    if any(last_name(each.func) in _WAITS_FOR_ALL for each in body.calls):
        return False
    holder = body.parents.get(start)
    if isinstance(holder, ast.Await):
        holder = body.parents.get(holder)
    if isinstance(holder, ast.Expr):
        return True
    if not isinstance(holder, ast.Assign) or len(holder.targets) != 1:
        return False
    name = holder.targets[0]
    if not isinstance(name, ast.Name):
        return False
    return all(each is name or _is_passive(each, body) for each in _named(name.id, body))


def is_canceled_at_once(site: Site) -> bool:
    """Whether the sleep at `site` stands in a coroutine inside of a test whose task, worker or job is
    canceled with nothing but its start in between.
    """
    body = site.body
    inner = body.function_around(site.node)
    if not isinstance(inner, ast.AsyncFunctionDef) or inner is body.root:
        return False
    uses = [each for each in _named(inner.name, body) if inner not in body.upward(each)]
    made = body.parents.get(uses[0]) if len(uses) == 1 else None
    if isinstance(made, ast.Call) and made.func is uses[0]:
        made = body.parents.get(made)
    holder = body.parents.get(made) if isinstance(made, ast.Call) else None
    if not isinstance(made, ast.Call) or not last_name(made.func).endswith((*_MADE, *_STARTS)):
        return False
    target: ast.expr | None = holder.target if isinstance(holder, ast.AnnAssign) else None
    if isinstance(holder, ast.Assign) and len(holder.targets) == 1:
        target = holder.targets[0]
    if not isinstance(target, ast.Name) or holder is None:
        return False
    block = getattr(body.parents.get(holder), "body", [])
    following = block[block.index(holder) + 1 :][:2] if holder in block else []
    for each in following:
        call = each.value if isinstance(each, ast.Expr) else None
        if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Attribute):
            return False
        if not isinstance(call.func.value, ast.Name) or call.func.value.id != target.id:
            return False
        if call.func.attr == "cancel":
            return True
    return False


def is_in_canceled_group(site: Site) -> bool:
    """Whether the sleep at `site` is handed to a group of tasks, `nursery.start_soon(sleep, 5)`, that the
    same function cancels.
    """
    call = site.body.parents.get(site.node)
    if not isinstance(call, ast.Call) or last_name(call.func) != "start_soon":
        return False
    group = chain(call.func).rpartition(".")[0]
    return any(
        chain(each.func) == f"{group}.cancel_scope.cancel" and each.lineno > call.lineno
        for each in site.body.calls
    )


def is_task_of_object(site: Site, module: Module) -> bool:
    """Whether the sleep at `site` stands in a coroutine of a class that is used only as a task, which the
    object keeps and cancels: `self.beats = create_task(self.beat())`, and elsewhere `self.beats.cancel()`,
    and awaits after that at most.
    """
    definition = site.definition
    if definition is None or not definition.classes or not isinstance(definition.node, ast.AsyncFunctionDef):
        return False
    if site.body.function_around(site.node) is not definition.node:
        return False
    text = module.text
    name = definition.node.name
    if f"(self.{name}(" not in text or ".cancel(" not in text:
        return False
    kept = re.findall(rf"\bself\.(\w+) ?= ?[\w.()]{{0,60}}\b(?:{'|'.join(_STARTS)})\(\s*self\.{name}\(", text)
    uses = re.findall(rf"\b{name}\b", text)
    if len(kept) != 1 or len(uses) != 2:
        return False
    cancels = f"self.{kept[0]}.cancel("
    awaited = (each.start() for each in re.finditer(rf"\bawait\b[^\n]*\bself\.{kept[0]}\b", text))
    return cancels in text and all(cancels in text[max(0, at - _SHORTLY) : at] for at in awaited)


def _awaited(node: ast.AST, body: Body) -> ast.AST:
    holder = body.parents.get(node)
    return holder if isinstance(holder, ast.Await) else node


def _named(name: str, body: Body) -> Iterator[ast.Name]:
    for each in body.parents:
        if isinstance(each, ast.Name) and each.id == name:
            yield each


def _start(use: ast.Name, body: Body) -> ast.Call | None:
    """The call that starts what is used: `create_task(work())`."""
    made = body.parents.get(use)
    start = body.parents.get(made) if isinstance(made, ast.Call) and made.func is use else None
    is_start = isinstance(start, ast.Call) and made in start.args and last_name(start.func) in _STARTS
    return start if is_start else None  # type: ignore[return-value]


def _is_of_group(start: ast.Call, body: Body) -> bool:
    """Whether what starts the task is entered around, and so waits for it at its end."""
    base = start.func.value if isinstance(start.func, ast.Attribute) else None
    entered = {
        item.optional_vars.id
        for block in body.blocks
        if isinstance(block, ast.With | ast.AsyncWith)
        for item in block.items
        if isinstance(item.optional_vars, ast.Name)
    }
    return isinstance(base, ast.Name) and base.id in entered


def _is_passive(use: ast.Name, body: Body) -> bool:
    """Whether this use of a task waits for nothing, as `task.done()` and `task in tasks` do."""
    holder = body.parents.get(use)
    if isinstance(holder, ast.Attribute):
        return holder.attr in _PASSIVE
    for parent in body.upward(use):
        if isinstance(parent, ast.Compare):
            return True
        if not isinstance(parent, ast.List | ast.Tuple | ast.Set) or isinstance(parent, FUNCTIONS):
            return False
    return False
