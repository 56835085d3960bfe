"""Which tests are allowed to be slow: marks, skips, folders."""

import ast
import re
from collections.abc import Collection, Iterator
from functools import cached_property
from typing import Final

from lapwing.lint.chains import chain
from lapwing.lint.condition import verdict
from lapwing.lint.fixtures import MODULE_SETUPS, setup_methods
from lapwing.lint.imported import Helpers
from lapwing.lint.module import Definition, Module
from lapwing.lint.place import Place
from lapwing.lint.scope import Function, How, Scope
from lapwing.lint.selection import Selection
from lapwing.lint.skip_reasons import asks_to_be_run
from lapwing.lint.skipping import is_skip, skips, skips_if

SLOW_WORDS: Final = frozenset(
    [
        "slow",
        "slowtest",
        "slowtests",
        "integration",
        "integrative",
        "e2e",
        "smoke",
        "network",
        "internet",
        "online",
        "external",
        "remote",
        "functional",
        "acceptance",
        "stress",
        "benchmark",
        "nightly",
        "manual",
        "expensive",
        "intensive",
        "live",
        "perf",
        "performance",
        "load",
    ]
)
"""Words of marks that say that a test may take its time."""

SLOW_FOLDERS: Final = frozenset(
    [
        "integration",
        "e2e",
        "end_to_end",
        "end2end",
        "smoke",
        "stress",
        "benchmark",
        "benchmarks",
        "perf",
        "performance",
        "perfstress",
        "load",
        "slow",
        "nightly",
        "manual",
        "live",
    ]
)
"""Names of folders whose tests may take their time, with or without "tests" behind them."""

_OF_TESTS: Final = re.compile(r"_?tests?$")
_TEST_FOLDERS: Final = frozenset({"test", "tests", "_test", "_tests"})

_OTHER_SYSTEMS: Final = frozenset({"darwin", "macos", "osx", "win32", "windows"})
_THIS_SYSTEM: Final = frozenset({"linux", "posix", "unix"})
_FOLDER_WORDS: Final = frozenset({"integration", "integrated", "e2e", "smoke"})
_DECORATOR_WORDS: Final = SLOW_WORDS - {"load", "performance", "external", "live", "manual"}


_LIMITS: Final = frozenset({"fail_slow"})
"""Marks that bound what a test may take: pytest-fail-slow's lets a test fail that takes longer."""

_BY_BUG: Final = "skip_because"
"""The decorator of tempest, which OpenStack's suites use, for what waits for a bug to be mended."""

_OF_DATABASE: Final = "skipUnlessDBFeature"
_NOT_OF_SQLITE: Final = frozenset(
    {
        *("has_select_for_update", "has_select_for_update_nowait", "has_select_for_update_skip_locked"),
        *("has_select_for_update_of", "has_select_for_no_key_update", "test_db_allows_multiple_connections"),
    }
)
"""What Django asks a database for, and SQLite, which a usual run takes, has not."""

_TAGGING: Final = frozenset({"require", "requires", "needs", "need", "attr", "tag", "tags"})
"""Words of decorators that say by what they are given what a test needs or is."""


def exempt_folder(path: str, more: Collection[str] = ()) -> str | None:
    """The folder of `path` (relative, with `/`) whose tests may be slow, or None. One that holds a folder of
    tests further down, as `package/perf/tests` does, is most often a part of the package.
    """
    folders = path.split("/")[:-1]
    for at, folder in enumerate(folders):
        name = folder.lower().replace("-", "_")
        words = {_OF_TESTS.sub("", word) for word in name.split("_")}
        if folder in more or _FOLDER_WORDS & words:
            return folder
        is_of_package = at > 0 and not _TEST_FOLDERS.isdisjoint(folders[at + 1 :])
        if SLOW_FOLDERS & {name, _OF_TESTS.sub("", name)} and not is_of_package:
            return folder
    return None


