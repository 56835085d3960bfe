"""What is replaced while a function of one file runs, from everywhere it may be told.

Its own patches; decorators and setUp of its classes and their bases; fixtures it asks for, autouse ones of
the file and its conftest files, each with those they ask for; context managers and functions of this file
or of helper files that it enters or calls: one level.
"""

import ast
import re
from collections.abc import Callable, Iterable, Iterator
from functools import cached_property, lru_cache, partial
from typing import Final

from lapwing.lint.body import Body, body_of
from lapwing.lint.chains import chain, last_name
from lapwing.lint.exemption import is_slow_parameter
from lapwing.lint.fixtures import (
    MODULE_SETUPS,
    Fixture,
    FixtureTable,
    is_autouse_fixture,
    is_test_function,
    parameter_names,
    setup_methods,
)
from lapwing.lint.given_by_call import DEFAULT, default_of, given_by_call, handed_to, names_function
from lapwing.lint.imported import Helpers
from lapwing.lint.kept_parameter import kept_parameter, with_value
from lapwing.lint.meanings import OWN, REQUEST_PARAM, elements, meanings
from lapwing.lint.module import Definition, Module, is_own_attribute, statements_below
from lapwing.lint.patches import OWN_MODULE, Patch, patches_in
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.scope import FUNCTIONS, Function, How, Scope
from lapwing.lint.words import has_line_between, lines_with

ALWAYS: Final = 1_000_000_000
"""The last line of a patch that holds to the end of the file."""

_CONFIGURING: Final = ("pytest_configure", "pytest_sessionstart", "pytest_load_initial_conftests")
_ASSIGNS_KNOWN: Final = re.compile(
    r"(?m)^[ \t]{0,8}[A-Za-z_][\w.]{0,80}\.(?:sleep|Popen|run|call|check_\w{1,20}|system|fork) = "
)
_SOUNDS_FAKE: Final = re.compile(r"(?i)fake|mock|stub|dummy|spy")
_MOST_CALLERS: Final = 2
"""From a helper to who calls it, and to who calls that one."""

_MOST_FILES: Final = 3
"""From a class to its base in another file, to that one's base in a third, and so on."""

_Meant = tuple[ast.AST, Module, Scope]


