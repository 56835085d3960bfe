"""Code that no usual test run reaches: `if __name__ == "__main__"`, other systems, old Pythons, failures."""

import ast
import itertools
import re
from collections.abc import Iterator
from typing import Final

from lapwing.lint.body import Body
from lapwing.lint.chains import chain, last_name
from lapwing.lint.condition import is_main_guard, verdict
from lapwing.lint.expected_error import expected_errors
from lapwing.lint.failure import is_failure
from lapwing.lint.place import Place
from lapwing.lint.scope import FUNCTIONS, Function
from lapwing.lint.skipping import is_skip, skips

_CANCELED: Final = re.compile(r"(?:^|\.)(?:CancelledError|Cancelled|GreenletExit)$")
_REMOVALS: Final = frozenset(
    {"rmtree", "remove", "unlink", "rmdir", "removedirs", "rename", "replace", "move", "rmpath", "chmod"}
)
_LOOKS: Final = frozenset(
    {"exists", "lexists", "isfile", "isdir", "islink", "is_file", "is_dir", "is_symlink"}
)
_BINDINGS: Final = re.compile(r"(?:Threading|Forking)?(?:TCP|UDP|HTTP|XMLRPC|WSGI)Server|make_server|bind")
"""Calls that fail where an address is taken."""

_RETRY: Final = "retry"
_OF_DISK: Final = frozenset(
    {"OSError", "IOError", "EnvironmentError", "PermissionError", "FileNotFoundError", "WindowsError"}
)
_DOWNLOADS: Final = re.compile(r"(?i)download|urlretrieve")
_MISTAKES: Final = frozenset(
    {
        *("ValueError", "TypeError", "KeyError", "IndexError", "AttributeError", "ZeroDivisionError"),
        *("NotImplementedError", "ImportError", "ModuleNotFoundError", "FileNotFoundError"),
    }
)
"""Errors that come at once, and are not what a wait is for."""

_REFUSALS: Final = frozenset(
    {
        *("ValueError", "TypeError", "OverflowError", "NotImplementedError", "AttributeError"),
        *("FileNotFoundError", "NotADirectoryError", "PermissionError", "OSError", "IOError"),
        *("UnicodeError", "UnicodeEncodeError", "UnicodeDecodeError"),
    }
)
"""What a process that cannot be started raises, rather than one that has been."""

_NO_PROGRAM: Final = re.compile(
    r"(?i)(?:command|program|exec\w*|binary|tool)_?not_?(?:found|installed)|cannot_?exec|not_?executable"
)
"""Words in the names of a project's own errors of that kind."""


def is_dead(node: ast.AST, body: Body, place: Place) -> bool:
    """Whether a test run never comes to `node`."""
    child = node
    for parent in body.upward(node):
        if isinstance(parent, ast.If):
            always = verdict(parent.test, place)
            if (always is False and child in parent.body) or (always is True and child in parent.orelse):
                return True
        if isinstance(parent, ast.BoolOp) and _is_cut_off(child, parent, place):
            return True
        if hasattr(parent, "body") and isinstance(child, ast.stmt) and _after_exit(child, parent, place):
            return True
        child = parent
    return isinstance(body.root, ast.If) and is_main_guard(body.root.test) and not body.module.is_script


def _is_cut_off(child: ast.AST, parent: ast.BoolOp, place: Place) -> bool:
    """Whether what stands before `child` decides `and` or `or` already."""
    before = itertools.takewhile(lambda each: each is not child, parent.values)
    decisive = isinstance(parent.op, ast.Or)
    return any(verdict(each, place) is decisive for each in before)


def is_on_failure(node: ast.AST, body: Body) -> bool:
    """Whether `node` stands in an `except` that is no retry: no loop of the same function is around it; or in
    a function that asks which exception is being handled; or in a branch that fails in the end, or where a
    function does that has returned before if all is well.
    """
    in_handler = False
    child = node
    for parent in body.upward(node):
        if isinstance(parent, ast.ExceptHandler):
            if not (_is_of_cancellation(parent) or _is_raised_before(parent, body)):
                in_handler = True
                if _is_of_failure_alone(body.parents.get(parent), body):
                    return True
        elif isinstance(parent, ast.If) and any(
            _fails(branch, node) for branch in (parent.body, parent.orelse)
        ):
            return True
        elif isinstance(parent, ast.While | ast.For | ast.AsyncFor):
            if child in parent.orelse and _raises(parent.orelse[-1]):
                return True
            if in_handler:
                return False
            tried = _left_before(child, parent.body)
            if tried is not None and _is_of_failure_alone(tried, body):
                return True
        elif isinstance(parent, FUNCTIONS):
            return (
                in_handler
                or _is_past_success(parent, child)
                or any(
                    chain(each.func) == "sys.exc_info"
                    and body.function_around(each) is parent
                    and not _is_in_handler(each, body)
                    for each in body.calls
                )
            )
        child = parent
    return in_handler


