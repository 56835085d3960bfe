"""What is replaced while one function runs, and while those run that call it."""

import ast
import re
from collections.abc import Callable, Iterator
from functools import cached_property, lru_cache
from typing import Final

from lapwing.lint.body import Body, body_of
from lapwing.lint.calls import SLEEPS
from lapwing.lint.chains import chain, last_name
from lapwing.lint.fixtures import (
    MODULE_SETUPS,
    SETUPS,
    Fixture,
    is_test_function,
    parameter_names,
    setup_methods,
)
from lapwing.lint.http_mocks import (
    decorator_replaces_http,
    derives_from_mock,
    fixture_replaces_http,
    has_transport,
    replaces_http,
)
from lapwing.lint.mocking import Reached
from lapwing.lint.module import Definition, Module
from lapwing.lint.own_clock import calls_below, is_loop_without_time, is_own_clock
from lapwing.lint.patches import Patch, patches_in
from lapwing.lint.replaced import ALWAYS, Replacements
from lapwing.lint.scope import FUNCTIONS, Scope

_MOST_STEPS: Final = 1  # from a helper to the callers of its callers
_MOST_CALLERS: Final = 50
_JUMPING: Final = frozenset({"autojump_clock", "mock_clock"})
_MOCK_CLOCK: Final = "MockClock"
"""The class of trio's testing that these two give."""

_CLOCKS: Final = {
    "time.sleep": frozenset({"instant_sleep"}),
    "trio.sleep": _JUMPING,
    "anyio.sleep": _JUMPING,
    "asyncio.sleep": frozenset({"looptime", "virtual_clock", "advance_time"}),
}
"""Fixtures and marks of pytest-time, pytest-trio and looptime that move the clock in place of waiting."""

_LOOP_FIXTURES: Final = ("event_loop", "event_loop_policy")
"""What gives the tests of pytest-asyncio their loop."""

_RUNNING: Final = re.compile(r"(?i)run|loop|clock|time|sync|quick|fast")
_OF_LOOPS: Final = ("oop", "elector")
"""Parts of words one of which stands where loops are made."""

_LOOP: Final = ("loop", "looppolicy", "loop_policy")
_LOOP_FACTORY: Final = "loop_factory"
"""The attribute of `unittest.IsolatedAsyncioTestCase` that does so."""

_LOOP_FACTORIES: Final = "pytest_asyncio_loop_factories"
"""The hook that names the loops with which its tests run."""

_STOPS_SLEEP: Final = re.compile(
    r"(?i)^(?:no|mock|mocked|fake|patch|patched|stub|skip|instant)_?\w*sleeps?$|^sleepless$"
)
"""Names of fixtures that put something in the place of sleeps."""

_ASKING: Final = "getfixturevalue"
_FAKE_PROCESSES: Final = frozenset({"fp", "fake_process", "fake_subprocess"})
"""Fixtures of pytest-subprocess, which answer in place of processes."""

_FAKE_POPEN: Final = "FakePopen"
"""The fixture of the package fixtures that does so."""

_FAKED: Final = ("subprocess.", "asyncio.create_subprocess_", "asyncio.subprocess.", "os.popen")
_LETTING_THROUGH: Final = frozenset({"allow_unregistered", "pass_command"})
_MOCKING_NAMES: Final = frozenset({"socket_disabled", "disable_socket", "no_network", "block_network"})