class Exemptions:
    """Marks and skips of one file. `names` are marks configured beside the known ones, `fixtures` those whose
    tests may be slow.
    """

    def __init__(
        self,
        module: Module,
        place: Place,
        helpers: Helpers,
        names: Collection[str] = (),
        fixtures: Collection[str] = (),
    ) -> None:
        self._module = module
        self._place = place
        self._helpers = helpers
        self._names = names
        self.fixtures = fixtures

    @cached_property
    def of_module(self) -> str | None:
        """Why the whole module may be slow, or None."""
        return self._of_module()

    def of_function(self, node: Function, classes: tuple[ast.ClassDef, ...], scope: Scope) -> str | None:
        """Why the tests of a function may be slow, or None."""
        return self.of_marks(node, classes, scope) or self.of_skips(node, scope)

    def of_skips(self, node: Function, scope: Scope) -> str | None:
        """Why a function that runs does nothing, or None. This looks into functions that it calls."""
        return skips_at_once(node, self._place._replace(scope=scope, helpers=self._helpers))

    def of_marks(self, node: Function, classes: tuple[ast.ClassDef, ...], scope: Scope) -> str | None:
        """Why the tests of a function may be slow by marks of it, its classes or the module, or None."""
        found = self.of_module or self._of_decorators(node.decorator_list, scope)
        return found or self.of_classes(classes, scope)

    def of_classes(self, classes: tuple[ast.ClassDef, ...], scope: Scope) -> str | None:
        """Why the tests of the innermost of classes may be slow by marks of these, or None; `scope` is one
        from which their decorators can be told.
        """
        found: str | None = None
        for owner in classes:
            found = found or self._of_decorators(owner.decorator_list, scope) or self._of_base(owner)
            inner = self._module.class_scopes.get(owner)
            if inner is not None and "pytestmark" in inner.bindings:
                found = found or self._of_marks(inner)
            if inner is not None and "__test__" in inner.bindings:
                found = found or self._of_uncollected(owner, inner)
        return found

    def is_left_out(self, definition: Definition | None, selection: Selection) -> bool:
        """Whether the configuration of pytest deselects a function, by marks or words."""
        if definition is None:
            return False
        if any(word.lower() in definition.qualified_name.lower() for word in selection.words):
            return True
        chosen = Exemptions(self._module, self._place, self._helpers, selection.marks)
        return chosen.of_function(definition.node, definition.classes, definition.scope) is not None

    def _of_module(self) -> str | None:
        if "pytestmark" in self._module.scope.bindings:
            found = self._of_marks(self._module.scope, but={*conditional_lines(self._module, self._place)})
            if found:
                return found
        for statement in self._module.tree.body:
            if isinstance(statement, ast.If) and verdict(statement.test, self._place):
                statement = statement.body[0]
            if is_skip(statement):
                return "the module is skipped"
        for definition in self._module.definitions:
            if definition.node.name in MODULE_SETUPS and not definition.classes:
                return skips_at_once(definition.node, self._place)
        return None

    def _of_base(self, owner: ast.ClassDef) -> str | None:
        """Why a class is none of tests: its base is `object` unless the environment asks for another."""
        others = self._names_of_object
        if others and any(isinstance(base, ast.Name) and base.id in others for base in owner.bases):
            return "no test unless asked for"
        return None

    @cached_property
    def _names_of_object(self) -> frozenset[str]:
        """Names that the module binds to `object` in a block of which it can be told that it runs."""
        names: set[str] = set()
        for statement in self._module.tree.body:
            always = verdict(statement.test, self._place) if isinstance(statement, ast.If) else None
            if not isinstance(statement, ast.If) or always is None:
                continue
            for each in statement.body if always else statement.orelse:
                value = each.value if isinstance(each, ast.Assign) else None
                if isinstance(each, ast.Assign) and isinstance(value, ast.Name) and value.id == "object":
                    names.update(to.id for to in each.targets if isinstance(to, ast.Name))
        return frozenset(names)

    def _of_uncollected(self, owner: ast.ClassDef, scope: Scope) -> str | None:
        """Why a class with `__test__ = False`, from which none in the file derives, holds no tests."""
        bound = [each.node for each in scope.bindings["__test__"]]
        is_base = re.search(rf"[(,]\s*{re.escape(owner.name)}\s*[,)]", self._module.text) is not None
        is_off = all(isinstance(each, ast.Constant) and each.value is False for each in bound)
        return "not collected" if is_off and not is_base else None

    def _of_marks(self, scope: Scope, *, but: Collection[int] = ()) -> str | None:
        for binding in scope.bindings["pytestmark"]:
            if binding.line in but:
                continue
            if binding.how is How.VALUE and isinstance(binding.node, ast.expr):
                marks = (
                    binding.node.elts if isinstance(binding.node, ast.List | ast.Tuple) else [binding.node]
                )
                found = self._of_decorators(marks, scope)
                if found:
                    return found
        return None

    def _of_decorators(self, decorators: list[ast.expr], scope: Scope, steps: int = 0) -> str | None:
        for decorator in decorators:
            found = self._of_decorator(decorator, scope, steps)
            if found:
                return found
        return _of_system(decorators)

    def _of_decorator(self, decorator: ast.expr, scope: Scope, steps: int) -> str | None:
        written = chain(decorator)
        *before, last = written.split(".")
        is_mark = "mark" in before
        if last in ("skip", "SkipTest", "unittest_skip") and (is_mark or "unittest" in before or not before):
            return f"marked {last}"
        if last == _BY_BUG and isinstance(decorator, ast.Call):
            return None if any(each.arg == "condition" for each in decorator.keywords) else f"marked {last}"
        if last in ("skipif", "skipIf", "skipUnless") and isinstance(decorator, ast.Call):
            always = self._skips(decorator, last)
            return "skipped unless asked for" if always else "" if always is False else None
        if last == _OF_DATABASE and isinstance(decorator, ast.Call):
            asked = {each.value for each in decorator.args if isinstance(each, ast.Constant)}
            return "skipped with SQLite" if asked & _NOT_OF_SQLITE else None
        if last == "xfail" and isinstance(decorator, ast.Call):
            for keyword in decorator.keywords:
                if (
                    keyword.arg == "run"
                    and isinstance(keyword.value, ast.Constant)
                    and not keyword.value.value
                    and self._skips(decorator, last) is not False
                ):
                    return "marked xfail(run=False)"
            return None
        if last in self._names:
            return f"marked {last}"
        if last in _LIMITS and is_mark:
            return None
        if last == "parametrize" and isinstance(decorator, ast.Call) and len(decorator.args) > 1:
            rows = decorator.args[1].elts if isinstance(decorator.args[1], ast.List | ast.Tuple) else []
            return "all cases are marked" if rows and all(map(is_slow_parameter, rows)) else None
        found = self._of_alias(decorator, scope, steps) if not before and steps < 3 else None
        # A skip that does not hold leaves it to its name to tell what a test is, but not where it skips.
        if found or (found is not None and "skip" in last.lower()):
            return found
        words = set(re.split(r"_|(?<=[a-z])(?=[A-Z])", last))
        if {word.lower() for word in words} & (SLOW_WORDS if is_mark else _DECORATOR_WORDS) and (
            is_mark or not isinstance(decorator, ast.Call) or not before
        ):
            return f"marked {last}"
        if found is not None:
            return found
        if isinstance(decorator, ast.Call) and words & _TAGGING:
            for each in (*decorator.args, *(given.value for given in decorator.keywords)):
                if isinstance(each, ast.Constant) and each.value in SLOW_WORDS:
                    return f"{last} {each.value}"
        return None

    def _skips(self, call: ast.Call, how: str) -> bool | None:
        """Whether a conditional skip always skips in a usual run, never does, or cannot be told."""
        condition = (
            call.args[0]
            if call.args
            else next((each.value for each in call.keywords if each.arg == "condition"), None)
        )
        always = verdict(condition, self._place._replace(helpers=self._helpers))
        if always is None:
            return True if asks_to_be_run(call) else None
        return always if how != "skipUnless" else not always

    def _of_alias(self, decorator: ast.expr, scope: Scope, steps: int) -> str | None:
        name = decorator.func if isinstance(decorator, ast.Call) else decorator
        found = scope.lookup(name.id) if isinstance(name, ast.Name) else None
        for binding in found[1] if found else ():
            if binding.how is How.VALUE and isinstance(binding.node, ast.expr):
                reason = self._of_decorator(binding.node, scope, steps + 1)
                if reason is not None:
                    return reason
            elif binding.how is How.DEFINITION and isinstance(binding.node, Function) and found is not None:
                return self._of_maker(binding.node, found[0], steps)
            elif binding.how is How.IMPORT:
                return self._of_imported(binding.dotted, steps)
        return None

    def _of_maker(self, function: Function, outer: Scope, steps: int) -> str | None:
        """What a function that decorates does to a test: it returns a mark, or a function that has one, or
        makes such a decorator, or decorates the test with others.
        """
        scope = self._module.function_scope(function, outer)
        inside = self._place._replace(module=self._module, scope=scope)
        for each in _usual(function.body, inside):
            if isinstance(each, Function):
                found = self._of_decorators(each.decorator_list, scope, steps + 1)
                found = found or skips_at_once(each, inside)
                found = found or (self._of_maker(each, scope, steps + 1) if steps < 3 else None)
            elif isinstance(each, ast.Return) and isinstance(each.value, ast.Call):
                marking = each.value.func if isinstance(each.value.func, ast.Call) else each.value
                found = self._of_decorator(marking, scope, steps + 1)
            elif isinstance(each, ast.Assign) and isinstance(each.value, ast.Call) and _decorates(each):
                found = self._of_decorator(each.value.func, scope, steps + 1) or None
            else:
                continue
            if found is not None:
                return found
        return None

    def _of_imported(self, dotted: str, steps: int) -> str | None:
        helper = self._helpers.find(dotted, self._module)
        if helper is None or not helper[1]:
            return None
        module, name = helper
        for binding in module.scope.bindings.get(name, ()):
            there = Exemptions(
                module, Place(module, module.scope, 0, self._place.given), self._helpers, self._names
            )
            if binding.how is How.VALUE and isinstance(binding.node, ast.expr):
                return there._of_decorator(binding.node, module.scope, steps + 1)
            if binding.how is How.DEFINITION and isinstance(binding.node, Function):
                return there._of_maker(binding.node, module.scope, steps + 1)
            if binding.how is How.IMPORT and steps < 3:  # a package that hands on what its files define
                return there._of_imported(binding.dotted, steps + 1)
        return None


