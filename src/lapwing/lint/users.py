"""Who uses a helper, a fixture or a class of a suite? Where all are tests that may be slow, so may it be;
what nobody uses makes no test slow.

The file itself is looked at first, then those of the suite that name both the thing and its file (for a
fixture, all that it reaches). Told by words, not by calls: a helper is also handed to threads, and named in
strings. Whatever cannot be told counts as a use by a test that has to be fast.
"""

import ast
import os
import re
from collections.abc import Callable, Iterable, Iterator
from enum import IntEnum
from typing import Final, NamedTuple

from lapwing.lint.body import Body, body_of
from lapwing.lint.chains import chain
from lapwing.lint.condition import is_main_guard
from lapwing.lint.dead_code import is_dead
from lapwing.lint.fixtures import MODULE_SETUPS, SETUPS, is_test_function, parameter_names
from lapwing.lint.module import Definition, Module
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.roles import import_statements, is_of_tests_only, test_trees
from lapwing.lint.run_by_name import (
    BY_NAME,
    OF_TEST_CASE,
    derives_from_runner,
    fixture_name,
    is_autouse,
    is_left_plain,
    is_plain,
    is_plain_class,
    is_test_class,
    is_turned_off,
)
from lapwing.lint.scope import Function, How
from lapwing.lint.suite_texts import SuiteTexts
from lapwing.lint.words import has_word, lines_with

_COMPUTED_NAME: Final = re.compile(
    r"\bglobals\(\)|\bgetmembers\(|\bgetattr\((?!self|cls\b)\w{1,80}, ?[a-z_]{1,80}[,)]"
)
_COMPUTED_METHOD: Final = re.compile(r"\bgetattr\((?:self|cls), ?[^'\"\n]")
_COMPUTED_FIXTURE: Final = re.compile(
    rb"\bgetfixturevalue\((?:f['\"]|[^()\n]{0,80}(?:[+%]|\.(?:format|join)\())"
)
"""Ways to ask for a thing by a name that does not stand in the code."""

_STAR: Final = b"import *"
_ASKING: Final = b"getfixturevalue("
_TO_WAIT: Final = re.compile(r"(?i)wait|poll|sleep|retry|eventually|until")
"""Names of what suites keep for all of their tests: who happens to use it now tells little."""

_MAY_EXEMPT: Final = (
    *(b"mark", b"skip", b"Skip", b"slow", b"Slow", b"__test__", b"platform", b"os.name", b"environ"),
    *(b"getoption", b"__main__"),
)
"""Words without one of which a file exempts no test and leaves no code out."""

_MOST_STEPS: Final = 4  # from helper to helper
_MOST_PARSED: Final = 12  # files for one answer


class Use(IntEnum):
    """By whom a thing is used; of several the largest counts."""

    IDLE = 0
    EXEMPT = 1  # only by tests that may be slow
    LIVE = 2


class Suite(NamedTuple):
    """How the files around are looked at."""

    texts: SuiteTexts
    module: Callable[[str], Module | None]  # the parsed file at a path
    top_of: Callable[[str], str]  # the folder of the project around a folder
    is_test_code: Callable[[str, Module], bool]  # whether a dotted name leads into a file of the tests
    is_left_out: Callable[[str], bool]  # whether all tests of the file at a path may be slow or do not run
    is_exempt: Callable[[Module, Definition], bool]
    is_exempt_class: Callable[[Module, tuple[ast.ClassDef, ...]], bool]
    asked_by_configuration: Callable[[str], str]  # the words of pytest's `usefixtures` at a folder
    is_left_line: Callable[[Module, int], bool]  # whether no usual run comes to a line outside functions
    is_program: Callable[[Module], bool]  # whether a test runs a file as a program
    note: Callable[[tuple[str, ...]], None]  # the folders that the answer depends on


class _Thing(NamedTuple):
    name: str
    node: Function | ast.ClassDef
    is_fixture: bool
    is_method: bool


