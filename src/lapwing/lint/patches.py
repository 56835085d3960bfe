"""What a piece of code replaces: `mock.patch` in its forms, monkeypatch, mocker, stubs, plain assignment.

Every patch is its target's dotted name and the lines in which it holds. An object whose name cannot be
told becomes `?`: `patch.object(job, "sleep")` is `?.sleep` and replaces nothing that lint knows.
"""

import ast
import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from lapwing.lint.body import Body
from lapwing.lint.calls import HTTP
from lapwing.lint.chains import chain, last_name
from lapwing.lint.constant import text
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.scope import FUNCTIONS

OWN_MODULE: Final = "<this module>"
"""Stands for `__name__` in a target."""

_PATCHING: Final = re.compile(
    r"(?i)patch|mock|stub|[sd]e[tl]attr|replace|swap|fake|override|intercept|inject"
)
_OF_PATCH: Final = frozenset({"object", "multiple"})
"""Attributes of `patch` that replace something."""

IN_MODULES: Final = "sys.modules"
"""Begins the target of a patch that puts another module in the place of one, for those who import it then."""

_OF_TABLE: Final = frozenset({"dict", "setitem"})
"""Attributes of `patch` and monkeypatch that change a table in place."""

_ENTERING: Final = frozenset({"enter_context", "enter_async_context"})
_UNDONE: Final = ".undo()"
_STOPPED: Final = ".stop()"
_NO_PATCHES: Final = frozenset({"dict", "spy", "spy_return", "Mock", "MagicMock", "AsyncMock", "context"})
_FLEXMOCK: Final = "should_receive"
_STUBS: Final = "Set"
"""The method with which the stubs of mox replace something."""

_WHEN: Final = "when"
"""The function of mockito: `when(time).sleep(…)` replaces `time.sleep`."""

_SURE: Final = _OF_PATCH | _OF_TABLE | {_FLEXMOCK, _STUBS, _WHEN}
_DOTTED: Final = re.compile(r"[A-Za-z_<][\w <>]*(?:\.\w+)+")
_LAST: Final = 1_000_000_000


class Patch(NamedTuple):
    """One replacement, and the first and last line in which it holds."""

    target: str
    first: int
    last: int
    written: str  # how it stands in the code, for messages
    calls_real: bool = False  # a spy, or `wraps=` of the real thing
    starts_here: bool = False  # holds from its line on, also after the function that made it


def patches_in(body: Body) -> list[Patch]:
    """All patches that `body` makes, in decorators, `with` items and statements. The list is kept: it is not
    to be changed.
    """
    if body.patches is None:
        body.patches = _patches_in(body)
    return body.patches


def _patches_in(body: Body) -> list[Patch]:
    found: list[Patch] = []
    for call in body.calls:
        if not _may_patch(call):
            continue
        there = Place(body.module, body.scope_of(call), call.lineno, nothing_given)
        targets = targets_of(call, there)
        if not targets and last_name(call.func) == _WHEN:
            targets = _of_when(call, body.parents.get(call), there)
        if targets:
            first, last, starts_here = _region(call, body)
            written = chain(call.func)
            calls_real = _calls_real(call, targets, there._replace(line=0))
            found += [Patch(each, first, last, written, calls_real, starts_here) for each in targets]
    for assignment in body.assignments:
        for target in assignment.targets:
            if isinstance(target, ast.Attribute):
                there = Place(body.module, body.scope_of(assignment), assignment.lineno, nothing_given)
                dotted = there.dotted(target)
                if (
                    dotted
                    and ("(" not in dotted or dotted in HTTP)
                    and there.dotted(assignment.value) != dotted
                ):
                    back = _given_back(dotted, assignment, body)
                    end = back or _end(body.function_around(assignment) or body.root)
                    written = f"{dotted} = …"
                    found.append(Patch(dotted, assignment.lineno, end, written, starts_here=back is None))
    found += _named_patchers(body)
    return found


def _may_patch(call: ast.Call) -> bool:
    """Whether the last name of what is called sounds like a patch."""
    last = last_name(call.func)
    return last in _SURE or _sounds_patching(last)


@lru_cache(maxsize=10_000)
def _sounds_patching(name: str) -> bool:
    return name not in _NO_PATCHES and _PATCHING.search(name) is not None


