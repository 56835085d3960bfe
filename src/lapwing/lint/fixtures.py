"""The fixtures of a file and of the conftest files that reach it. Only their definitions; nothing runs."""

import ast
from collections.abc import Iterable, Iterator
from typing import Final, NamedTuple

from lapwing.lint.chains import chain, last_name
from lapwing.lint.module import Module
from lapwing.lint.scope import FUNCTIONS, Function, Scope

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
        "skip_checks",
        "resource_setup",
    ]
)
MODULE_SETUPS: Final = frozenset({"setUpModule", "setup_module", "setup_function"})
_DECORATORS: Final = frozenset({"fixture", "yield_fixture"})


class Fixture(NamedTuple):
    """One fixture's definition."""

    name: str
    node: Function
    module: Module
    outer: Scope  # that its definition stands in
    is_autouse: bool
    scope: str  # function, class, module, package, session; "" where it is computed
    line: int

    @property
    def requests(self) -> tuple[str, ...]:
        """Names of the fixtures that it asks for."""
        return parameter_names(self.node)


def parameter_names(function: Function) -> tuple[str, ...]:
    """Names of the parameters that pytest may fill with fixtures."""
    arguments = function.args
    return tuple(
        each.arg
        for each in (*arguments.posonlyargs, *arguments.args, *arguments.kwonlyargs)
        if each.arg != "self"
    )


def fixtures_of(module: Module) -> dict[str, Fixture]:
    """The fixtures that `module` defines, by name."""
    found: dict[str, Fixture] = {}
    for definition in module.definitions:
        for decorator in definition.node.decorator_list:
            fixture = _fixture(decorator, definition.node, module, definition.scope)
            if fixture is not None:
                found[fixture.name] = fixture
    return found


def _fixture(decorator: ast.expr, node: Function, module: Module, outer: Scope) -> Fixture | None:
    call = decorator if isinstance(decorator, ast.Call) else None
    written = chain(decorator)
    if written.rpartition(".")[2] not in _DECORATORS:
        return None
    options = {each.arg: each.value for each in call.keywords} if call else {}
    scope = options.get("scope")
    if scope is None and call is not None and call.args:
        scope = call.args[0]
    name = options.get("name")
    autouse = options.get("autouse")
    return Fixture(
        name=name.value if isinstance(name, ast.Constant) and isinstance(name.value, str) else node.name,
        node=node,
        module=module,
        outer=outer,
        is_autouse=isinstance(autouse, ast.Constant) and bool(autouse.value),
        scope="function" if scope is None else str(scope.value) if isinstance(scope, ast.Constant) else "",
        line=node.lineno,
    )


class FixtureTable:
    """What fixture names mean in one file: its own first, then the conftest files, nearest first."""

    def __init__(self, modules: Iterable[Module]) -> None:
        self._modules = [*modules]
        self._tables = [fixtures_of(module) for module in self._modules]

    def own(self) -> Iterable[Fixture]:
        """The fixtures of the file itself."""
        return self._tables[0].values() if self._tables else ()

    def find(self, name: str, *, but: Function | None = None) -> Fixture | None:
        """The fixture called `name`; `but` is one that overrides it and means the next."""
        for table in self._tables:
            fixture = table.get(name)
            if fixture is not None and fixture.node is not but:
                return fixture
        return None

    def hooks(self, name: str) -> Iterator[Function]:
        """The functions by which the file and its conftest files implement the hook called `name`."""
        for module in self._modules:
            for each in module.tree.body if name in module.text else ():
                if isinstance(each, FUNCTIONS) and each.name == name:
                    yield each

    @property
    def conftests(self) -> list[Module]:
        """The conftest files around the file."""
        return self._modules[1:]

    def autouse(self) -> Iterator[Fixture]:
        """Fixtures that every test of the file gets. Those of a class are among its `setup_methods`."""
        for table in self._tables:
            for fixture in table.values():
                if fixture.is_autouse and not isinstance(fixture.outer.node, ast.ClassDef):
                    yield fixture

    def all_used(self, names: Iterable[str]) -> list[Fixture]:
        """The fixtures called `names` and those that they ask for, each once."""
        found: list[Fixture] = []
        waiting = [*names]
        seen: set[str] = set()
        while waiting:
            name = waiting.pop()
            if name in seen:
                continue
            seen.add(name)
            fixture = self.find(name)
            if fixture is not None:
                found.append(fixture)
                waiting += fixture.requests
        return found


def setup_methods(owner: ast.ClassDef) -> Iterator[Function]:
    """The methods of a class that run before each of its tests: by their names, or as autouse fixtures."""
    for method in owner.body:
        if isinstance(method, FUNCTIONS) and (method.name in SETUPS or is_autouse_fixture(method)):
            yield method


def is_autouse_fixture(function: Function) -> bool:
    """Whether a function is an autouse fixture, by its decorators."""
    return any(map(_is_autouse, function.decorator_list))


def _is_autouse(decorator: ast.expr) -> bool:
    return (
        isinstance(decorator, ast.Call)
        and last_name(decorator.func) in _DECORATORS
        and any(
            each.arg == "autouse" and isinstance(each.value, ast.Constant) and bool(each.value.value)
            for each in decorator.keywords
        )
    )


def is_test_function(node: ast.AST) -> bool:
    """Whether pytest or unittest would take this for a test, by its name."""
    return isinstance(node, FUNCTIONS) and node.name.startswith("test")
