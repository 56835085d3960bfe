"""Who uses a helper, a fixture or a class of a suite? Where all are tests that may be slow, so may it be;
what nobody uses makes no test slow.

The file itself is looked at first, then those of the suite that name both the thing and its file (for a
fixture, all that it reaches). Told by words, not by calls: a helper is also handed to threads, and named in
strings. Whatever cannot be told counts as a use by a test that has to be fast.
"""

import ast
import os
import re
from collections.abc import Iterator
from typing import Final

from lapwing.lint.chains import chain
from lapwing.lint.condition import is_main_guard
from lapwing.lint.fixtures import MODULE_SETUPS, SETUPS, is_test_function, parameter_names
from lapwing.lint.module import Definition, Module
from lapwing.lint.named_thing import Thing, Use, lines_of, use_in
from lapwing.lint.naming_files import NamingFiles, is_for_all, may_be_named
from lapwing.lint.roles import is_of_tests_only, test_trees
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
from lapwing.lint.scope import How
from lapwing.lint.suite import Suite
from lapwing.lint.words import has_word, lines_with

_MOST_STEPS: Final = 4  # from helper to helper
_MOST_PARSED: Final = 12  # files for one answer


class Users:
    """Answers about the things of one file after the other."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite
        self._files = NamingFiles(suite)
        self._parsed = 0

    def use_of(self, definition: Definition, module: Module) -> Use:
        """By whom a function that is no test is used."""
        self._parsed = 0
        return self._of_definition(definition, module, set(), 0)

    def modules_naming(self, definition: Definition, module: Module) -> list[Module] | None:
        """The files that name a function, its own first; None where these cannot be told."""
        found = [module]
        thing = Thing(definition.node.name, definition.node, False, bool(definition.classes))
        is_private = is_of_tests_only(module.path) and not definition.classes
        named = [] if is_private else self._files.naming(thing, module, is_every=True)
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
        own = lines_of(definition.node)
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
            return self._of_thing(Thing(fixture, node, True, False), module, seen, steps)
        if not definition.classes:
            if BY_NAME.match(node.name) or not (is_plain(node) or is_turned_off(node, module)):
                return Use.LIVE
            return self._of_thing(Thing(node.name, node, False, False), module, seen, steps)
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
        thing = Thing(node.name, node, False, True)
        use = self._of_thing(thing, module, seen, steps)
        if may_be_idle or use is Use.LIVE:
            return use
        # What is not private, a base class in another file may call.
        return (
            use if use is Use.EXEMPT and self._files.naming(thing, module, anywhere=True) == [] else Use.LIVE
        )

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
        use = self._of_thing(Thing(owner.name, owner, False, False), module, seen, steps)
        return use if use is not Use.IDLE or is_plain_class(owner, module) else Use.LIVE

    def _of_thing(self, thing: Thing, module: Module, seen: set[ast.AST], steps: int) -> Use:
        if steps > _MOST_STEPS:
            return Use.LIVE
        use = self._in_file(thing, module, seen, steps, is_own=True)
        if use is Use.LIVE:
            return use
        if use is Use.EXEMPT and is_of_tests_only(module.path) and not self._files.folders(thing, module):
            return use  # others seldom import from such a file, and here they cannot be told
        use = max(use, self._in_suite(thing, module, seen, steps))
        if use is Use.LIVE:
            return use
        if thing.is_fixture and self._files.may_be_asked_for(thing, module):
            return Use.LIVE
        if use is Use.IDLE and (self._files.is_for_others(thing, module) or may_be_named(thing, module)):
            return Use.LIVE
        return Use.LIVE if use is Use.EXEMPT and is_for_all(thing, module) else use

    def _in_suite(self, thing: Thing, module: Module, seen: set[ast.AST], steps: int) -> Use:
        """By whom a thing is used in the other files of the suite."""
        named = self._files.naming(thing, module)
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

    def _is_overridden(self, fixture: Thing, path: str, naming: list[str], module: Module) -> bool:
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

    def _in_file(self, thing: Thing, module: Module, seen: set[ast.AST], steps: int, *, is_own: bool) -> Use:
        if not is_own and re.search(rf"\b{re.escape(thing.name)}[ \t]{{1,9}}as\b", module.text):
            return Use.LIVE  # by another name
        is_plain = not thing.is_fixture and not thing.is_method
        if not is_own and is_plain and self._means_another(thing, module):
            return Use.IDLE
        use = Use.IDLE
        own = lines_of(thing.node) if is_own else range(0)
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

    def _means_another(self, thing: Thing, module: Module) -> bool:
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

    def _of_line(self, line: int, thing: Thing, module: Module, seen: set[ast.AST], steps: int) -> Use:
        """What a line means in which a thing is named."""
        for each in module.definitions:
            if line in lines_of(each.node):
                if line < each.node.lineno and not thing.is_fixture:
                    return Use.LIVE  # a decorator runs as the file is imported
                return self._of_user(each, line, thing, module, seen, steps)
        for owner in module.class_scopes:
            if line in lines_of(owner):
                if line < owner.lineno and not thing.is_fixture:
                    return Use.LIVE  # so does one of a class
                around = tuple(each for each in module.class_scopes if line in lines_of(each))
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
        thing: Thing,
        module: Module,
        seen: set[ast.AST],
        steps: int,
    ) -> Use:
        if user.node in seen and user.node is not thing.node:
            return Use.IDLE
        if self._suite.is_exempt(module, user):
            return Use.EXEMPT
        used = use_in(user.node, line, thing, module, user)
        if used is not Use.LIVE:
            return used
        if is_test_function(user.node):
            return Use.LIVE
        if user.node.name in MODULE_SETUPS:
            return Use.LIVE
        return self._of_definition(user, module, seen, steps + 1)


def _passed_over(module: Module) -> Iterator[tuple[range, bool]]:
    """The lines of statements that use nothing, imports and `__all__`, and of those that only a program runs,
    with whether they are such.
    """
    for node in module.tree.body:
        is_script = isinstance(node, ast.If) and is_main_guard(node.test)
        is_export = isinstance(node, ast.Assign) and any(chain(each) == "__all__" for each in node.targets)
        if is_script or is_export or isinstance(node, ast.Import | ast.ImportFrom):
            yield range(node.lineno, (node.end_lineno or node.lineno) + 1), is_script