def targets_of(call: ast.Call, place: Place) -> list[str]:
    """The dotted names that a call replaces; none where it is no patch."""
    last = last_name(call.func)
    if last == _FLEXMOCK:
        return _of_flexmock(call, place)
    if last in _OF_TABLE:
        return [*_of_modules(call, place)] if "patch" in chain(call.func) else []
    if last in _OF_PATCH:
        if "patch" not in chain(call.func):
            return []
    elif not (_sounds_patching(last) or (last == _STUBS and "stubs" in chain(call.func))):
        return []
    if not call.args:
        return _keyword_target(call, place)
    if last == "multiple":
        base = _target_text(call.args[0], place) or place.dotted(call.args[0]) or "?." + chain(call.args[0])
        return [f"{base}.{each.arg}" for each in call.keywords if each.arg]
    plain = _target_text(call.args[0], place)
    second = call.args[1] if len(call.args) > 1 else None
    if plain is not None:
        return [plain] if _DOTTED.fullmatch(plain) else []
    name = text(second, place) if second is not None else None
    if name is None or not name.isidentifier():
        name = next(
            (text(each.value, place) for each in call.keywords if each.arg in ("attribute", "name")), None
        )
    if name is None or not name.isidentifier():
        return []
    thing = OWN_MODULE if _is_own_module(call.args[0]) else place.dotted(call.args[0])
    return [f"{thing or '?.' + chain(call.args[0])}.{name}"]


def _is_own_module(node: ast.expr) -> bool:
    """Whether this is `sys.modules[__name__]`."""
    return (
        isinstance(node, ast.Subscript)
        and isinstance(node.slice, ast.Name)
        and node.slice.id == "__name__"
        and chain(node.value) == IN_MODULES
    )


def _of_modules(call: ast.Call, place: Place) -> Iterator[str]:
    """`patch.dict(sys.modules, {"name": fake})` and `monkeypatch.setitem(sys.modules, "name", fake)`."""
    table = call.args[0] if len(call.args) > 1 else None
    written = table.value if isinstance(table, ast.Constant) else place.dotted(table) if table else None
    if written != IN_MODULES:
        return
    given = call.args[1]
    for each in given.keys if isinstance(given, ast.Dict) else [given]:
        if isinstance(each, ast.Constant) and isinstance(each.value, str):
            yield f"{IN_MODULES}.{each.value}"


def _of_flexmock(call: ast.Call, place: Place) -> list[str]:
    """`flexmock(thing).should_receive("name")`."""
    made = call.func.value if isinstance(call.func, ast.Attribute) else None
    if not isinstance(made, ast.Call) or not made.args or not call.args:
        return []
    base, name = place.dotted(made.args[0]), text(call.args[0], place)
    return [f"{base}.{name}"] if base and name else []


def _of_when(call: ast.Call, holder: ast.AST | None, place: Place) -> list[str]:
    """`when(thing).name(…)`."""
    base = place.dotted(call.args[0]) if len(call.args) == 1 else None
    return [f"{base}.{holder.attr}"] if base and isinstance(holder, ast.Attribute) else []


def _keyword_target(call: ast.Call, place: Place) -> list[str]:
    for keyword in call.keywords:
        if keyword.arg == "target":
            written = _target_text(keyword.value, place)
            return [written] if written and _DOTTED.fullmatch(written) else []
    return []


