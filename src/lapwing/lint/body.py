"""One function (or one statement outside functions) with the way up from each of its nodes."""

import ast
from collections.abc import Iterator
from typing import Final

from lapwing.lint.module import Module
from lapwing.lint.scope import FUNCTIONS, Scope, bind_statements

_SKIPPED: Final = frozenset({"ctx", "op", "ops", "type_comment", "kind"})
_FIELDS: Final[dict[type[ast.AST], tuple[str, ...]]] = {}
_SHORTEST_TEXT: Final = len("sleep(")
_OWN_SCOPE: Final = (*FUNCTIONS, ast.Lambda, ast.ClassDef)


class Body:
    """`root` and everything below it. `scope` is the one that `root` stands in."""

    def __init__(self, root: ast.stmt, module: Module, scope: Scope) -> None:
        self.root = root
        self.module = module
        self.scope = scope
        self.parents: dict[ast.AST, ast.AST] = {}
        self.calls: list[ast.Call] = []
        self.assignments: list[ast.Assign] = []
        self.texts: list[ast.Constant] = []  # strings long enough for a part of a program with a call
        self._scopes: dict[ast.AST, Scope] = {}
        self._walk()

    def _walk(self) -> None:
        parents, calls, assignments = self.parents, self.calls, self.assignments
        stack: list[ast.AST] = [self.root]
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ast.Constant:
                value = node.value  # type: ignore[attr-defined]
                if type(value) is str and len(value) >= _SHORTEST_TEXT:
                    self.texts.append(node)  # type: ignore[arg-type]
                continue
            if kind is ast.Call:
                calls.append(node)  # type: ignore[arg-type]
            elif kind is ast.Assign:
                assignments.append(node)  # type: ignore[arg-type]
            for name in _fields(kind):
                child = getattr(node, name, None)
                if child is None:
                    continue
                if type(child) is list:
                    for each in child:
                        if isinstance(each, ast.AST):
                            parents[each] = node
                            stack.append(each)
                elif isinstance(child, ast.AST):
                    parents[child] = node
                    stack.append(child)
        calls.sort(key=_position)

    def upward(self, node: ast.AST) -> Iterator[ast.AST]:
        """The nodes around `node`, nearest first, up to `root`."""
        parent = self.parents.get(node)
        while parent is not None:
            yield parent
            parent = self.parents.get(parent)

    def scope_of(self, node: ast.AST) -> Scope:
        """The scope that a name at `node` is looked up from."""
        owner = node if isinstance(node, _OWN_SCOPE) else self._owner_above(node)
        return self.scope if owner is None else self._scope_in(owner)

    def _owner_above(self, node: ast.AST) -> ast.AST | None:
        """The nearest function or class in whose scope `node` stands."""
        inner = node
        for parent in self.upward(node):
            if isinstance(parent, _OWN_SCOPE) and not _is_outside(parent, inner):
                return parent
            inner = parent
        return None

    def _scope_in(self, owner: ast.AST) -> Scope:
        known = self._scopes.get(owner)
        if known is not None:
            return known
        above = self._owner_above(owner)
        scope = self.scope if above is None else self._scope_in(above)
        if isinstance(owner, ast.ClassDef):
            own = self.module.class_scopes.get(owner)
            if own is None:
                own = self.module.class_scopes[owner] = Scope(owner, scope)
                bind_statements(owner.body, own, self.module.package)
            scope = own
        elif isinstance(owner, (*FUNCTIONS, ast.Lambda)):
            scope = self.module.function_scope(owner, scope)
        self._scopes[owner] = scope
        return scope

    def function_around(self, node: ast.AST) -> ast.FunctionDef | ast.AsyncFunctionDef | None:
        """The nearest function that `node` stands in."""
        for parent in self.upward(node):
            if isinstance(parent, FUNCTIONS):
                return parent
        return None


def body_of(root: ast.stmt, module: Module, scope: Scope) -> Body:
    """The body of `root`, walked once however many ask: rules and mocks look at the same functions."""
    known = module.bodies.get(root)
    if known is None:
        known = module.bodies[root] = Body(root, module, scope)
    assert isinstance(known, Body)
    return known


def _is_outside(owner: ast.AST, child: ast.AST) -> bool:
    """Whether `child` of a function or class is evaluated outside it: decorators, defaults, bases."""
    if isinstance(owner, ast.ClassDef):
        return child in owner.decorator_list or child in owner.bases
    if isinstance(owner, FUNCTIONS):
        return child in owner.decorator_list or child is owner.args
    return False


def _position(node: ast.Call) -> tuple[int, int]:
    return node.lineno, node.col_offset


def _fields(kind: type[ast.AST]) -> tuple[str, ...]:
    known = _FIELDS.get(kind)
    if known is None:
        known = _FIELDS[kind] = tuple(name for name in kind._fields if name not in _SKIPPED)
    return known