class Users:
    """Answers about the things of one file after the other."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._parsed = 0

    def use_of(self, definition: Definition, module: Module) -> Use:
        """By whom a function that is no test is used."""
        self._parsed = 0
        return self._of_definition(definition, module, set(), 0)

    def modules_naming(self, definition: Definition, module: Module) -> list[Module] | None:
        """The files that name a function, its own first; None where these cannot be told."""
        found = [module]
        thing = _Thing(definition.node.name, definition.node, False, bool(definition.classes))
        is_private = is_of_tests_only(module.path) and not definition.classes
        named = [] if is_private else self._naming(thing, module, is_every=True)
        for path in named or ():
            if self._suite.is_left_out(path):
                continue
            other = self._suite.module(path) if len(found) <= _MOST_PARSED else None
            if other is None:
                return None
            found.append(other)
        return None if named is None else found

    def is_given_anywhere(self, name: str, definition: Definition, module: Module) -> bool:
        """Whether a file of the suite gives a keyword called `name`, or holds such a text, outside of a
        function; True where that cannot be told.
        """
        lines = module.text.split("\n")
        own = _lines_of(definition.node)
        outside = "\n".join((*lines[: own[0] - 1], *lines[own[-1] :])).encode("utf-8", "replace")
        given = re.compile(rb"\b%s {0,9}=(?!=)|['\"]%s['\"]" % ((re.escape(name.encode()),) * 2))
        folders = test_trees(module.path, self._suite.top_of(os.path.dirname(module.path)))
        self._suite.note(folders)
        texts = [self._suite.texts.of(each) for each in folders]
        if not folders or None in texts or given.search(outside) is not None:
            return True
        return any(
            given.search(text) is not None
            for there in texts
            for path, text in (there or {}).items()
            if path != module.path
        )

    def _of_definition(self, definition: Definition, module: Module, seen: set[ast.AST], steps: int) -> Use:
        node = definition.node
        if node in seen:
            return Use.IDLE  # of those that use each other, the others decide
        seen.add(node)
        fixture = fixture_name(node)
        if fixture is not None:
            if fixture == "" or is_autouse(node):
                return Use.LIVE
            return self._of_thing(_Thing(fixture, node, True, False), module, seen, steps)
        if not definition.classes:
            if BY_NAME.match(node.name) or not (is_plain(node) or is_turned_off(node, module)):
                return Use.LIVE
            return self._of_thing(_Thing(node.name, node, False, False), module, seen, steps)
        return self._of_method(definition, module, seen, steps)

    def _of_method(self, definition: Definition, module: Module, seen: set[ast.AST], steps: int) -> Use:
        """A method of a test class is called by its name, or by the runner for the tests of the class; one of
        another class runs where somebody makes such an object.
        """
        owner = definition.classes[-1]
        node = definition.node
        if len(definition.classes) > 1:
            return Use.LIVE
        if not is_test_class(owner):
            return self._of_class(owner, module, seen, steps)
        if BY_NAME.match(node.name) or OF_TEST_CASE.match(node.name):
            return self._of_setup(owner, definition, module, seen, steps)
        is_off = is_turned_off(node, module)
        may_be_idle = (
            is_off
            or node.name.startswith("_")
            or derives_from_runner(owner, module)
            or (not owner.bases and not owner.keywords and is_of_tests_only(module.path))
        )
        if not (is_off or is_plain(node)) or not (may_be_idle or is_of_tests_only(module.path)):
            return Use.LIVE
        thing = _Thing(node.name, node, False, True)
        use = self._of_thing(thing, module, seen, steps)
        if may_be_idle or use is Use.LIVE:
            return use
        # What is not private, a base class in another file may call.
        return use if use is Use.EXEMPT and self._naming(thing, module, anywhere=True) == [] else Use.LIVE

    def _of_setup(
        self, owner: ast.ClassDef, definition: Definition, module: Module, seen: set[ast.AST], steps: int
    ) -> Use:
        """What the runner calls before the tests of a class."""
        if definition.node.name not in SETUPS:
            return Use.LIVE
        tests = [
            each
            for each in module.definitions
            if each.classes[-1:] == (owner,) and is_test_function(each.node)
        ]
        if not tests or not all(self._suite.is_exempt(module, each) for each in tests):
            return Use.LIVE
        return max(Use.EXEMPT, self._of_class(owner, module, seen, steps))

    def _of_class(self, owner: ast.ClassDef, module: Module, seen: set[ast.AST], steps: int) -> Use:
        if owner in seen:
            return Use.IDLE
        seen.add(owner)
        if not is_left_plain(owner):
            return Use.LIVE
        use = self._of_thing(_Thing(owner.name, owner, False, False), module, seen, steps)
        return use if use is not Use.IDLE or is_plain_class(owner, module) else Use.LIVE

    def _of_thing(self, thing: _Thing, module: Module, seen: set[ast.AST], steps: int) -> Use:
        if steps > _MOST_STEPS:
            return Use.LIVE
        use = self._in_file(thing, module, seen, steps, is_own=True)
        if use is Use.LIVE:
            return use
        if use is Use.EXEMPT and is_of_tests_only(module.path) and not self._folders(thing, module):
            return use  # others seldom import from such a file, and here they cannot be told
        use = max(use, self._in_suite(thing, module, seen, steps))
        if use is Use.LIVE:
            return use
        if thing.is_fixture and self._may_be_asked_for(thing, module):
            return Use.LIVE
        if use is Use.IDLE and (self._is_for_others(thing, module) or _may_be_named(thing, module)):
            return Use.LIVE
        return Use.LIVE if use is Use.EXEMPT and _is_for_all(thing, module) else use

    def _in_suite(self, thing: _Thing, module: Module, seen: set[ast.AST], steps: int) -> Use:
        """By whom a thing is used in the other files of the suite."""
        named = self._naming(thing, module)
        if named is None or len(named) > _MOST_PARSED * 4:
            return Use.LIVE
        waiting = [path for path in named if not self._suite.is_left_out(path)]
        if thing.is_fixture and waiting:
            waiting = [path for path in waiting if not self._is_overridden(thing, path, waiting, module)]
        use = Use.EXEMPT if len(waiting) < len(named) else Use.IDLE
        for path in waiting:
            if self._parsed >= _MOST_PARSED:
                return Use.LIVE
            self._parsed += 1
            other = self._suite.module(path)
            if other is None:
                return Use.LIVE
            use = max(use, self._in_file(thing, other, seen, steps, is_own=False))
            if use is Use.LIVE:
                break
        return use

    def _is_overridden(self, fixture: _Thing, path: str, naming: list[str], module: Module) -> bool:
        """Whether what the file at `path` gets by the name of a fixture is another one: its own, or that of a
        conftest file nearer to it. `naming` are the files that name it.
        """
        nearer = [path]
        folder, outer = os.path.dirname(path), os.path.dirname(module.path)
        while folder.startswith(outer + os.sep):
            nearer.append(os.path.join(folder, "conftest.py"))
            folder = os.path.dirname(folder)
        for each in nearer:
            other = self._suite.module(each) if each in naming else None
            for definition in other.definitions if other is not None else ():
                node = definition.node
                if (
                    not definition.classes
                    and fixture_name(node) == fixture.name
                    and fixture.name not in parameter_names(node)
                ):
                    return True
        return False

    def _folders(self, thing: _Thing, module: Module) -> tuple[str, ...]:
        """The folders in which tests may use a thing: where those of a part of a package are in it, those of
        other parts may, too.
        """
        folder = os.path.dirname(module.path)
        top = self._suite.top_of(folder)
        trees = test_trees(module.path, top)
        if trees and thing.is_fixture and module.stem == "conftest":
            return (folder,)
        return (top,) if trees and os.path.dirname(trees[0]) != top else trees

    def _may_be_asked_for(self, fixture: _Thing, module: Module) -> bool:
        """Whether a test may ask for a fixture by a computed name, or the configuration does for all."""
        if fixture.name in self._suite.asked_by_configuration(
            self._suite.top_of(os.path.dirname(module.path))
        ):
            return True
        texts = (self._suite.texts.of(each) or {} for each in self._folders(fixture, module))
        return any(
            _ASKING in text and _COMPUTED_FIXTURE.search(text) is not None
            for there in texts
            for text in there.values()
        )

    def _is_for_others(self, thing: _Thing, module: Module) -> bool:
        """Whether what no test names may be there for others, or for a framework that calls it by its name:
        in a helper file, or in a conftest file that a package ships outside of its tests.
        """
        if is_of_tests_only(module.path) or thing.name == "main":
            return False
        if thing.is_method:
            return True
        return module.stem != "conftest" or not self._folders(thing, module)

    def _naming(
        self, thing: _Thing, module: Module, *, anywhere: bool = False, is_every: bool = False
    ) -> list[str] | None:
        """The other files that name a thing and, but for fixtures and `anywhere`, its file; None where that
        cannot be told or, but for `is_every`, where a look shows that one uses it.
        """
        folders = self._folders(thing, module)
        self._suite.note(folders)
        word = thing.name.encode()
        folder, stem = os.path.split(module.path)
        is_package = stem == "__init__.py"
        file = (os.path.basename(folder) if is_package else module.stem).encode()
        kept = [self._suite.texts.of(each) for each in folders]
        if not folders or None in kept:
            return None
        texts = [(path, text) for there in kept for path, text in (there or {}).items()]
        everywhere = {path: text for path, text in texts if word in text and path != module.path}
        near = {
            path: text
            for path, text in everywhere.items()
            if file in text or (is_package and path.startswith(folder + os.sep))
        }
        is_sought = not (thing.is_fixture or is_every)
        if is_sought and any(self._is_sure_user(each, word, near[each]) for each in near):
            return None
        is_seen_everywhere = anywhere or (
            not is_of_tests_only(module.path)
            and (thing.is_fixture or thing.is_method or _is_handed_on(thing, file, texts))
        )
        naming = everywhere if is_seen_everywhere else near
        found = [path for path, text in naming.items() if has_word(text, word)]
        is_told = all(path.endswith(".py") for path in found)  # others hold examples, which are run
        return found if is_told else None

    def _is_sure_user(self, path: str, word: bytes, text: bytes) -> bool:
        """Whether a test file that names a thing, and holds no word of what leaves tests out, uses it."""
        return (
            is_of_tests_only(path)
            and has_word(text, word)
            and not any(each in text for each in _MAY_EXEMPT)
            and not self._suite.is_left_out(path)
        )

    def _in_file(self, thing: _Thing, module: Module, seen: set[ast.AST], steps: int, *, is_own: bool) -> Use:
        if not is_own and re.search(rf"\b{re.escape(thing.name)}[ \t]{{1,9}}as\b", module.text):
            return Use.LIVE  # by another name
        is_plain = not thing.is_fixture and not thing.is_method
        if not is_own and is_plain and self._means_another(thing, module):
            return Use.IDLE
        use = Use.IDLE
        own = _lines_of(thing.node) if is_own else range(0)
        lines = module.text.split("\n")
        passed = [*_passed_over(module)]
        for at in lines_with(module.text, [thing.name]):
            if at in own:
                continue
            scripts = [is_script for each, is_script in passed if at in each]
            if scripts and not (scripts[0] and self._suite.is_program(module)):
                continue
            if not has_word(lines[at - 1].partition("#")[0], thing.name):
                continue
            use = max(use, self._of_line(at, thing, module, seen, steps))
            if use is Use.LIVE:
                break
        return use

    def _means_another(self, thing: _Thing, module: Module) -> bool:
        """Whether what a file calls by the name of a thing is another: its own, or one of what is tested."""
        bindings = module.scope.bindings.get(thing.name, ())
        imported = [each for each in bindings if each.how is How.IMPORT]
        if len(imported) < len(bindings) and not all(each.how is How.DEFINITION for each in bindings):
            return False
        if any(self._suite.is_test_code(each.dotted, module) for each in imported):
            return False
        if (not bindings and module.stars) or re.search(rf"['\"][\w.:]*\b{thing.name}\b", module.text):
            return False
        for before in re.findall(rf"\b([A-Za-z_]\w*)(?:\.\w+){{0,4}}\.{thing.name}\b", module.text):
            bound = module.scope.bindings.get(before, ())
            if not bound or any(
                each.how is not How.IMPORT or self._suite.is_test_code(each.dotted, module) for each in bound
            ):
                return False
        return True

    def _of_line(self, line: int, thing: _Thing, module: Module, seen: set[ast.AST], steps: int) -> Use:
        """What a line means in which a thing is named."""
        for each in module.definitions:
            if line in _lines_of(each.node):
                if line < each.node.lineno and not thing.is_fixture:
                    return Use.LIVE  # a decorator runs as the file is imported
                return self._of_user(each, line, thing, module, seen, steps)
        for owner in module.class_scopes:
            if line in _lines_of(owner):
                if line < owner.lineno and not thing.is_fixture:
                    return Use.LIVE  # so does one of a class
                around = tuple(each for each in module.class_scopes if line in _lines_of(each))
                if self._suite.is_exempt_class(module, around):
                    return Use.EXEMPT
                is_base = any(chain(each).endswith(thing.name) for each in owner.bases)
                if is_base and len(around) == len(owner.bases) == 1 and not is_test_class(owner):
                    return self._of_class(owner, module, seen, steps + 1)
                return Use.LIVE
        return Use.EXEMPT if self._suite.is_left_line(module, line) else Use.LIVE

    def _of_user(
        self,
        user: Definition,
        line: int,
        thing: _Thing,
        module: Module,
        seen: set[ast.AST],
        steps: int,
    ) -> Use:
        if user.node in seen and user.node is not thing.node:
            return Use.IDLE
        if self._suite.is_exempt(module, user):
            return Use.EXEMPT
        used = _use_in(user.node, line, thing, module, user)
        if used is not Use.LIVE:
            return used
        if is_test_function(user.node):
            return Use.LIVE
        if user.node.name in MODULE_SETUPS:
            return Use.LIVE
        return self._of_definition(user, module, seen, steps + 1)


def _is_for_all(thing: _Thing, module: Module) -> bool:
    """Whether a thing is one that a suite keeps for all of its tests to wait with, in a file without any."""
    if is_of_tests_only(module.path) or _TO_WAIT.search(thing.name) is None:
        return False
    return not any(is_test_function(each.node) for each in module.definitions)


def _may_be_named(thing: _Thing, module: Module) -> bool:
    """Whether the file asks for things of this kind by names that do not stand in the code, or runs the
    example in a docstring of this one.
    """
    if thing.is_method:
        return _COMPUTED_METHOD.search(module.text) is not None
    said = ast.get_docstring(thing.node, clean=False) or ""
    return ">>>" in said or _COMPUTED_NAME.search(module.text) is not None


def _is_handed_on(thing: _Thing, file: bytes, texts: Iterable[tuple[str, bytes]]) -> bool:
    """Whether a helper file imports a thing, or all names, of the `file` in which it stands: others may then
    have it from there.
    """
    word = thing.name.encode()
    for path, text in texts:
        if is_of_tests_only(path) or file not in text or not (word in text or _STAR in text):
            continue
        for statement in import_statements(text.decode("utf-8", "replace")):
            if "*" in statement or thing.name in statement:
                return True
    return False


def _lines_of(node: Function | ast.ClassDef) -> range:
    first = node.decorator_list[0].lineno if node.decorator_list else node.lineno
    return range(first, (node.end_lineno or node.lineno) + 1)


def _passed_over(module: Module) -> Iterator[tuple[range, bool]]:
    """The lines of statements that use nothing, imports and `__all__`, and of those that only a program runs,
    with whether they are such.
    """
    for node in module.tree.body:
        is_script = isinstance(node, ast.If) and is_main_guard(node.test)
        is_export = isinstance(node, ast.Assign) and any(chain(each) == "__all__" for each in node.targets)
        if is_script or is_export or isinstance(node, ast.Import | ast.ImportFrom):
            yield range(node.lineno, (node.end_lineno or node.lineno) + 1), is_script


def _use_in(node: Function, line: int, thing: _Thing, module: Module, user: Definition) -> Use:
    """Whether the line of a function uses a thing, a fixture as a parameter or by a string, anything else by
    name; and whether a usual run comes to it.
    """
    if thing.is_fixture:
        is_filled = is_test_function(node) or fixture_name(node) is not None or BY_NAME.match(node.name)
        if is_filled and thing.name in parameter_names(node):
            return Use.LIVE
    body = body_of(node, module, user.scope)
    told = {*_annotations(node), *_types_compared(body)} if isinstance(thing.node, ast.ClassDef) else set()
    found = Use.IDLE
    for each in body.parents:
        first = getattr(each, "lineno", 0)
        if not first <= line <= (getattr(each, "end_lineno", 0) or first):
            continue
        if isinstance(each, ast.Constant):
            is_compared = isinstance(body.parents.get(each), ast.Compare)  # as a hook looks at fixtures
            is_named = isinstance(each.value, str) and thing.name in each.value and not is_compared
        elif isinstance(each, ast.Name):
            is_named = not thing.is_fixture and each.id == thing.name
        elif isinstance(each, ast.Attribute):
            is_named = not thing.is_fixture and each.attr == thing.name
        elif isinstance(each, ast.ImportFrom | ast.Import):
            continue  # where it is used then, tells another line
        else:
            is_named = isinstance(each, ast.arg | ast.keyword) and each.arg == thing.name
        if is_named and each not in told:
            if not is_dead(each, body, Place(module, body.scope_of(each), line, nothing_given)):
                return Use.LIVE
            found = Use.EXEMPT
    return found


def _types_compared(body: Body) -> Iterator[ast.AST]:
    """What `isinstance(…)` and `issubclass(…)` compare with: they make no object either."""
    for each in body.calls:
        if isinstance(each.func, ast.Name) and each.func.id in ("isinstance", "issubclass"):
            for given in each.args[1:]:
                yield from ast.walk(given)


def _annotations(node: Function) -> Iterator[ast.AST]:
    """What stands in the annotations of a function: they make no object."""
    arguments = node.args
    given = (
        *arguments.posonlyargs,
        *arguments.args,
        *arguments.kwonlyargs,
        arguments.vararg,
        arguments.kwarg,
    )
    for each in (node.returns, *(one.annotation for one in given if one is not None)):
        yield from ast.walk(each) if each is not None else ()
