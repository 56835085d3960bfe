"""One parsed test file: its functions, classes, fixtures and scopes, and the names they resolve to.

Dotted names are texts such as `time.sleep`; `requests.Session().get` is the method of what a call
gives. Resolution never evaluates; what cannot be told is None.
"""

import ast
from collections.abc import Iterator
from functools import cached_property
from typing import Final, NamedTuple, TypeGuard

from lapwing.lint.calls import CLASSES, KNOWN, SLEEPS, canonical
from lapwing.lint.kept_parameter import kept_parameter, with_value
from lapwing.lint.scope import (
    FUNCTIONS,
    Binding,
    Function,
    How,
    Scope,
    bind_parameters,
    bind_statements,
    source_of,
)

_DEEPEST: Final = 12  # steps from name to name; real code needs three
_LONGEST: Final = 400  # characters of a dotted name; longer ones are made by chains of calls


class _Blocks(dict[type[ast.AST], tuple[str, ...]]):
    """Type of nodes -> the fields that hold their blocks."""

    def __missing__(self, kind: type[ast.AST]) -> tuple[str, ...]:
        names = ("body", "orelse", "finalbody", "handlers", "cases")
        fields = self[kind] = tuple(each for each in names if each in kind._fields)
        return fields


_BLOCKS: Final = _Blocks()


class Definition(NamedTuple):
    """A function that stands in a module or in classes of it, not in another function."""

    node: Function
    classes: tuple[ast.ClassDef, ...]  # outermost first
    scope: Scope  # that it is bound in

    @property
    def qualified_name(self) -> str:
        """Such as `TestCase.test_x`."""
        return ".".join([*(each.name for each in self.classes), self.node.name])


