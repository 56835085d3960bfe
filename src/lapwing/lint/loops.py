"""The loops around a sleep: how often they run, and what ends them."""

import ast
import re
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.chains import chain, last_name
from lapwing.lint.constant import number
from lapwing.lint.meanings import meanings
from lapwing.lint.place import Place
from lapwing.lint.scope import FUNCTIONS
from lapwing.lint.site import Wait

_MOST_ROUNDS: Final = 100_000
_CLOCK: Final = re.compile(
    r"(?i)(?:^|\.)(?:\w*(?:deadline|timeout|expire|time_?left|remaining|elapsed|max_?wait|retries|attempts|tries)\w*|"
    r"time\.time|\w*monotonic\w*|\w*perf_counter\w*|utcnow|now|timer|loop\.time|t0|t_end|t1)$"
)


_ENDLESS: Final = re.compile(r"^(?:itertools\.)?(?:count|cycle)$")


def wait_of(node: ast.AST, seconds: float | None, body: Body, place: Place) -> Wait:
    """The wait of a sleep at `node` of `seconds`, with the loops of its own function around it."""
    rounds = 1
    is_polling = has_deadline = False
    child = node
    for parent in body.upward(node):
        if isinstance(parent, (*FUNCTIONS, ast.Lambda)):
            break
        if isinstance(parent, ast.For | ast.AsyncFor) and child in parent.body:
            count = _rounds(parent.iter, place)
            if _leaves_early(parent):
                is_polling = True
                has_deadline = has_deadline or not _is_endless(parent.iter) or _watches_clock(parent)
            elif count is not None:
                rounds = min(_MOST_ROUNDS, rounds * max(1, count))
        elif isinstance(parent, ast.ListComp | ast.SetComp | ast.GeneratorExp) and child is parent.elt:
            for generator in parent.generators:
                rounds = min(_MOST_ROUNDS, rounds * max(1, _rounds(generator.iter, place) or 1))
        elif isinstance(parent, ast.While) and child in parent.body:
            is_polling = True
            has_deadline = has_deadline or _watches_clock(parent)
            span = _span(parent, place)
            if span is not None and seconds:
                rounds = min(_MOST_ROUNDS, max(rounds, int(span / seconds)))
        child = parent
    return Wait(seconds, rounds, is_polling, has_deadline)


def _span(loop: ast.While, place: Place) -> float | None:
    """The seconds of `while clock() < deadline` where `deadline` is `clock() + seconds` and nothing leaves
    the loop before.
    """
    test = loop.test
    if not isinstance(test, ast.Compare) or not isinstance(test.ops[0], ast.Lt | ast.LtE):
        return None
    if not _is_clock(test.left) or _own_exits(loop):
        return None
    for value, where in meanings(test.comparators[0], place):
        if isinstance(value, ast.BinOp) and isinstance(value.op, ast.Add) and _is_clock(value.left):
            return number(value.right, where)
    return None


def _is_clock(node: ast.expr) -> bool:
    return isinstance(node, ast.Call) and _CLOCK.search(chain(node.func)) is not None


def _rounds(iterated: ast.expr, place: Place) -> int | None:
    if isinstance(iterated, ast.Tuple | ast.List | ast.Set):
        return len(iterated.elts)
    if isinstance(iterated, ast.Call) and chain(iterated.func) in ("range", "xrange", "trange"):
        limits = [number(each, place) for each in iterated.args]
        known = [int(each) for each in limits if each is not None]
        if not known or len(known) != len(limits):
            return None
        try:
            return len(range(*known)) if len(known) <= 3 else None
        except (ValueError, OverflowError):
            return None
    for value, _ in meanings(iterated, place):
        if isinstance(value, ast.Tuple | ast.List | ast.Set):
            return len(value.elts)
    return None


def _leaves_early(loop: ast.For | ast.AsyncFor) -> bool:
    """Whether a `for` is a bounded poll: it ends with `break` or `return` when something has happened."""
    return any(_own_exits(loop))


def _own_exits(loop: ast.AST) -> list[ast.AST]:
    found: list[ast.AST] = []
    stack: list[ast.AST] = [*getattr(loop, "body", ())]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Break | ast.Return):
            found.append(node)
        elif not isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda, ast.For, ast.While, ast.AsyncFor)):
            stack += ast.iter_child_nodes(node)
    return found


def _is_endless(iterated: ast.expr) -> bool:
    """Whether a `for` goes on until it is left."""
    return isinstance(iterated, ast.Call) and _ENDLESS.search(chain(iterated.func)) is not None


def _watches_clock(loop: ast.While | ast.For | ast.AsyncFor) -> bool:
    """Whether a loop ends by the clock, a count of rounds, or by failing."""
    stack: list[ast.AST] = [loop.test] if isinstance(loop, ast.While) else []
    stack += loop.body
    while stack:
        node = stack.pop()
        if isinstance(node, (*FUNCTIONS, ast.ClassDef, ast.Lambda)):
            continue
        if isinstance(node, ast.Name | ast.Attribute) and _CLOCK.search(chain(node)):
            return True
        if isinstance(node, ast.AugAssign | ast.Raise):
            return True
        if isinstance(node, ast.Call) and last_name(node.func) in ("fail", "time"):
            return True
        stack += ast.iter_child_nodes(node)
    return False