def _usual(statements: list[ast.stmt], place: Place) -> Iterator[ast.stmt]:
    """The statements of a function that a usual run comes to: where an `if` can be told, its branch's."""
    for each in statements:
        always = verdict(each.test, place) if isinstance(each, ast.If) else None
        if always is None or not isinstance(each, ast.If):
            yield each
            continue
        branch = each.body if always else each.orelse
        yield from _usual(branch, place)
        if branch and isinstance(branch[-1], ast.Return):
            return


def _decorates(statement: ast.Assign) -> bool:
    """Whether this is `test = decorator(test)`."""
    given = statement.value.args if isinstance(statement.value, ast.Call) else []
    names = [each.id for each in (*given, *statement.targets) if isinstance(each, ast.Name)]
    return len(given) == len(statement.targets) == 1 and len(names) == 2 and names[0] == names[1]


def _of_system(decorators: list[ast.expr]) -> str | None:
    """A test with the mark of another system, as pytest's documentation has them, and not with that of this
    one.
    """
    written = [chain(each).split(".") for each in decorators]
    marks = {names[-1].lower() for names in written if names[-2:-1] == ["mark"]}
    other = marks & _OTHER_SYSTEMS
    return f"marked {min(other)}" if other and not marks & _THIS_SYSTEM else None