class Replacements:
    """Answers for one file. `fixtures` are those its tests can see."""

    def __init__(self, module: Module, fixtures: FixtureTable, helpers: Helpers) -> None:
        self.module = module
        self.fixtures = fixtures
        self.helpers = helpers
        self.around: dict[ast.stmt, list[Patch]] = {}  # by function: what `Context.patches` found for it
        self.makes_loop: dict[ast.AST, bool] = {}  # by function: whether it makes a loop without real time
        self._of_fixture: dict[Function, list[Patch]] = {}
        self._of_class: dict[ast.ClassDef, list[Patch]] = {}
        self._meant: dict[ast.expr, _Meant | None] = {}
        self._lines: dict[str, list[int]] = {}  # by word
        self._callers: dict[tuple[str, bool], list[tuple[ast.Call, Definition]]] = {}

    def given(
        self, function: ast.AST | None, steps: int = 0
    ) -> Callable[[str], Iterable[tuple[ast.expr, Place]]]:
        """What parameters of `function` may be given: values of parametrize, what fixtures return."""

        def values(name: str) -> Iterator[tuple[ast.expr, Place]]:
            if function is None or not isinstance(function, FUNCTIONS):
                return
            place = Place(self.module, self.module.scope, 0, nothing_given, self.helpers)
            if name == REQUEST_PARAM:
                yield from _params_of_fixture(function, place)
            if name[:5] == OWN:
                yield from self._given_to_class_of(function, name.removeprefix(OWN))
            rest = function.args.vararg
            if name not in parameter_names(function) and (rest is None or name != rest.arg):
                return
            parametrized = [*_parametrized(function, name, place)]
            yield from parametrized
            if not parametrized and not is_test_function(function):
                yield from self._given_by_callers(function, name, self._made_by(function), steps)
            fixture = None if parametrized else self.fixtures.find(name, but=function)
            if fixture is not None:
                scope = fixture.module.function_scope(fixture.node, fixture.outer)
                outer = Place(fixture.module, fixture.outer, 0, nothing_given, self.helpers)
                params = partial(_given_to_fixture, fixture.node, outer)
                there = Place(fixture.module, scope, ALWAYS, params, self.helpers)
                yield from ((value, there) for value in _results(fixture.node))

        return values

    def _made_by(self, function: Function) -> str:
        """The name by which an `__init__` is called: that of its class, where no other class in the file is
        derived from that.
        """
        if function.name != "__init__":
            return ""
        owners = next((each.classes for each in self.module.definitions if each.node is function), ())
        bases = {last_name(base) for each in self.module.class_scopes for base in each.bases}
        name = owners[-1].name if owners else ""
        return "" if name in bases else name

    def _given_by_callers(
        self, function: Function, name: str, called: str = "", steps: int = 0
    ) -> Iterator[tuple[ast.expr, Place]]:
        """What the callers of a helper in this file give its parameter `name`, as they call it (by `called`
        where that is another name than its own) or hand it to something that does, its default where one
        relies on that; nothing where one of them cannot be read.
        """
        found: list[tuple[ast.expr, Place]] = []
        callers = [
            (call, self.module.function_scope(caller.node, caller.scope), caller.node)
            for call, caller in self.callers_of(called or function.name, handed_on=True)
            if caller.node is not function
        ]
        for call, scope, caller_node in (*callers, *self._loose_callers(called or function.name)):
            value = given_by_call(call, function, name, called)
            if value is DEFAULT:
                value, scope = default_of(function, name), self.module.scope
            if value is None:
                return
            given = self.given(caller_node, steps + 1) if steps < _MOST_CALLERS else nothing_given
            found.append((value, Place(self.module, scope, call.lineno, given, self.helpers)))
        yield from found

    def _loose_callers(self, name: str) -> Iterator[tuple[ast.Call, Scope, None]]:
        """The calls of something called `name` that stand outside of functions."""
        lines = self._lines_naming(name)
        for statement, _, scope in self.module.loose:
            if has_line_between(lines, statement.lineno, statement.end_lineno or statement.lineno):
                for call in body_of(statement, self.module, scope).calls:
                    if any(names_function(each, name) for each in handed_to(call)):
                        yield call, scope, None

    def _given_to_class_of(self, function: Function, attribute: str) -> Iterator[tuple[ast.expr, Place]]:
        for each in self.module.definitions:
            if each.node is function and each.classes:
                yield from self.given_to_init(attribute, each.classes[-1])

    def given_to_init(self, attribute: str, owner: ast.ClassDef) -> list[tuple[ast.expr, Place]]:
        """What `attribute` is of the objects of a class that are made in this file, where its `__init__`
        keeps a parameter as that, the default where one relies on it; nothing where one of them cannot be
        read.
        """
        for method in owner.body:
            if not isinstance(method, FUNCTIONS) or method.name != "__init__":
                continue
            for each in statements_below(method):
                name = kept_parameter(each.value) if isinstance(each, ast.Assign) else None
                if (
                    isinstance(each, ast.Assign)
                    and name is not None
                    and name in parameter_names(method)
                    and any(is_own_attribute(to) and to.attr == attribute for to in each.targets)
                ):
                    given = self._given_by_callers(method, name, owner.name)
                    return [(with_value(each.value, value), place) for value, place in given]
        return []

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
        for patch in patches_in(body):
            yield patch._replace(first=0, last=ALWAYS)
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

    def definition_of(self, node: ast.expr, body: Body) -> _Meant | None:
        """The def or class that an expression means, in this file or in one that it imports, with its file
        and the scope that it stands in.
        """
        if node not in self._meant:
            self._meant[node] = self._definition_of(node, body)
        return self._meant[node]

    def _definition_of(self, node: ast.expr, body: Body) -> _Meant | None:
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

    def inherited_method(self, name: str, body: Body) -> tuple[ast.AST, Module, Scope] | None:
        """The method `name` that the classes around a function have from another file of the tests."""
        for owner in body.scope.classes():
            for each, module in self.family_of(owner):
                inner = module.class_scopes[each]
                for binding in inner.bindings.get(name, ()):
                    if isinstance(binding.node, FUNCTIONS):
                        return binding.node, module, inner
        return None

    def _of_own_method(self, call: ast.Call, body: Body) -> Iterator[Patch]:
        """The patches that outlive a call of a method of a class of ours."""
        found = self._method_of(call.func, body) if isinstance(call.func, ast.Attribute) else None
        if found is not None:
            node, module, outer = found
            for patch in self.of_function(node, module, outer):
                if patch.starts_here:
                    yield patch._replace(first=0, last=ALWAYS)

    def _method_of(self, node: ast.Attribute, body: Body) -> tuple[Function, Module, Scope] | None:
        """The method that `thing.name` means where the thing is made of a class of ours: `self.clock.install`
        after `self.clock = Clock()`.
        """
        for value, where in meanings(node.value, Place(body.module, body.scope_of(node), 0, nothing_given)):
            if not isinstance(value, ast.Call) or not isinstance(value.func, ast.Name):
                continue
            owner = self._class_of(value.func, where)
            if owner is not None:
                found, module = owner
                inner = module.class_scopes[found]
                for binding in inner.bindings.get(node.attr, ()):
                    if binding.how is How.DEFINITION and isinstance(binding.node, FUNCTIONS):
                        return binding.node, module, inner
        return None

    def _class_of(self, name: ast.Name, place: Place) -> tuple[ast.ClassDef, Module] | None:
        """The class of this file, or of a helper file, that a name means."""
        found = place.module.definition(name, place.scope)
        if found is not None:
            is_class = isinstance(found[0], ast.ClassDef) and found[0] in place.module.class_scopes
            return (found[0], place.module) if is_class else None  # type: ignore[return-value]
        dotted = place.dotted(name)
        if dotted is None or "(" in dotted or not self.helpers.is_test_code(dotted, place.module):
            return None
        helper = self.helpers.find(dotted, place.module)
        for binding in helper[0].scope.bindings.get(helper[1], ()) if helper is not None else ():
            if isinstance(binding.node, ast.ClassDef) and helper is not None:
                return binding.node, helper[0]
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
                    known += self._of_foreign_bases(each)
        return known

    def _of_one_class(self, owner: ast.ClassDef, module: Module, inner: Scope) -> Iterator[Patch]:
        if owner.decorator_list:
            shell = ast.ClassDef(
                name=owner.name, bases=[], keywords=[], body=[], decorator_list=owner.decorator_list
            )
            ast.copy_location(shell, owner)
            for patch in patches_in(Body(shell, module, inner.outer or inner)):
                yield patch._replace(first=0, last=ALWAYS)
        for method in setup_methods(owner):
            body = body_of(method, module, inner)
            is_fixture = is_autouse_fixture(method)
            for patch in patches_in(body):
                if patch.starts_here or is_fixture:
                    yield patch._replace(first=0, last=ALWAYS)
            for call in body.calls:
                yield from self.of_called(call, body, only_lasting=not is_fixture)
                yield from self._of_own_method(call, body)
            for fixture in self.fixtures.all_used(parameter_names(method)) if is_fixture else ():
                yield from self.of_fixture(fixture)

    def family_of(self, owner: ast.ClassDef) -> Iterator[tuple[ast.ClassDef, Module]]:
        """A class and its bases in this file, and those that they import from other files of the tests."""
        scope = self.module.class_scopes.get(owner)
        for each in self.module.class_family(scope) if scope is not None else ():
            yield each, self.module
            yield from self._foreign_bases(each, self.module)

    def _of_foreign_bases(self, owner: ast.ClassDef) -> Iterator[Patch]:
        for each, module in self._foreign_bases(owner, self.module):
            yield from self._of_one_class(each, module, module.class_scopes[each])

    def _foreign_bases(
        self, owner: ast.ClassDef, module: Module, files: int = 1
    ) -> Iterator[tuple[ast.ClassDef, Module]]:
        """The bases that a class of `module` has from other files of the tests, and theirs."""
        scope = module.class_scopes[owner]
        for base in owner.bases:
            dotted = module.dotted(base, scope.outer or scope)
            if dotted is None or "(" in dotted or not self.helpers.is_test_code(dotted, module):
                continue
            there, name = self.helpers.find(dotted, module) or (module, "")
            for binding in there.scope.bindings.get(name, ()) if name else ():
                if not isinstance(binding.node, ast.ClassDef):
                    continue
                for each in there.class_family(there.class_scopes[binding.node]):
                    yield each, there
                    if files < _MOST_FILES:
                        yield from self._foreign_bases(each, there, files + 1)

    @cached_property
    def of_module(self) -> list[Patch]:
        """What the file replaces as it is imported or set up, and what autouse fixtures replace."""
        found: list[Patch] = []
        for statement, _, scope in self.module.loose:
            if isinstance(statement, ast.Expr | ast.Assign):
                found += [
                    patch._replace(first=0, last=ALWAYS)
                    for patch in patches_in(body_of(statement, self.module, scope))
                    if not isinstance(statement, ast.Assign) or " = " in patch.written
                ]
        found += self._stand_ins()
        for module in self.fixtures.conftests:
            if _assigns_known(module.text):
                found += self._of_conftest(module)
        for definition in self.module.definitions:
            if not definition.classes and definition.node.name in MODULE_SETUPS:
                found += self.of_function(definition.node, self.module, definition.scope)
        for fixture in self.fixtures.all_used(each.name for each in self.fixtures.autouse()):
            found += self.of_fixture(fixture)
        return found

    def _of_conftest(self, module: Module) -> Iterator[Patch]:
        """What a conftest file replaces as it is imported or configures pytest: `time.sleep = print`."""
        for statement, _, scope in module.loose:
            if isinstance(statement, ast.Assign):
                for patch in patches_in(body_of(statement, module, scope)):
                    if " = " in patch.written:
                        yield patch._replace(first=0, last=ALWAYS)
        for each in module.definitions:
            if not each.classes and each.node.name in _CONFIGURING:
                yield from self.of_function(each.node, module, each.scope)

    def _stand_ins(self) -> Iterator[Patch]:
        """Imported names that the file binds once more, to what sounds like a fake: `time = FakeTime()`."""
        for statement, classes, scope in self.module.loose:
            value = statement.value if isinstance(statement, ast.Assign) and not classes else None
            if not isinstance(value, ast.Call) or not _SOUNDS_FAKE.search(last_name(value.func)):
                continue
            for each in statement.targets:  # type: ignore[attr-defined]
                bound = scope.bindings.get(each.id, ()) if isinstance(each, ast.Name) else ()
                if any(other.how is How.IMPORT for other in bound):
                    yield Patch(f"{OWN_MODULE}.{each.id}", 0, ALWAYS, f"{each.id} = …")

    def callers_of(self, name: str, *, handed_on: bool = False) -> list[tuple[ast.Call, Definition]]:
        """The calls in this file of something whose last name is `name`, with the function around each; with
        `handed_on` those that are given it, too.
        """
        known = self._callers.get((name, handed_on))
        if known is not None:
            return known
        lines = self._lines_naming(name)
        found: list[tuple[ast.Call, Definition]] = []
        for definition in self.module.definitions:
            if has_line_between(lines, definition.node.lineno, definition.node.end_lineno or 0):
                for call in body_of(definition.node, self.module, definition.scope).calls:
                    named = handed_to(call) if handed_on else [call.func]
                    if any(names_function(each, name) for each in named):
                        found.append((call, definition))
        self._callers[name, handed_on] = found
        return found

    def _lines_naming(self, name: str) -> list[int]:
        known = self._lines.get(name)
        if known is None:
            known = self._lines[name] = lines_with(self.module.text, [name])
        return known


