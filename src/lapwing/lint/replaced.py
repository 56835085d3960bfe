"""What is replaced while a function of one file runs, from everywhere it may be told.

Its own patches; decorators and setUp of its classes and their bases; fixtures it asks for, autouse ones of
the file and its conftest files, each with those they ask for; context managers and functions of this file
or of helper files that it enters or calls: one level.
"""

import ast
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property
from typing import Final

from lapwing.lint.body import Body, body_of
from lapwing.lint.fixtures import Fixture, FixtureTable, is_test_function, parameter_names
from lapwing.lint.http_mocks import fixture_replaces_http, replaces_http
from lapwing.lint.imported import Helpers
from lapwing.lint.mocking import Reached
from lapwing.lint.module import Definition, Module
from lapwing.lint.patches import Patch, chain, patches_in
from lapwing.lint.place import Place
from lapwing.lint.scope import FUNCTIONS, Function, How, Scope
from lapwing.lint.words import has_line_between, lines_with

SETUPS: Final = frozenset(
    [
        "setUp",
        "setUpClass",
        "asyncSetUp",
        "setup",
        "setup_method",
        "setup_class",
        "setUpTestData",
        "set_up",
        "__attrs_post_init__",
    ]
)
_MODULE_SETUPS: Final = frozenset({"setUpModule", "setup_module", "setup_function"})
_PROCESS_FIXTURES: Final = frozenset({"fp", "fake_process", "fake_subprocess"})
_ALWAYS: Final = 1_000_000_000
_MOST_CALLERS: Final = 50


class Replacements:
    """Answers for one file. `fixtures` are those its tests can see."""

    def __init__(self, module: Module, fixtures: FixtureTable, helpers: Helpers) -> None:
        self.module = module
        self.fixtures = fixtures
        self.helpers = helpers
        self._of_fixture: dict[Function, list[Patch]] = {}
        self._of_class: dict[ast.ClassDef, list[Patch]] = {}

    def of(self, body: Body, definition: Definition | None) -> "Context":
        """What is replaced while `body` runs."""
        return Context(self, body, definition)

    def given(self, function: ast.AST | None) -> Callable[[str], Iterable[tuple[ast.expr, Place]]]:
        """What parameters of `function` may be given: values of parametrize, what fixtures return."""

        def values(name: str) -> Iterator[tuple[ast.expr, Place]]:
            if function is None or not isinstance(function, FUNCTIONS):
                return
            if name not in parameter_names(function):
                return
            place = Place(self.module, self.module.scope, 0, _nothing)
            parametrized = [*_parametrized(function, name)]
            yield from ((value, place) for value in parametrized)
            fixture = None if parametrized else self.fixtures.find(name, but=function)
            if fixture is not None:
                scope = fixture.module.function_scope(fixture.node, fixture.outer)
                there = Place(fixture.module, scope, _ALWAYS, _nothing)
                yield from ((value, there) for value in _results(fixture.node))

        return values

    def of_fixture(self, fixture: Fixture) -> list[Patch]:
        """The patches that a fixture makes, those of functions it calls included."""
        known = self._of_fixture.get(fixture.node)
        if known is None:
            known = self._of_fixture[fixture.node] = [
                *self.of_function(fixture.node, fixture.module, fixture.outer, calls=True)
            ]
        return known

    def of_function(
        self, node: Function, module: Module, outer: Scope, *, calls: bool = False
    ) -> Iterator[Patch]:
        """The patches of a function of any file, holding always."""
        body = body_of(node, module, outer)
        place = Place(module, outer, 0, _nothing)
        for patch in patches_in(body, place):
            yield patch._replace(first=0, last=_ALWAYS)
        if calls:
            for call in body.calls:
                yield from self.of_called(call, body, only_lasting=False)

    def of_called(self, call: ast.Call, body: Body, *, only_lasting: bool) -> Iterator[Patch]:
        """The patches that a call of a function of ours makes; `only_lasting` those that outlive it."""
        found = self.definition_of(call.func, body)
        if found is None:
            return
        node, module, outer = found
        if not isinstance(node, FUNCTIONS) or node is body.root or is_test_function(node):
            return
        for patch in self.of_function(node, module, outer):
            if patch.starts_here or not only_lasting:
                yield patch

    def definition_of(self, node: ast.expr, body: Body) -> tuple[ast.AST, Module, Scope] | None:
        """The def or class that an expression means, in this file or in one that it imports."""
        module = body.module
        scope = body.scope_of(node)
        found = module.definition(node, scope)
        if found is not None:
            return found[0], module, found[1]
        if not isinstance(node, ast.Name | ast.Attribute):
            return None
        dotted = module.dotted(node, scope)
        if dotted is None or "(" in dotted or not self.helpers.is_test_code(dotted, module):
            return None
        helper = self.helpers.find(dotted, module)
        if helper is None or not helper[1]:
            return None
        for binding in helper[0].scope.bindings.get(helper[1], ()):
            if binding.how is How.DEFINITION and binding.node is not None:
                return binding.node, helper[0], helper[0].scope
        return None

    def of_class(self, owner: ast.ClassDef) -> list[Patch]:
        """What decorators and setUp methods of a class and its bases replace."""
        known = self._of_class.get(owner)
        if known is None:
            known = self._of_class[owner] = []
            scope = self.module.class_scopes.get(owner)
            if scope is not None:
                for each in self.module.class_family(scope):
                    inner = self.module.class_scopes[each]
                    known += self._of_one_class(each, self.module, inner)
                    known += self._of_foreign_bases(each, inner)
        return known

    def _of_one_class(self, owner: ast.ClassDef, module: Module, inner: Scope) -> Iterator[Patch]:
        if owner.decorator_list:
            shell = ast.ClassDef(
                name=owner.name, bases=[], keywords=[], body=[], decorator_list=owner.decorator_list
            )
            ast.copy_location(shell, owner)
            for patch in patches_in(
                Body(shell, module, inner.outer or inner), Place(module, module.scope, 0, _nothing)
            ):
                yield patch._replace(first=0, last=_ALWAYS)
        for method in owner.body:
            if isinstance(method, FUNCTIONS) and method.name in SETUPS:
                body = body_of(method, module, inner)
                for patch in patches_in(body, Place(module, inner, 0, _nothing)):
                    if patch.starts_here:
                        yield patch._replace(first=0, last=_ALWAYS)
                for call in body.calls:
                    yield from self.of_called(call, body, only_lasting=True)

    def _of_foreign_bases(self, owner: ast.ClassDef, inner: Scope) -> Iterator[Patch]:
        for base in owner.bases:
            dotted = self.module.dotted(base, inner.outer or inner)
            if dotted is None or "(" in dotted or not self.helpers.is_test_code(dotted, self.module):
                continue
            helper = self.helpers.find(dotted, self.module)
            if helper is None:
                continue
            module, name = helper
            for binding in module.scope.bindings.get(name, ()):
                if isinstance(binding.node, ast.ClassDef):
                    for each in module.class_family(module.class_scopes[binding.node]):
                        yield from self._of_one_class(each, module, module.class_scopes[each])

    @cached_property
    def of_module(self) -> list[Patch]:
        """What the file replaces as it is imported or set up, and what autouse fixtures replace."""
        found: list[Patch] = []
        for statement, _, scope in self.module.loose:
            if isinstance(statement, ast.Expr | ast.Assign):
                place = Place(self.module, scope, 0, _nothing)
                found += [
                    patch._replace(first=0, last=_ALWAYS)
                    for patch in patches_in(body_of(statement, self.module, scope), place)
                    if not isinstance(statement, ast.Assign) or " = " in patch.written
                ]
        for definition in self.module.definitions:
            if not definition.classes and definition.node.name in _MODULE_SETUPS:
                found += self.of_function(definition.node, self.module, definition.scope)
        for fixture in self.fixtures.all_used(each.name for each in self.fixtures.autouse()):
            found += self.of_fixture(fixture)
        return found

    def callers_of(self, name: str) -> list[tuple[ast.Call, Definition]]:
        """The calls in this file of something whose last name is `name`, with the function around each."""
        lines = lines_with(self.module.text, [name])
        found: list[tuple[ast.Call, Definition]] = []
        for definition in self.module.definitions:
            if has_line_between(lines, definition.node.lineno, definition.node.end_lineno or 0):
                calls = body_of(definition.node, self.module, definition.scope).calls
                found += [(call, definition) for call in calls if chain(call.func).rpartition(".")[2] == name]
        return found