class Module:
    """A parsed file. `stem` is its module name without packages, `package` the dotted folder around it."""

    def __init__(self, tree: ast.Module, *, text: str, path: str, stem: str, package: str = "") -> None:
        self.tree = tree
        self.text = text
        self.path = path
        self.stem = stem
        self.is_script = False  # a test runs the file as a program
        self.package = package
        self.scope = Scope(tree, None)
        self.definitions: list[Definition] = []
        self.loose: list[
            tuple[ast.stmt, tuple[ast.ClassDef, ...], Scope]
        ] = []  # statements outside functions
        self.class_scopes: dict[ast.ClassDef, Scope] = {}
        self.bodies: dict[ast.stmt, object] = {}  # of `body_of`
        self._function_scopes: dict[ast.AST, Scope] = {}
        self._self_values: dict[ast.ClassDef, dict[str, list[Binding]]] = {}
        bind_statements(tree.body, self.scope, package)
        self._divide(tree.body, (), self.scope)
        self._outer_classes = len(self.class_scopes)

    def forget_bodies(self) -> None:
        """Let go what was found by walking functions."""
        self.bodies.clear()
        for owner in [*self.class_scopes][self._outer_classes :]:
            del self.class_scopes[owner]

    def _divide(self, statements: list[ast.stmt], classes: tuple[ast.ClassDef, ...], scope: Scope) -> None:
        """Sort statements into definitions and loose ones, descending into blocks and classes."""
        for node in statements:
            if isinstance(node, FUNCTIONS):
                self.definitions.append(Definition(node, classes, scope))
            elif isinstance(node, ast.ClassDef):
                inner = Scope(node, scope)
                self.class_scopes[node] = inner
                bind_statements(node.body, inner, self.package)
                if len(classes) < _DEEPEST:
                    self._divide(node.body, (*classes, node), inner)
            elif isinstance(node, ast.If | ast.Try | ast.With) and _holds_definition(node):
                for block in _blocks(node):
                    self._divide(block, classes, scope)
            elif not isinstance(node, ast.Import | ast.ImportFrom):
                self.loose.append((node, classes, scope))

    @cached_property
    def stars(self) -> tuple[str, ...]:
        """The dotted names of the modules all of whose names this one imports."""
        return tuple(
            source_of(node, self.package)
            for node in self.tree.body
            if isinstance(node, ast.ImportFrom) and any(each.name == "*" for each in node.names)
        )

    @cached_property
    def import_lines(self) -> frozenset[int]:
        """The lines of import statements, wherever they stand."""
        lines: set[int] = set()
        waiting: list[ast.AST] = [self.tree]
        while waiting:
            for each in statements_below(waiting.pop()):
                if isinstance(each, ast.Import | ast.ImportFrom):
                    lines.update(range(each.lineno, (each.end_lineno or each.lineno) + 1))
                elif isinstance(each, (*FUNCTIONS, ast.ClassDef)):
                    waiting.append(each)
        return frozenset(lines)

    def function_scope(self, node: Function | ast.Lambda, outer: Scope) -> Scope:
        """The scope of a function whose definition stands in `outer`."""
        scope = self._function_scopes.get(node)
        if scope is None:
            scope = self._function_scopes[node] = Scope(node, outer)
            bind_parameters(node, scope)
            if not isinstance(node, ast.Lambda):
                bind_statements(node.body, scope, self.package)
                for name in _outer_names(node):
                    scope.bindings.pop(name, None)
        return scope

    def dotted(self, node: ast.AST | None, scope: Scope, *, line: int = 0, steps: int = 0) -> str | None:
        """The canonical dotted name that an expression stands for, or None.

        `line` is where it is used: bindings of a function that come later are passed over.
        """
        if steps > _DEEPEST:
            return None
        if isinstance(node, ast.Name):
            return self._name(node.id, scope, line or node.lineno, steps)
        if isinstance(node, ast.Attribute):
            if is_own_attribute(node):
                return self._self_attribute(node.attr, scope, steps)
            base = self.dotted(node.value, scope, line=line, steps=steps + 1)
            return attribute_of(base, node.attr) if base else None
        if isinstance(node, ast.Call):
            return self._call(node, scope, line, steps)
        if isinstance(node, ast.Await):
            return self.dotted(node.value, scope, line=line, steps=steps + 1)
        if isinstance(node, ast.NamedExpr):
            return self.dotted(node.value, scope, line=line, steps=steps + 1)
        return None

    def definition(self, node: ast.AST, scope: Scope) -> tuple[ast.AST, Scope] | None:
        """The def or class in this file that a name or `self.name` means, and the scope it stands in."""
        if isinstance(node, ast.Name):
            found = scope.lookup(node.id)
            if found is not None:
                for binding in found[1]:
                    if binding.how is How.DEFINITION and binding.node is not None:
                        return binding.node, found[0]
                    other = binding.node if binding.how is How.VALUE else None
                    if isinstance(other, ast.Name) and other.id != node.id:
                        return self.definition(other, found[0])
        elif is_own_attribute(node):
            for owner in self.class_family(scope):
                inner = self.class_scopes[owner]
                for binding in inner.bindings.get(node.attr, ()):
                    if binding.how is How.DEFINITION and binding.node is not None:
                        return binding.node, inner
        return None

    def class_family(self, scope: Scope) -> Iterator[ast.ClassDef]:
        """The classes around `scope`, and their bases in this file, nearest first."""
        seen: set[ast.ClassDef] = set()
        waiting = scope.classes()
        while waiting:
            owner = waiting.pop(0)
            if owner in seen or owner not in self.class_scopes:
                continue
            seen.add(owner)
            yield owner
            for base in owner.bases:
                found = self.definition(base, self.class_scopes[owner].outer or self.scope)
                if found is not None and isinstance(found[0], ast.ClassDef):
                    waiting.append(found[0])

    def self_bindings(self, name: str, scope: Scope) -> Iterator[tuple[Binding, Scope]]:
        """What `self.name` is bound to in the classes around `scope`: class attributes, then assignments."""
        for owner in self.class_family(scope):
            inner = self.class_scopes[owner]
            for binding in inner.bindings.get(name, ()):
                yield binding, inner
            for binding in self._assigned_to_self(owner).get(name, ()):
                yield binding, inner

    def _assigned_to_self(self, owner: ast.ClassDef) -> dict[str, list[Binding]]:
        found = self._self_values.get(owner)
        if found is None:
            found = self._self_values[owner] = {}
            for method in owner.body:
                if isinstance(method, FUNCTIONS):
                    for node in statements_below(method):
                        if isinstance(node, ast.Assign):
                            for target in node.targets:
                                if is_own_attribute(target):
                                    value = _default_of(node.value, method)
                                    binding = Binding(How.VALUE, node.lineno, node=value)
                                    found.setdefault(target.attr, []).append(binding)
        return found

    def _name(self, name: str, scope: Scope, line: int, steps: int) -> str | None:
        found = scope.lookup(name)
        if found is None:
            starred = (canonical(f"{source}.{name}") for source in self.stars)
            return next((each for each in starred if each in KNOWN), None)
        where, bindings = found
        is_local = where is scope and isinstance(where.node, FUNCTIONS)
        ordered = bindings
        if is_local and len(bindings) > 1:
            earlier = [each for each in bindings if each.line <= line]
            ordered = earlier[::-1] or bindings
        for binding in ordered:
            dotted = self._binding(binding, where, steps)
            if dotted is not None:
                return dotted
            if is_local and len(bindings) > 1 and binding.how is not How.OTHER:
                return None
        return None

    def _binding(self, binding: Binding, scope: Scope, steps: int) -> str | None:
        if binding.how is How.IMPORT:
            return canonical(binding.dotted)
        if binding.how in (How.VALUE, How.ENTERED, How.PARAMETER) and binding.node is not None:
            return self.dotted(binding.node, scope, line=binding.line, steps=steps + 1)
        if binding.how is How.DEFINITION and isinstance(binding.node, ast.ClassDef):
            return self._base_of(binding.node, scope, steps)
        return None

    def _base_of(self, owner: ast.ClassDef, scope: Scope, steps: int) -> str | None:
        """A class of this file counts as the class of processes or clients that it derives from."""
        for base in owner.bases:
            dotted = self.dotted(base, scope, steps=steps + 1)
            if dotted in CLASSES:
                return dotted
        return None

    def _self_attribute(self, name: str, scope: Scope, steps: int) -> str | None:
        for binding, inner in self.self_bindings(name, scope):
            dotted = self._binding(binding, inner, steps + 1)
            if dotted is not None:
                return dotted
        return None

    def _call(self, node: ast.Call, scope: Scope, line: int, steps: int) -> str | None:
        function = node.func
        first = node.args[0] if node.args else None
        if isinstance(first, ast.Constant) and isinstance(first.value, str):
            if isinstance(function, ast.Name) and function.id in ("__import__", "import_module"):
                return canonical(first.value)
            if isinstance(function, ast.Attribute) and function.attr in ("import_module", "importorskip"):
                return canonical(first.value)
        if (
            isinstance(function, ast.Name)
            and function.id in ("getattr", "staticmethod")
            and first is not None
        ):
            return self._of_builtin(node, scope, line, steps)
        name = self.dotted(function, scope, line=line, steps=steps + 1)
        if name == "functools.partial" and first is not None:
            given = self.dotted(first, scope, line=line, steps=steps + 1)
            return given if given in KNOWN and given not in SLEEPS else None
        return canonical(name + "()") if name and len(name) < _LONGEST else None

    def _of_builtin(self, node: ast.Call, scope: Scope, line: int, steps: int) -> str | None:
        """`staticmethod(thing)` and `getattr(thing, "name")`."""
        first = self.dotted(node.args[0], scope, line=line, steps=steps + 1)
        if first is None or (isinstance(node.func, ast.Name) and node.func.id == "staticmethod"):
            return first
        name = node.args[1] if len(node.args) > 1 else None
        is_text = isinstance(name, ast.Constant) and isinstance(name.value, str)
        return attribute_of(first, name.value) if is_text else None  # type: ignore[union-attr]


