"""One function (or one statement outside functions) with the way up from each of its nodes."""

import ast
from collections.abc import Callable, Iterator
from operator import attrgetter
from typing import Any, Final

from lapwing.lint.module import Module
from lapwing.lint.scope import FUNCTIONS, Scope, bind_statements

_SHORTEST_TEXT: Final = len("sleep(")
_OWN_SCOPE: Final = (*FUNCTIONS, ast.Lambda, ast.ClassDef)
_BLOCKS: Final = frozenset({*FUNCTIONS, ast.ClassDef, ast.With, ast.AsyncWith})
_NO_NODES: Final = frozenset(
    {
        "ctx",
        "op",
        "ops",
        "type_comment",
        "kind",
        "id",
        "attr",
        "arg",
        "asname",
        "module",
        "level",
        "conversion",
    }
)
"""Fields that hold no node, or one that says nothing."""


def _read_at_once(names: tuple[str, ...]) -> Callable[[ast.AST], tuple[Any, ...]]:
    """What reads these fields of a node: one call takes half the time of a `getattr` each."""
    if not names:
        return lambda node: ()
    read = attrgetter(*names)
    return read if len(names) > 1 else lambda node: (read(node),)


class _Children(dict[type, Callable[[ast.AST], tuple[Any, ...]]]):
    """Type -> what gives the values of the fields of such nodes that may hold nodes."""

    def __missing__(self, kind: type) -> Callable[[ast.AST], tuple[Any, ...]]:
        read = self[kind] = _read_at_once(_FIELDS[kind] or ())
        return read


class _Fields(dict[type, tuple[str, ...] | None]):
    """Type -> the fields of such nodes that may hold nodes; None for what is no node."""

    def __missing__(self, kind: type) -> tuple[str, ...] | None:
        fields = None
        if issubclass(kind, ast.AST):
            fields = tuple(name for name in kind._fields if name not in _NO_NODES)
        self[kind] = fields
        return fields


_FIELDS: Final = _Fields({ast.Constant: ()})
_CHILDREN: Final = _Children()


class Body:
    """`root` and everything below it. `scope` is the one that `root` stands in."""

    def __init__(self, root: ast.stmt, module: Module, scope: Scope) -> None:
        self.root = root
        self.module = module
        self.scope = scope
        self.parents: dict[ast.AST, ast.AST] = {}
        self.calls: list[ast.Call] = []
        self.assignments: list[ast.Assign] = []
        self.blocks: list[ast.AST] = []  # functions, classes and `with`, `root` first where it is one
        self.texts: list[ast.Constant] = []  # strings long enough for a part of a program with a call
        self.patches: list[Any] | None = None  # of `patches_in`
        self._scopes: dict[ast.AST, Scope] = {}
        self._owners: dict[ast.AST, ast.AST | None] = {}
        self._walk()

    def _walk(self) -> None:
        parents, calls, fields_of, children_of = self.parents, self.calls, _FIELDS, _CHILDREN
        if type(self.root) in _BLOCKS:
            self.blocks.append(self.root)
        stack: list[ast.AST] = [self.root]
        while stack:
            node = stack.pop()
            kind = type(node)
            if kind is ast.Constant:
                self.texts.append(node)  # type: ignore[arg-type]
                continue
            if kind is ast.Call:
                calls.append(node)  # type: ignore[arg-type]
            elif kind is ast.Assign:
                self.assignments.append(node)  # type: ignore[arg-type]
            for child in children_of[kind](node):
                for each in child if type(child) is list else (child,):
                    kind = type(each)
                    fields = fields_of[kind]
                    if fields is None:
                        continue
                    parents[each] = node
                    if fields:
                        stack.append(each)
                        if kind in _BLOCKS:
                            self.blocks.append(each)
                    elif kind is ast.Constant:
                        value = each.value
                        if type(value) is str and len(value) >= _SHORTEST_TEXT:
                            stack.append(each)
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
        owner: ast.AST | None = None
        passed: list[ast.AST] = []
        inner = node
        for parent in self.upward(node):
            if isinstance(parent, _OWN_SCOPE):
                if not _is_outside(parent, inner):
                    owner = parent
                    break
            elif parent in self._owners:
                owner = self._owners[parent]
                break
            else:
                passed.append(parent)
            inner = parent
        for each in passed:
            self._owners[each] = owner
        return owner

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