class Context:
    """What is replaced while one function runs."""

    def __init__(self, replacements: Replacements, body: Body, definition: Definition | None) -> None:
        self._all = replacements
        self._body = body
        self._definition = definition

    @cached_property
    def patches(self) -> list[Patch]:
        """Every patch around the function and in it, each with the lines in which it holds."""
        body, module = self._body, self._all.module
        found = patches_in(body, Place(module, body.scope, 0, _nothing))
        found += self._of_entered()
        found += self._of_called()
        found += self._all.of_module
        if self._definition is not None:
            for owner in self._definition.classes:
                found += self._all.of_class(owner)
        for fixture in self._fixtures:
            found += self._all.of_fixture(fixture)
        return found

    @cached_property
    def _names(self) -> set[str]:
        """Names of the fixtures that are asked for, by parameters and by `usefixtures`."""
        if self._definition is None:
            return set()
        names = set(parameter_names(self._definition.node))
        marks = [*self._definition.node.decorator_list]
        for owner in self._definition.classes:
            marks += owner.decorator_list
        for scope in (
            self._all.module.scope,
            *map(self._all.module.class_scopes.get, self._definition.classes),
        ):
            for binding in scope.bindings.get("pytestmark", ()) if scope else ():
                if isinstance(binding.node, ast.List | ast.Tuple):
                    marks += binding.node.elts
                elif isinstance(binding.node, ast.expr):
                    marks.append(binding.node)
        for mark in marks:
            if isinstance(mark, ast.Call) and chain(mark.func).endswith("usefixtures"):
                names |= {
                    each.value
                    for each in mark.args
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
        return names

    @cached_property
    def _fixtures(self) -> list[Fixture]:
        own = self._definition.node if self._definition else None
        return [each for each in self._all.fixtures.all_used(self._names) if each.node is not own]

    def _of_entered(self) -> Iterator[Patch]:
        """Patches of own context managers: `with no_waiting():`."""
        for node in (self._body.root, *self._body.parents):
            if isinstance(node, ast.With | ast.AsyncWith):
                for item in node.items:
                    if isinstance(item.context_expr, ast.Call):
                        for patch in self._all.of_called(item.context_expr, self._body, only_lasting=False):
                            yield patch._replace(first=node.lineno, last=node.end_lineno or node.lineno)
        root = self._body.root
        for decorator in root.decorator_list if isinstance(root, FUNCTIONS) else ():
            call = decorator if isinstance(decorator, ast.Call) else None
            shell = call or ast.copy_location(ast.Call(func=decorator, args=[], keywords=[]), decorator)
            yield from self._all.of_called(shell, self._body, only_lasting=False)

    def _of_called(self) -> Iterator[Patch]:
        """Patches that outlive a function of ours that is called: `self.stub_time()`."""
        for call in self._body.calls:
            for patch in self._all.of_called(call, self._body, only_lasting=True):
                yield patch._replace(first=call.lineno, last=_ALWAYS)

    def is_replaced_for_all_callers(self, reached: Reached) -> bool:
        """Whether the function is no test and all its callers in this file replace what it calls."""
        definition = self._definition
        if definition is None or is_test_function(definition.node) or definition.node.name in SETUPS:
            return False
        callers = [
            (call, caller)
            for call, caller in self._all.callers_of(definition.node.name)
            if caller.node is not definition.node
        ]
        if not callers or len(callers) > _MOST_CALLERS:
            return False
        for call, caller in callers:
            body = body_of(caller.node, self._all.module, caller.scope)
            context = Context(self._all, body, caller)
            if not any(
                patch.first <= call.lineno <= patch.last and reached.is_replaced_by(patch)
                for patch in context.patches
            ):
                return False
        return True

    def replaces_http(self, client: ast.Call | None) -> bool:
        """Whether a library, fixture or transport answers HTTP here. `client` is the call that made the
        client.
        """
        if client is not None and any(
            each.arg in ("transport", "app", "mounts", "connector") for each in client.keywords
        ):
            return True
        module = self._all.module
        if any(name in _MOCKING_NAMES or fixture_replaces_http(name) for name in self._names):
            return True
        nodes: list[ast.AST] = [self._body.root]
        if self._definition is not None:
            for owner in self._definition.classes:
                nodes += owner.decorator_list
                nodes += [each for each in owner.body if isinstance(each, FUNCTIONS) and each.name in SETUPS]
            for scope in (module.scope, *map(module.class_scopes.get, self._definition.classes)):
                for binding in scope.bindings.get("pytestmark", ()) if scope else ():
                    if binding.node is not None:
                        nodes.append(binding.node)
        if replaces_http(nodes, module):
            return True
        autouse = [each.name for each in self._all.fixtures.autouse()]
        for fixture in (*self._fixtures, *self._all.fixtures.all_used(autouse)):
            if any(fixture_replaces_http(name) for name in (fixture.name, *fixture.requests)):
                return True
            if fixture.node is not self._body.root and replaces_http([fixture.node], fixture.module):
                return True
        return any(self._called_replaces_http())

    def _called_replaces_http(self) -> Iterator[bool]:
        for call in self._body.calls:
            found = self._all.definition_of(call.func, self._body)
            if found is not None and isinstance(found[0], FUNCTIONS) and found[0] is not self._body.root:
                yield replaces_http([found[0]], found[1])


_MOCKING_NAMES: Final = frozenset({"socket_disabled", "disable_socket", "no_network", "block_network"})


def _nothing(name: str) -> Iterable[tuple[ast.expr, Place]]:
    return ()


def _results(function: Function) -> Iterator[ast.expr]:
    """What a fixture returns or yields."""
    stack: list[ast.AST] = [*function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
            yield node.value
        elif not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(node)


def _parametrized(function: Function, name: str) -> Iterator[ast.expr]:
    """The values that `parametrize` gives the parameter `name`."""
    for decorator in function.decorator_list:
        if not isinstance(decorator, ast.Call) or not chain(decorator.func).endswith("parametrize"):
            continue
        if len(decorator.args) < 2 or not isinstance(decorator.args[1], ast.List | ast.Tuple | ast.Set):
            continue
        names = _argument_names(decorator.args[0])
        if name not in names:
            continue
        at = names.index(name)
        for row in decorator.args[1].elts:
            value = (
                row.args[at]
                if isinstance(row, ast.Call) and len(row.args) > at and "param" in chain(row.func)
                else row
            )
            if value is row and len(names) > 1:
                if not isinstance(row, ast.Tuple | ast.List) or len(row.elts) <= at:
                    continue
                value = row.elts[at]
            yield value


def _argument_names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [each.strip() for each in node.value.split(",")]
    if isinstance(node, ast.List | ast.Tuple):
        return [str(each.value) for each in node.elts if isinstance(each, ast.Constant)]
    return []