def _default_of(value: ast.expr, method: Function) -> ast.expr:
    """The default of the parameter of `method` that `value` is, or what it makes of that; otherwise
    `value`.
    """
    name = kept_parameter(value)
    if name is not None:
        arguments = method.args
        plain = [*arguments.posonlyargs, *arguments.args]
        pairs: list[tuple[ast.arg, ast.expr | None]] = [
            *zip(reversed(plain), reversed(arguments.defaults), strict=False),
            *zip(arguments.kwonlyargs, arguments.kw_defaults, strict=True),
        ]
        for parameter, default in pairs:
            if parameter.arg == name and default is not None:
                return with_value(value, default)
    return value


def is_own_attribute(node: ast.AST) -> TypeGuard[ast.Attribute]:
    """Whether this is `self.name` or `cls.name`."""
    return (
        isinstance(node, ast.Attribute)
        and isinstance(node.value, ast.Name)
        and node.value.id in ("self", "cls")
    )


def statements_below(root: ast.AST) -> Iterator[ast.stmt]:
    """The statements in the blocks of `root`, not those of functions and classes inside. Expressions are
    not walked.
    """
    stack: list[ast.AST] = [root]
    while stack:
        node = stack.pop()
        for name in _BLOCKS[type(node)]:
            for each in getattr(node, name):
                if isinstance(each, ast.stmt):
                    yield each
                if not isinstance(each, (*FUNCTIONS, ast.ClassDef)):
                    stack.append(each)


def attribute_of(base: str, name: str) -> str | None:
    """The canonical name of an attribute of what `base` names."""
    return canonical(f"{base}.{name}") if len(base) < _LONGEST else None


def _outer_names(function: Function) -> Iterator[str]:
    """Names that a function declares global or nonlocal."""
    for node in function.body:
        if isinstance(node, ast.Global | ast.Nonlocal):
            yield from node.names


def _blocks(node: ast.If | ast.Try | ast.With) -> Iterator[list[ast.stmt]]:
    yield node.body
    if isinstance(node, ast.With):
        return
    yield node.orelse
    if isinstance(node, ast.Try):
        for handler in node.handlers:
            yield handler.body
        yield node.finalbody


def _holds_definition(node: ast.stmt) -> bool:
    stack = [node]
    while stack:
        each = stack.pop()
        if isinstance(each, (*FUNCTIONS, ast.ClassDef)):
            return True
        if isinstance(each, ast.If | ast.Try | ast.With):
            for block in _blocks(each):
                stack += block
    return False