class Context:
    """What is replaced while one function runs."""

    def __init__(self, replacements: Replacements, body: Body, definition: Definition | None) -> None:
        self._all = replacements
        self._body = body
        self._definition = definition

    @cached_property
    def patches(self) -> list[Patch]:
        """Every patch around the function and in it, each with the lines in which it holds."""
        known = self._all.around.get(self._body.root)
        if known is None:
            known = self._all.around[self._body.root] = self._find_patches()
        return known

    def _find_patches(self) -> list[Patch]:
        found = [*patches_in(self._body)]
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
        for mark in self._marks(self._definition):
            if isinstance(mark, ast.Call) and chain(mark.func).endswith("usefixtures"):
                names |= {
                    each.value
                    for each in mark.args
                    if isinstance(each, ast.Constant) and isinstance(each.value, str)
                }
        return names | {*_got_by_name(self._body)}

    def _marks(self, definition: Definition) -> list[ast.expr]:
        """The decorators of a function and its classes, and their `pytestmark` and that of the module."""
        marks = [*definition.node.decorator_list]
        for owner in definition.classes:
            marks += owner.decorator_list
        for node in self._bound_marks(definition):
            if isinstance(node, ast.List | ast.Tuple):
                marks += node.elts
            elif isinstance(node, ast.expr):
                marks.append(node)
        return marks

    def _bound_marks(self, definition: Definition) -> Iterator[ast.AST]:
        """What the module and the classes of a function bind to `pytestmark`."""
        module = self._all.module
        for scope in (module.scope, *map(module.class_scopes.get, definition.classes)):
            for binding in scope.bindings.get("pytestmark", ()) if scope else ():
                if binding.node is not None:
                    yield binding.node

    @cached_property
    def _fixtures(self) -> list[Fixture]:
        own = self._definition.node if self._definition else None
        return [each for each in self._all.fixtures.all_used(self._names) if each.node is not own]

    def _of_entered(self) -> Iterator[Patch]:
        """Patches of own context managers: `with no_waiting():`."""
        for node in self._body.blocks:
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
                yield patch._replace(first=call.lineno, last=ALWAYS)

    def is_replaced_for_all_callers(self, reached: Reached, *, is_far: bool = False) -> bool:
        """Whether the function is no test and all its callers in this file replace what it calls; with
        `is_far` also those of its callers.
        """
        return self._all_callers(
            lambda context, line: any(
                patch.first <= line <= patch.last and reached.is_replaced_by(patch)
                for patch in context.patches
            ),
            _MOST_STEPS if is_far else 0,
        )

    def has_clock_for(self, call: str) -> bool:
        """Whether a fixture or mark of a plugin, or trio's own clock for tests, moves a sleep's clock."""
        if call in SLEEPS and any(_STOPS_SLEEP.search(name) for name in self._unknown_fixtures()):
            return True
        names = _CLOCKS.get(call)
        if names is None or self._definition is None:
            return False
        if call != "time.sleep" and self._runs_on_own_clock:
            return True
        if names is _JUMPING and self._has_mock_clock(self._definition):
            return True
        asked = self._names | {fixture.name for fixture in self._fixtures}
        marks = {last_name(each) for each in self._definition.node.decorator_list}
        return not names.isdisjoint(asked | marks)

    @cached_property
    def _runs_on_own_clock(self) -> bool:
        """Whether a clock or loop whose time does not pass by itself is made by the function, by all who call
        it, or by what pytest-asyncio takes its loops from.
        """
        return (
            self._makes_own_clock()
            or self._has_own_loop()
            or self._all_callers(lambda context, _: context._makes_own_clock())
        )

    def _makes_own_clock(self) -> bool:
        """Whether the function makes such a clock, as in `with VirtualClock().patch_loop():`, or a set-up of
        its class, a decorator or a function of the suite that it calls makes such a loop.
        """
        if any(self._is_own_clock(each.func) for each in self._body.calls):
            return True
        if any(
            last_name(each.func).lower().endswith(_LOOP) and self._is_own_clock(each.func)
            for each in self._calls_before()
        ):
            return True  # a clock alone may be for the code under test
        return any(self._makes_loop(*each) for each in self._called_functions())

    def _is_own_clock(self, made: ast.expr) -> bool:
        return is_own_clock(made, lambda node: self._class_in(node, self._all.module, self._body.scope))

    def _class_in(self, node: ast.expr, module: Module, scope: Scope) -> ast.AST | None:
        """The class of the project that a name means in a file."""
        found = module.definition(node, scope)
        if found is not None:
            return found[0]
        dotted = module.dotted(node, scope) if isinstance(node, ast.Name | ast.Attribute) else None
        helper = self._all.helpers.find(dotted, module) if dotted and "(" not in dotted else None
        bound = helper[0].scope.bindings.get(helper[1], ()) if helper is not None else ()
        return next((each.node for each in bound if isinstance(each.node, ast.ClassDef)), None)

    def _called_functions(self) -> Iterator[tuple[ast.AST, Module, Scope]]:
        """The functions of the suite that the function calls or is decorated with, and that may run it."""
        decorators = self._definition.node.decorator_list if self._definition is not None else []
        named = (*(each.func for each in self._body.calls), *decorators)
        for each in named:
            node = each.func if isinstance(each, ast.Call) else each
            if not _RUNNING.search(last_name(node)):
                continue
            found = self._all.definition_of(node, self._body)
            if found is not None and isinstance(found[0], FUNCTIONS) and found[0] is not self._body.root:
                yield found

    def _has_own_loop(self) -> bool:
        """Whether a fixture gives such a loop, or a hook or the class names no other."""
        for hook in self._all.fixtures.hooks(_LOOP_FACTORIES):
            named = [value for each in ast.walk(hook) if isinstance(each, ast.Dict) for value in each.values]
            if named and all(self._is_own_clock(each) for each in named):
                return True
        loops = filter(None, map(self._all.fixtures.find, _LOOP_FIXTURES))
        if any(self._is_own_clock(each.func) for each in calls_below(loop.node for loop in loops)):
            return True
        return self._class_names_own_loop() or any(
            self._makes_loop(each.node, each.module, each.outer) for each in self._fixtures
        )

    def _makes_loop(self, function: ast.AST, module: Module, outer: Scope) -> bool:
        """Whether a function of any file makes a loop whose time does not pass."""
        if not any(word in module.text for word in _OF_LOOPS):
            return False
        known = self._all.makes_loop.get(function)
        if known is None:
            known = self._all.makes_loop[function] = any(
                is_loop_without_time(self._class_in(call.func, module, outer))
                for call in calls_below([function])
                if last_name(call.func)[:1].isupper()
            )
        return known

    def _class_names_own_loop(self) -> bool:
        """Whether a class around names such a loop in `loop_factory`, as unittest asks for it."""
        for owner in self._definition.classes if self._definition else ():
            for each in self._all.module.class_scopes[owner].bindings.get(_LOOP_FACTORY, ()):
                if isinstance(each.node, ast.expr) and self._is_own_clock(each.node):
                    return True
        return False

    def _has_mock_clock(self, definition: Definition) -> bool:
        """Whether the function makes trio's `MockClock`, or is parametrized with one, or the fixture that
        chooses the event loop of anyio's tests gives one.
        """
        if any(last_name(each.func) == _MOCK_CLOCK for each in self._body.calls):
            return True
        nodes: list[ast.AST] = [*self._marks(definition)]
        backend = self._all.fixtures.find("anyio_backend")
        if backend is not None:
            nodes.append(backend.node)
        return any(last_name(each.func) == _MOCK_CLOCK for each in calls_below(nodes))

    def _unknown_fixtures(self) -> Iterator[str]:
        """The fixtures that are asked for and defined in no file that is known, as those of plugins are."""
        return (name for name in self._names if self._all.fixtures.find(name) is None)

    def fakes_process(self, call: str) -> bool:
        """Whether a fixture of a plugin answers in place of a process, and the test lets none through."""
        if not call.startswith(_FAKED):
            return False
        fixtures = self._all.fixtures
        around = [*self._fixtures, *fixtures.autouse()]
        asked = self._names.union(*(each.requests for each in around)) & _FAKE_PROCESSES
        if any(last_name(each.func) == _FAKE_POPEN for each in self._calls_before()):
            return True
        if not any(fixtures.find(name) is None for name in asked):
            return False
        return not any(
            last_name(each.func) in _LETTING_THROUGH
            and not (each.args and isinstance(each.args[0], ast.Constant) and each.args[0].value is False)
            for each in self._body.calls
        )

    def _calls_before(self) -> Iterator[ast.Call]:
        """The calls of the function and of the setUp methods of its classes."""
        yield from self._body.calls
        for owner in self._definition.classes if self._definition else ():
            for method in setup_methods(owner):
                yield from (each for each in ast.walk(method) if isinstance(each, ast.Call))

    def _all_callers(self, replace: "Callable[[Context, int], bool]", steps: int = 0) -> bool:
        """Whether the function is no test, is called in this file, and all who call it `replace` something in
        the line of the call, or, with `steps`, all who call those.
        """
        definition = self._definition
        if definition is None or is_test_function(definition.node) or definition.node.name in SETUPS:
            return False
        callers = [
            (call, caller)
            for call, caller in self._all.callers_of(definition.node.name, handed_on=True)
            if caller.node is not definition.node and not self._means_another(call, caller)
        ]
        if not callers or len(callers) > _MOST_CALLERS:
            return False
        for call, caller in callers:
            body = body_of(caller.node, self._all.module, caller.scope)
            context = Context(self._all, body, caller)
            if not replace(context, call.lineno) and not (steps and context._all_callers(replace, steps - 1)):
                return False
        return True

    def _means_another(self, call: ast.Call, caller: Definition) -> bool:
        """Whether `thing.name()` in `caller` is hardly this function but the method of that name which the
        caller's own class, another one, has.
        """
        function = self._definition
        if function is None or not function.classes or not caller.classes:
            return False
        own = caller.classes[-1]
        return (
            isinstance(call.func, ast.Attribute)
            and own is not function.classes[-1]
            and any(isinstance(each, FUNCTIONS) and each.name == function.node.name for each in own.body)
        )

    def replaces_http(self, client: ast.Call | None) -> bool:
        """Whether a library, fixture or transport answers HTTP here, or in all callers of a helper. `client`
        is the call that made the client.
        """
        if client is not None and has_transport(client):
            return True
        return self._replaces_http() or self._all_callers(
            lambda context, _: context._replaces_http(), _MOST_STEPS
        )

    def _replaces_http(self) -> bool:
        module = self._all.module
        if any(name in _MOCKING_NAMES or fixture_replaces_http(name) for name in self._names):
            return True
        nodes: list[ast.AST] = [self._body.root]
        if self._definition is not None:
            if any(map(decorator_replaces_http, self._definition.node.decorator_list)):
                return True
            for owner in self._definition.classes:
                if any(_class_replaces_http(*each) for each in self._all.family_of(owner)):
                    return True
            nodes += self._bound_marks(self._definition)
        nodes += [
            each.node for each in module.definitions if not each.classes and each.node.name in MODULE_SETUPS
        ]
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


@lru_cache(maxsize=64)
def _asks_by_name(text: str) -> bool:
    return _ASKING in text


def _got_by_name(body: Body) -> Iterator[str]:
    """The fixtures that a function asks for with `request.getfixturevalue("name")`."""
    for call in body.calls if _asks_by_name(body.module.text) else ():
        if last_name(call.func) == _ASKING and call.args:
            name = call.args[0].value if isinstance(call.args[0], ast.Constant) else None
            if isinstance(name, str):
                yield name


def _class_replaces_http(owner: ast.ClassDef, module: Module) -> bool:
    """Whether the bases, decorators or setUp methods of a class set up a library that replaces HTTP."""
    return (
        derives_from_mock(owner, module)
        or any(map(decorator_replaces_http, owner.decorator_list))
        or replaces_http([*owner.decorator_list, *setup_methods(owner)], module)
    )