def conditional_lines(module: Module, place: Place) -> Iterator[int]:
    """The lines of assignments that stand below a condition which does not always hold, or where something
    is missing.
    """
    for statement in module.tree.body:
        blocks: list[list[ast.stmt]] = []
        if isinstance(statement, ast.If):
            always = verdict(statement.test, place)
            blocks = [
                block
                for block, live in ((statement.body, True), (statement.orelse, False))
                if always is not live
            ]
        elif isinstance(statement, ast.Try):
            blocks = [handler.body for handler in statement.handlers]
        for block in blocks:
            yield from (each.lineno for each in block if isinstance(each, ast.Assign))


def is_slow_parameter(row: ast.expr) -> bool:
    """Whether this is `pytest.param(…, marks=…)` with a mark of those that say that a test may take its
    time.
    """
    if not isinstance(row, ast.Call) or "param" not in chain(row.func):
        return False
    given = next((each.value for each in row.keywords if each.arg == "marks"), None)
    marks = given.elts if isinstance(given, ast.List | ast.Tuple) else [given] if given is not None else []
    names = {written.rpartition(".")[2] for written in map(chain, marks) if "mark." in written}
    return any((SLOW_WORDS | {"skip"}) & {*name.split("_")} for name in names - _LIMITS)


def skips_at_once(node: Function, place: Place) -> str | None:
    """A function that skips in its first statements, or under a condition that always holds."""
    inside = place._replace(scope=place.module.function_scope(node, place.scope))
    for each in node.body[:2]:
        if skips(each, inside):
            return "skips itself"
        if _may_leave(each, inside):
            break
    conditions = [each for each in node.body if isinstance(each, ast.If)]
    return "skips itself" if any(skips_if(each, inside) for each in conditions) else None


def _may_leave(statement: ast.stmt, place: Place) -> bool:
    """Whether a function may be left by an `if` before what comes then."""
    if not isinstance(statement, ast.If) or not isinstance(statement.body[-1], ast.Return):
        return False
    return verdict(statement.test, place) is not False


def skipping_methods(owner: ast.ClassDef, place: Place) -> str | None:
    """A class whose setUp skips; `place` is that of what stands in it."""
    for method in setup_methods(owner):
        found = skips_at_once(method, place)
        if found:
            return found
    return None