def _target_text(node: ast.expr, place: Place) -> str | None:
    """A target that is given as text; `__name__` in it becomes `OWN_MODULE`."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, str) else None
    if isinstance(node, ast.JoinedStr | ast.BinOp):
        parts = node.values if isinstance(node, ast.JoinedStr) else [node.left, node.right]
        written = ""
        for part in parts:
            inner = part.value if isinstance(part, ast.FormattedValue) else part
            if isinstance(inner, ast.Name) and inner.id == "__name__":
                written += OWN_MODULE
            else:
                known = text(inner, place)
                written += known if known is not None else place.dotted(inner) or "unknown"
        return written.split("%")[0] if "%" in written else written
    if isinstance(node, ast.IfExp):
        return _target_text(node.body, place) or _target_text(node.orelse, place)
    if isinstance(node, ast.Name | ast.Attribute) and place.dotted(node) is None:
        return text(node, place)
    return None


def _calls_real(call: ast.Call, targets: list[str], place: Place) -> bool:
    put = [*call.args[1:]]
    for keyword in call.keywords:
        if keyword.arg == "wraps":
            return True
        if keyword.arg in ("side_effect", "new", "value"):
            put.append(keyword.value)
    reals = [real for each in put if (real := place.dotted(each)) is not None]
    return any(each == real or each.endswith("." + real) for each in targets for real in reals)


def _region(call: ast.Call, body: Body) -> tuple[int, int, bool]:
    """First and last line in which the patch of `call` holds, and whether it holds from there on."""
    child: ast.AST = call
    entered_by = ""
    for parent in body.upward(call):
        if isinstance(parent, ast.withitem):
            block = body.parents[parent]
            if child is parent.context_expr and not _is_entered(call, child, body):
                return block.lineno, _end(block), False  # type: ignore[attr-defined]
        elif isinstance(parent, ast.Call) and last_name(parent.func) in _ENTERING:
            entered_by = chain(parent.func).partition(".")[0]
        elif isinstance(parent, ast.With | ast.AsyncWith) and (
            _is_context_of(parent, chain(call.func).partition(".")[0], "context")
            or (entered_by and _is_context_of(parent, entered_by, "Stack"))
        ):
            return call.lineno, _end(parent), False
        elif isinstance(parent, (*FUNCTIONS, ast.ClassDef)):
            if child in parent.decorator_list:
                return parent.lineno, _end(parent), False
            break
        child = parent
    return call.lineno, _stopped(call, body) or _end(body.function_around(call) or body.root), True


def _stopped(call: ast.Call, body: Body) -> int | None:
    """The line in which the function that patches undoes it, before its end: `monkeypatch.undo()`, or
    `patcher.stop()` of what `call` gave.
    """
    is_undone, is_stopped = _undoes(body.module.text)
    if not (is_undone or is_stopped):
        return None
    function = body.function_around(call)
    holder = body.parents.get(call)
    ends = {f"{chain(call.func).partition('.')[0]}.undo"} if is_undone else set()
    if isinstance(holder, ast.Assign) and is_stopped:
        ends.update(f"{each.id}.stop" for each in holder.targets if isinstance(each, ast.Name))
    for each in body.calls if ends else ():
        is_later = each.lineno > call.lineno and body.function_around(each) is function
        if is_later and chain(each.func) in ends and not _is_at_end(each, body):
            return each.lineno
    return None


@lru_cache(maxsize=64)
def _undoes(text: str) -> tuple[bool, bool]:
    """Whether a file undoes patches, and stops what patches."""
    return _UNDONE in text, _STOPPED in text


def _is_at_end(node: ast.AST, body: Body) -> bool:
    """Whether a call stands in a `finally`."""
    child = node
    for parent in body.upward(node):
        if isinstance(parent, ast.Try) and child in parent.finalbody:
            return True
        child = parent
    return False


def _given_back(dotted: str, assignment: ast.Assign, body: Body) -> int | None:
    """The line in which the function that assigns something to `dotted` gives it back what it was."""
    function = body.function_around(assignment)
    for each in body.assignments:
        if each.lineno > assignment.lineno and body.function_around(each) is function:
            there = Place(body.module, body.scope_of(each), each.lineno, nothing_given)
            targets = [there.dotted(to) for to in each.targets if isinstance(to, ast.Attribute)]
            if dotted in targets and there.dotted(each.value) == dotted:
                return each.lineno
    return None


def _is_context_of(block: ast.With | ast.AsyncWith, name: str, kind: str) -> bool:
    """Whether this is `with monkeypatch.context() as name`, or one of another `kind`, whose patches end with
    it.
    """
    return any(
        isinstance(item.optional_vars, ast.Name)
        and item.optional_vars.id == name
        and last_name(item.context_expr).endswith(kind)
        for item in block.items
    )


def _is_entered(call: ast.Call, context: ast.AST, body: Body) -> bool:
    """Whether `call` is only an argument somewhere inside a context expression that is no patch."""
    return (
        call is not context
        and not isinstance(body.parents.get(call), ast.withitem | ast.Tuple)
        and any(isinstance(parent, ast.Lambda) for parent in body.upward(call))
    )


def _named_patchers(body: Body) -> Iterator[Patch]:
    """`with patcher:` and `@patcher` where `patcher` is a name bound to a patch elsewhere."""
    module = body.module
    for node, first, last in _uses(body):
        if not isinstance(node, ast.Name | ast.Attribute):
            continue
        there = Place(module, body.scope_of(node), first, nothing_given)
        for value in _values_of(node, there):
            if isinstance(value, ast.Call):
                for target in targets_of(value, there._replace(scope=module.scope)):
                    yield Patch(target, first, last, chain(node))


def _values_of(node: ast.expr, place: Place) -> Iterator[ast.AST]:
    if isinstance(node, ast.Name):
        found = place.scope.lookup(node.id)
        for binding in found[1] if found else ():
            if binding.node is not None:
                yield binding.node
    else:
        for binding, _ in place.module.self_bindings(getattr(node, "attr", ""), place.scope):
            if binding.node is not None:
                yield binding.node


def _uses(body: Body) -> Iterator[tuple[ast.expr, int, int]]:
    for node in body.blocks:
        if isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                yield item.context_expr, node.lineno, _end(node)
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            for decorator in node.decorator_list:
                yield decorator, node.lineno, _end(node)


def _end(node: ast.AST) -> int:
    return getattr(node, "end_lineno", None) or _LAST