def _is_of_cancellation(handler: ast.ExceptHandler) -> bool:
    """Whether an `except` catches that a task is canceled, which is how tests of that go."""
    return handler.type is not None and _CANCELED.search(chain(handler.type)) is not None


def _is_raised_before(handler: ast.ExceptHandler, body: Body) -> bool:
    """Whether the block of an `except` raises what it catches whatever comes."""
    caught = handler.type.elts if isinstance(handler.type, ast.Tuple) else [handler.type]
    names = {chain(each) for each in caught if each is not None}
    block = body.parents.get(handler)
    waiting = [*getattr(block, "body", ())]
    for statement in waiting:
        if isinstance(statement, ast.With | ast.AsyncWith):
            waiting += statement.body
        elif isinstance(statement, ast.Raise) and statement.exc is not None:
            raised = statement.exc.func if isinstance(statement.exc, ast.Call) else statement.exc
            if chain(raised) in names:
                return True
    return False


def _left_before(child: ast.AST, block: list[ast.stmt]) -> ast.Try | None:
    """The `try` before `child` in the body of a loop that is left where nothing fails."""
    at = next((at for at, each in enumerate(block) if each is child), 0)
    tried = (each for each in block[:at] if isinstance(each, ast.Try) and each.handlers)
    return next((each for each in tried if _leaves_loop(each.body) or _leaves_loop(each.orelse)), None)


def _leaves_loop(statements: list[ast.stmt]) -> bool:
    last = statements[-1] if statements else None
    if isinstance(last, ast.With | ast.AsyncWith):
        return _leaves_loop(last.body)
    return isinstance(last, ast.Return | ast.Break)


def _is_of_failure_alone(block: ast.AST | None, body: Body) -> bool:
    """Whether the errors of a `try` are those of what a usual run does not see fail: others come until
    something has started.
    """
    return block is not None and (
        _is_of_removal_or_binding(block)
        or _is_of_retry(block)
        or _is_of_download(block, body)
        or _is_of_disk(block, body)
    )


def _is_of_download(block: ast.AST, body: Body) -> bool:
    """Whether the loop around a `try` counts downloads by its names."""
    around = body.parents.get(block)
    counted = around.iter if isinstance(around, ast.For) else getattr(around, "test", None)
    return counted is not None and any(
        isinstance(each, ast.Name) and _DOWNLOADS.search(each.id) for each in ast.walk(counted)
    )


def _is_of_disk(block: ast.AST, body: Body) -> bool:
    """Whether a `try` stands in a function called like a retry, and runs what that is given until no error of
    the disk comes.
    """
    function = body.function_around(block)
    if function is None or _RETRY not in function.name or not isinstance(block, ast.Try):
        return False
    first = block.body[0]
    call = first.value if isinstance(first, ast.Return | ast.Expr) else None
    if not isinstance(call, ast.Call) or not isinstance(call.func, ast.Name):
        return False
    named = call.func.id
    return any(each.arg == named for each in function.args.args) and all(
        each.type is not None and chain(each.type) in _OF_DISK for each in block.handlers
    )


def _is_of_removal_or_binding(block: ast.AST) -> bool:
    """Whether a `try` takes files away or moves them, which on this system is possible, or binds the address
    of a server.
    """
    names = {
        last_name(inner.func)
        for statement in getattr(block, "body", ())
        for inner in ast.walk(statement)
        if isinstance(inner, ast.Call)
    }
    if not _REMOVALS.isdisjoint(names):
        return names <= _REMOVALS | _LOOKS
    return bool(names) and all(map(_BINDINGS.fullmatch, names))