@lru_cache(maxsize=64)
def _assigns_known(text: str) -> bool:
    return _ASSIGNS_KNOWN.search(text) is not None


def _results(function: Function) -> Iterator[ast.expr]:
    """What a fixture returns or yields."""
    stack: list[ast.AST] = [*function.body]
    while stack:
        node = stack.pop()
        if isinstance(node, ast.Return | ast.Yield) and node.value is not None:
            yield node.value
        elif not isinstance(node, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(node)


def _parametrized(function: Function, name: str, place: Place) -> Iterator[tuple[ast.expr, Place]]:
    """The values that `parametrize` gives the parameter `name`, as they stand in the file or in one that it
    imports.
    """
    for decorator in function.decorator_list:
        if not isinstance(decorator, ast.Call) or not chain(decorator.func).endswith("parametrize"):
            continue
        names = _argument_names(decorator.args[0]) if len(decorator.args) > 1 else []
        if name not in names:
            continue
        at = names.index(name)
        for row, where in elements(decorator.args[1], place):
            if is_slow_parameter(row):
                continue
            values = [row] if len(names) == 1 and not _is_param(row) else _values_of_row(row)
            if at < len(values):
                yield values[at], where


def _values_of_row(row: ast.expr) -> list[ast.expr]:
    if _is_param(row):
        return row.args  # type: ignore[attr-defined, no-any-return]
    return row.elts if isinstance(row, ast.Tuple | ast.List) else []


def _is_param(row: ast.expr) -> bool:
    return isinstance(row, ast.Call) and "param" in chain(row.func)


def _given_to_fixture(fixture: Function, place: Place, name: str) -> Iterator[tuple[ast.expr, Place]]:
    """What a fixture is given: the values of its `params`."""
    if name == REQUEST_PARAM:
        yield from _params_of_fixture(fixture, place)


def _params_of_fixture(fixture: Function, place: Place) -> Iterator[tuple[ast.expr, Place]]:
    for decorator in fixture.decorator_list:
        for each in decorator.keywords if isinstance(decorator, ast.Call) else ():
            if each.arg == "params":
                for row, where in elements(each.value, place):
                    values = _values_of_row(row) if _is_param(row) else [row]
                    yield from ((value, where) for value in values[:1])


def _argument_names(node: ast.expr) -> list[str]:
    if isinstance(node, ast.Constant) and isinstance(node.value, str):
        return [each.strip() for each in node.value.split(",")]
    if isinstance(node, ast.List | ast.Tuple):
        return [str(each.value) for each in node.elts if isinstance(each, ast.Constant)]
    return []
