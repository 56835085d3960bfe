"""Names and what they are bound to, scope by scope. No evaluation: that is `resolve`'s.

A scope is a module, a class or a function. Names bound several times keep all bindings in order: a
test file that imports a name in `try` and again in `except` means either.
"""

import ast
from collections.abc import Iterable
from enum import Enum
from typing import Final, NamedTuple

Function = ast.FunctionDef | ast.AsyncFunctionDef
FUNCTIONS: Final = (ast.FunctionDef, ast.AsyncFunctionDef)


class How(Enum):
    """In which way a name got its value."""

    IMPORT = 1  # of a dotted name
    VALUE = 2  # of an expression
    ENTERED = 3  # `with expression as name`
    ITEM = 4  # `for name in expression`
    DEFINITION = 5  # def or class
    PARAMETER = 6  # with its default, or None
    OTHER = 7


class Binding(NamedTuple):
    """One way in which a name got its value."""

    how: How
    line: int
    dotted: str = ""  # for IMPORT
    node: ast.AST | None = None  # expression, definition or default
    part: int | None = None  # of each item, where a loop has several names: `for name, part in expression`


class Scope:
    """The bindings of one module, class or function."""

    __slots__ = ("bindings", "node", "outer")

    def __init__(self, node: ast.AST, outer: "Scope | None") -> None:
        self.node = node
        self.outer = outer
        self.bindings: dict[str, list[Binding]] = {}

    def add(self, name: str, binding: Binding) -> None:
        """Bind `name` once more."""
        self.bindings.setdefault(name, []).append(binding)

    def lookup(self, name: str) -> "tuple[Scope, list[Binding]] | None":
        """The scope that binds `name` as seen from here, and its bindings; classes are seen from inside
        only.
        """
        scope: Scope | None = self
        while scope is not None:
            found = scope.bindings.get(name)
            if found and (scope is self or not isinstance(scope.node, ast.ClassDef)):
                return scope, found
            scope = scope.outer
        return None

    def classes(self) -> list[ast.ClassDef]:
        """The classes around this scope, innermost first."""
        found = []
        scope: Scope | None = self
        while scope is not None:
            if isinstance(scope.node, ast.ClassDef):
                found.append(scope.node)
            scope = scope.outer
        return found


def bind_parameters(function: Function | ast.Lambda, scope: Scope) -> None:
    """Bind the parameters of `function` in its own `scope`."""
    arguments = function.args
    plain = [*arguments.posonlyargs, *arguments.args]
    defaults: list[ast.expr | None] = [None] * (len(plain) - len(arguments.defaults))
    defaults += arguments.defaults
    pairs = [*zip(plain, defaults, strict=True)]
    pairs += zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True)
    for parameter, default in pairs:
        scope.add(parameter.arg, Binding(How.PARAMETER, function.lineno, node=default))
    for rest in (arguments.vararg, arguments.kwarg):
        if rest is not None:
            scope.add(rest.arg, Binding(How.OTHER, function.lineno))


def bind_statements(statements: Iterable[ast.stmt], scope: Scope, package: str) -> None:
    """Bind what `statements` bind in `scope`, blocks included, functions and classes by name only.

    `package` is what a relative import starts from.
    """
    stack = [*statements][::-1]
    while stack:
        node = stack.pop()
        kind = type(node)
        if kind is ast.Expr:
            continue
        if kind is ast.Assign:
            for target in node.targets:  # type: ignore[attr-defined]
                _bind_target(target, How.VALUE, node.value, node.lineno, scope)  # type: ignore[attr-defined]
        elif kind is ast.AnnAssign:
            if node.value is not None:  # type: ignore[attr-defined]
                _bind_target(node.target, How.VALUE, node.value, node.lineno, scope)  # type: ignore[attr-defined]
        elif kind is ast.Import or kind is ast.ImportFrom:
            bind_import(node, scope, package)  # type: ignore[arg-type]
        elif isinstance(node, (*FUNCTIONS, ast.ClassDef)):
            scope.add(node.name, Binding(How.DEFINITION, node.lineno, node=node))
        elif isinstance(node, ast.With | ast.AsyncWith):
            for item in node.items:
                if item.optional_vars is not None:
                    _bind_target(item.optional_vars, How.ENTERED, item.context_expr, node.lineno, scope)
            stack += node.body[::-1]
        elif isinstance(node, ast.For | ast.AsyncFor):
            _bind_target(node.target, How.ITEM, node.iter, node.lineno, scope)
            stack += (node.body + node.orelse)[::-1]
        elif isinstance(node, ast.If | ast.While):
            stack += (node.body + node.orelse)[::-1]
        elif isinstance(node, ast.Try | ast.TryStar):
            handlers = [each for handler in node.handlers for each in handler.body]
            stack += (node.body + handlers + node.orelse + node.finalbody)[::-1]
        elif isinstance(node, ast.Match):
            stack += [each for case in node.cases for each in case.body][::-1]


def bind_import(node: ast.Import | ast.ImportFrom, scope: Scope, package: str) -> None:
    """Bind the names of one import statement."""
    if isinstance(node, ast.Import):
        for alias in node.names:
            dotted = alias.name if alias.asname else alias.name.partition(".")[0]
            name = alias.asname or dotted
            scope.add(name, Binding(How.IMPORT, node.lineno, dotted))
        return
    source = source_of(node, package)
    for alias in node.names:
        if alias.name != "*":
            dotted = f"{source}.{alias.name}" if source else alias.name
            scope.add(alias.asname or alias.name, Binding(How.IMPORT, node.lineno, dotted))


def source_of(node: ast.ImportFrom, package: str) -> str:
    """The dotted name of what names are imported from; `package` is what a relative import starts from."""
    source = node.module or ""
    if node.level:
        folders = package.split(".") if package else []
        base = folders[: len(folders) - (node.level - 1)] if node.level > 1 else folders
        source = ".".join([*base, *([source] if source else [])])
    return source


def _bind_target(target: ast.expr, how: How, value: ast.expr, line: int, scope: Scope) -> None:
    if isinstance(target, ast.Name):
        scope.add(target.id, Binding(how, line, node=value))
        return
    if isinstance(target, ast.Tuple | ast.List):
        parts = value.elts if isinstance(value, ast.Tuple | ast.List) else ()
        matched = how is How.VALUE and len(parts) == len(target.elts)
        for at, each in enumerate(target.elts):
            inner = each.value if isinstance(each, ast.Starred) else each
            if matched:
                _bind_target(inner, how, parts[at], line, scope)
            elif isinstance(inner, ast.Name):
                is_part = how is How.ITEM and not isinstance(each, ast.Starred)
                part = Binding(How.ITEM, line, node=value, part=at) if is_part else Binding(How.OTHER, line)
                scope.add(inner.id, part)