def _is_of_retry(block: ast.AST) -> bool:
    """Whether a `try` calls what a decorator wraps, `function(*args, **kwargs)`, or a download."""
    for statement in getattr(block, "body", ()):
        for inner in ast.walk(statement):
            if isinstance(inner, ast.Call):
                is_wrapped = any(isinstance(each, ast.Starred) for each in inner.args) and any(
                    each.arg is None for each in inner.keywords
                )
                if is_wrapped or _DOWNLOADS.search(last_name(inner.func)):
                    return True
    return False


def _is_in_handler(node: ast.AST, body: Body) -> bool:
    return any(isinstance(parent, ast.ExceptHandler) for parent in body.upward(node))


def dead_blocks(statements: list[ast.stmt], place: Place) -> Iterator[tuple[int, int]]:
    """The first and last lines of the branches that a test run never comes to, of `if` statements outside
    functions and classes.
    """
    for statement in statements:
        if isinstance(statement, ast.If):
            always = verdict(statement.test, place)
            for branch, is_dead_branch in (
                (statement.body, always is False),
                (statement.orelse, always is True),
            ):
                if branch and is_dead_branch:
                    yield branch[0].lineno, branch[-1].end_lineno or branch[-1].lineno
                else:
                    yield from dead_blocks(branch, place)


def _fails(branch: list[ast.stmt], node: ast.AST) -> bool:
    """Whether `node` stands in `branch`, and that ends with a failure of the test."""
    last = branch[-1] if branch else None
    if last is None or not is_failure(last):
        return False
    return branch[0].lineno <= getattr(node, "lineno", 0) <= last.lineno


def _raises(statement: ast.stmt) -> bool:
    """Whether a statement raises an error, or makes the test fail."""
    return isinstance(statement, ast.Raise) or is_failure(statement)


def _is_past_success(function: Function, child: ast.AST) -> bool:
    """Whether a function fails after its statement `child`, and returns where all is well, before it only."""
    if not is_failure(function.body[-1]) or isinstance(child, ast.While | ast.For | ast.AsyncFor):
        return False
    at = next((at for at, each in enumerate(function.body) if each is child), None)
    return (
        at is not None
        and any(map(_has_return, function.body[:at]))
        and not any(map(_has_return, function.body[at:]))
    )


def _has_return(statement: ast.stmt) -> bool:
    return any(isinstance(each, ast.Return) for each in ast.walk(statement))


def is_refused(node: ast.AST, body: Body) -> bool:
    """Whether `node` stands alone in a `with raises(…)` that expects it to be refused before it starts."""
    child = node
    for parent in body.upward(node):
        if isinstance(parent, ast.With) and parent.body == [child] and _expects_refusal(parent):
            return True
        child = parent
    return False


def _expects_refusal(block: ast.With) -> bool:
    return any(map(is_refusal, expected_errors(block)))


def is_behind_error(node: ast.AST, body: Body) -> bool:
    """Whether `node` is the last statement of a `with raises(…)` that expects an error of what stands before
    it there.
    """
    statement = body.parents.get(node)
    if isinstance(statement, ast.Await):
        statement = body.parents.get(statement)
    block = body.parents.get(statement) if isinstance(statement, ast.Expr) else None
    if not isinstance(block, ast.With) or len(block.body) < 2 or block.body[-1] is not statement:
        return False
    return any(last_name(each) in _MISTAKES for each in expected_errors(block))


def is_refusal(expected: ast.expr) -> bool:
    """Whether what is expected to be raised are errors of something that does not start."""
    names = expected.elts if isinstance(expected, ast.Tuple) else [expected]
    return all(
        last_name(name) in _REFUSALS or _NO_PROGRAM.search(last_name(name)) is not None for name in names
    )


def _after_exit(child: ast.stmt, parent: ast.AST, place: Place) -> bool:
    """Whether `child` follows, in its block of a function, a return, raise or skip that always comes."""
    if isinstance(parent, ast.Module | ast.ClassDef):
        return False
    for name in ("body", "orelse", "finalbody"):
        block = getattr(parent, name, ())
        if child in block:
            return any(_leaves(each, place) for each in block[: block.index(child)])
    return False


def _leaves(statement: ast.stmt, place: Place) -> bool:
    if isinstance(statement, ast.If):
        is_end = any(isinstance(each, ast.Return | ast.Raise) or is_skip(each) for each in statement.body)
        return is_end and verdict(statement.test, place) is True
    return isinstance(statement, ast.Return | ast.Raise) or skips(statement, place)
