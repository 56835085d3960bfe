"""Marks and fixtures by which the hooks of a conftest file leave tests out of a usual run, or say that they
may be slow: `if "cluster" in item.keywords and not config.getoption("--cluster"): item.add_marker(skip)`.

The hook is followed as if for a test with that mark alone: a condition that cannot be told is not taken, and
where it may leave the hook, nothing after it counts.
"""

import ast
import re
from collections.abc import Iterable, Iterator
from functools import lru_cache
from typing import Final, NamedTuple

from lapwing.lint.chains import chain, last_name
from lapwing.lint.condition import verdict
from lapwing.lint.exemption import SLOW_WORDS
from lapwing.lint.fixtures import is_autouse_fixture
from lapwing.lint.module import Module
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.scope import FUNCTIONS, Function, How
from lapwing.lint.selection import selection_of

_HOOKS: Final = (
    *("pytest_collection_modifyitems", "pytest_runtest_setup", "pytest_itemcollected"),
    *("pytest_configure", "pytest_cmdline_main"),
)
_EXPRESSION: Final = "markexpr"
_NAME: Final = re.compile(r"[A-Za-z_]\w*")
_ASKED_FOR_MARK: Final = frozenset({"get_closest_marker", "iter_markers", "get_marker"})
_WORDS: Final = (*_HOOKS[:3], *_ASKED_FOR_MARK, _EXPRESSION)
_HOLDS_MARKS: Final = re.compile(r"(?i)keyword|mark")
_HOLDS_FIXTURES: Final = "fixturenames"
_ANY: Final = frozenset({"any", "list", "tuple", "bool", "next", "len"})
_LEFT_OUT: Final = re.compile(r"(?i)desel")
_DEEPEST: Final = 8


class Left(NamedTuple):
    """What is left out or may be slow by hooks."""

    marks: frozenset[str] = frozenset()
    fixtures: frozenset[str] = frozenset()


def left_by_hooks(conftests: Iterable[Module]) -> Left:
    """The marks, and the fixtures by whose names, hooks of `conftests` skip or deselect tests, or give them a
    mark that says that they may be slow.
    """
    found = [_of_file(each) for each in conftests]
    marks = frozenset(name for each in found for name in each.marks)
    return Left(marks, frozenset(name for each in found for name in each.fixtures))


@lru_cache(maxsize=32)
def _of_file(module: Module) -> Left:
    if not any(word in module.text for word in _WORDS):
        return Left()
    marks: set[str] = set()
    fixtures: set[str] = set()
    for hook in module.tree.body:
        if not isinstance(hook, FUNCTIONS) or not (hook.name in _HOOKS or _is_skipping_fixture(hook)):
            continue
        marks.update(_deselected_by(hook))
        for text, is_fixture in {*_asked_for(hook)}:
            given = _Item(fixture=text) if is_fixture else _Item(mark=text)
            if _Run(hook, module, given).leaves_out() and not _Run(hook, module, _PLAIN).leaves_out():
                (fixtures if is_fixture else marks).add(text)
    return Left(frozenset(marks), frozenset(fixtures))


def _is_skipping_fixture(function: Function) -> bool:
    """Whether a function is an autouse fixture that looks at the marks of the test which it is made for."""
    return is_autouse_fixture(function) and any(
        isinstance(each, ast.Call) and last_name(each.func) in _ASKED_FOR_MARK for each in ast.walk(function)
    )


def _deselected_by(hook: Function) -> Iterator[str]:
    """The marks that a hook deselects as the command line would: `config.option.markexpr = "not slow"`."""
    for each in ast.walk(hook):
        if (
            isinstance(each, ast.Assign)
            and any(isinstance(to, ast.Attribute) and to.attr == _EXPRESSION for to in each.targets)
            and isinstance(each.value, ast.Constant)
            and isinstance(each.value.value, str)
        ):
            yield from selection_of(["-m", each.value.value], ()).marks


def _asked_for(hook: Function) -> Iterator[tuple[str, bool]]:
    """The names that a hook may ask a test's marks for, and, with True, its fixtures."""
    for node in ast.walk(hook):
        named: list[ast.expr] = []
        is_of_fixtures = False
        if isinstance(node, ast.Call) and last_name(node.func) in _ASKED_FOR_MARK:
            named = [*node.args[:1], *(each.value for each in node.keywords)]
        elif isinstance(node, ast.Compare) and len(node.ops) == 1:
            named = [node.left, node.comparators[0]]
            is_of_fixtures = _HOLDS_FIXTURES in ast.unparse(node.comparators[0])
        for each in named:
            text = each.value if isinstance(each, ast.Constant) else None
            if isinstance(text, str) and _NAME.fullmatch(text):
                yield text, is_of_fixtures


class _Item(NamedTuple):
    """A test with one mark or one fixture."""

    mark: str = ""
    fixture: str = ""


_PLAIN: Final = _Item()
"""A test that no hook looks at."""


class _Run:
    """One run of a hook."""

    def __init__(self, hook: Function, module: Module, item: _Item) -> None:
        self._hook = hook
        self._module = module
        self._item = item
        self._place = Place(module, module.function_scope(hook, module.scope), 0, nothing_given)
        self._is_left_out = False

    def leaves_out(self) -> bool:
        """Whether the hook leaves the test out, or gives it a mark of those that may be slow."""
        self._follow(self._hook.body)
        return self._is_left_out

    def _follow(self, statements: list[ast.stmt]) -> bool:
        """Run `statements`; whether what follows them is run, too."""
        for each in statements:
            if isinstance(each, ast.If):
                holds = self._holds(each.test)
                if holds is None:
                    if _may_leave(each):
                        return False
                    continue
                if not self._follow(each.body if holds else each.orelse):
                    return False
            elif isinstance(each, ast.For):
                if not self._follow(each.body) and _returns(each):
                    return False
            elif isinstance(each, ast.With):
                if not self._follow(each.body):
                    return False
            elif isinstance(each, ast.Return | ast.Continue | ast.Break):
                return False
            elif isinstance(each, ast.Raise):
                self._is_left_out |= each.exc is not None and "skip" in chain(each.exc).lower()
                return False
            elif isinstance(each, ast.Assign) and isinstance(each.value, ast.ListComp):
                self._is_left_out |= self._filters_out(each)
            elif isinstance(each, ast.Expr) and isinstance(each.value, ast.Call):
                self._is_left_out |= self._does_leave_out(each.value)
        return True

    def _filters_out(self, assignment: ast.Assign) -> bool:
        """Whether this is `items[:] = [… for item in items if …]` with a condition that does not hold."""
        target, value = assignment.targets[0], assignment.value
        if not isinstance(target, ast.Subscript) or not isinstance(value, ast.ListComp):
            return False
        return any(self._holds(each) is False for each in value.generators[0].ifs)

    def _does_leave_out(self, call: ast.Call) -> bool:
        """Whether a call skips the test, marks it so or as slow, or puts it among those left out."""
        written = chain(call.func)
        if written in ("pytest.skip", "skip"):
            return True
        name = last_name(call.func)
        if name == "add_marker" and call.args:
            return self._is_mark_of_slow(call.args[0])
        return name == "append" and _LEFT_OUT.search(written) is not None

    def _is_mark_of_slow(self, given: ast.expr, steps: int = 0) -> bool:
        if isinstance(given, ast.Constant):
            return given.value in SLOW_WORDS
        if isinstance(given, ast.Name) and steps < _DEEPEST:
            bound = self._place.scope.lookup(given.id)
            values = [each.node for each in bound[1] if each.how is How.VALUE] if bound else []
            return bool(values) and all(
                isinstance(each, ast.expr) and self._is_mark_of_slow(each, steps + 1) for each in values
            )
        *before, name = chain(given).split(".")
        return "mark" in before and (name == "skip" or name in SLOW_WORDS)

    def _holds(self, test: ast.expr, steps: int = 0) -> bool | None:
        """Whether a condition holds for the test in a usual run; None where that cannot be told."""
        if steps > _DEEPEST:
            return None
        asked = self._asks_item(test)
        if asked is not None:
            return asked
        if isinstance(test, ast.UnaryOp) and isinstance(test.op, ast.Not):
            inner = self._holds(test.operand, steps + 1)
            return None if inner is None else not inner
        if isinstance(test, ast.BoolOp):
            parts = [self._holds(each, steps + 1) for each in test.values]
            decisive = isinstance(test.op, ast.Or)
            return decisive if decisive in parts else None if None in parts else not decisive
        if isinstance(test, ast.Compare) and len(test.ops) == 1:
            return self._compared(test, steps)
        if isinstance(test, ast.Name):
            bound = self._place.scope.lookup(test.id)
            values = [each.node for each in bound[1] if each.how is How.VALUE] if bound else []
            if bound is not None and len(values) == len(bound[1]) == 1 and isinstance(values[0], ast.expr):
                return self._holds(values[0], steps + 1)
        if isinstance(test, ast.Call) and last_name(test.func) in _ANY and test.args:
            return self._holds_any(test.args[0], steps)
        if isinstance(test, ast.ListComp | ast.SetComp):
            return self._asks_item(test.generators[0].iter)
        option = _option(test)
        if option is not None:
            return self._is_on_by_default(option)
        return verdict(test, self._place)

    def _holds_any(self, given: ast.expr, steps: int) -> bool | None:
        if isinstance(given, ast.GeneratorExp | ast.ListComp):
            source = given.generators[0].iter
            asked = self._asks_item(source)
            if asked is not None:
                return asked
            return self._holds(given.elt, steps + 1) if _is_of_marks(source) else None
        return self._holds(given, steps + 1)

    def _compared(self, test: ast.Compare, steps: int) -> bool | None:
        left, operator, right = test.left, test.ops[0], test.comparators[0]
        is_nothing = isinstance(right, ast.Constant) and right.value in (None, False)
        is_true = isinstance(right, ast.Constant) and right.value is True
        if (is_nothing or is_true) and isinstance(operator, ast.Is | ast.IsNot | ast.Eq | ast.NotEq):
            inner = self._holds(left, steps + 1)
            is_same = isinstance(operator, ast.Is | ast.Eq)
            return None if inner is None else (inner is is_true) is is_same
        option = _option(left)
        if option is not None and isinstance(operator, ast.In | ast.NotIn):
            is_on = self._is_on_by_default(option)
            return None if is_on is not False else isinstance(operator, ast.NotIn)
        return verdict(test, self._place)

    def _asks_item(self, test: ast.expr) -> bool | None:
        """Whether the test has what a condition asks its marks or fixtures for; None for others."""
        if isinstance(test, ast.Call) and last_name(test.func) in _ASKED_FOR_MARK:
            given = [*test.args[:1], *(each.value for each in test.keywords if each.arg == "name")]
            return given[0].value == self._item.mark if given and isinstance(given[0], ast.Constant) else None
        if not isinstance(test, ast.Compare) or len(test.ops) != 1:
            return None
        left, operator, right = test.left, test.ops[0], test.comparators[0]
        text = left.value if isinstance(left, ast.Constant) else None
        if isinstance(operator, ast.In | ast.NotIn) and isinstance(text, str):
            is_in = self._has(text, right)
            return None if is_in is None else is_in is isinstance(operator, ast.In)
        other = right.value if isinstance(right, ast.Constant) else None
        is_name = isinstance(left, ast.Attribute) and left.attr == "name" and "mark" in chain(left).lower()
        is_short = isinstance(left, ast.Attribute) and chain(left) in ("m.name", "each.name")
        if isinstance(operator, ast.Eq) and isinstance(other, str) and (is_name or is_short):
            return other == self._item.mark
        return None

    def _has(self, text: str, holder: ast.expr) -> bool | None:
        written = chain(holder)
        if isinstance(holder, ast.Call) and last_name(holder.func) == "getattr" and len(holder.args) > 1:
            asked = holder.args[1]
            written = str(asked.value) if isinstance(asked, ast.Constant) else ""
        if written.endswith(_HOLDS_FIXTURES):
            return text == self._item.fixture
        return text == self._item.mark if _HOLDS_MARKS.search(written) else None

    def _is_on_by_default(self, option: str) -> bool | None:
        """Whether an option of the file is on where nobody gives it; None where the file does not tell."""
        name = option.lstrip("-").replace("-", "_")
        given = next((each for names, each in _options_of(self._module) if name in names), None)
        if given is None:
            return None
        default, action = given.get("default"), given.get("action")
        if isinstance(action, ast.Constant) and action.value == "store_false":
            return True
        if default is None:
            return False
        return bool(default.value) if isinstance(default, ast.Constant) else verdict(default, self._place)


@lru_cache(maxsize=32)
def _options_of(module: Module) -> list[tuple[set[str], dict[str | None, ast.expr]]]:
    """The options that a file adds: the names of each, and what it is given."""
    found = []
    for call in ast.walk(module.tree) if "addoption" in module.text else ():
        if isinstance(call, ast.Call) and last_name(call.func) == "addoption":
            given = {each.arg: each.value for each in call.keywords}
            named = [*call.args, *([given["dest"]] if "dest" in given else [])]
            texts = (str(each.value) for each in named if isinstance(each, ast.Constant))
            found.append(({each.lstrip("-").replace("-", "_") for each in texts}, given))
    return found


def _option(test: ast.expr) -> str | None:
    """The option that is read by `config.getoption("--name")`, `config.option.name`, `config.getvalue(…)`."""
    if isinstance(test, ast.Call) and last_name(test.func) in ("getoption", "getvalue") and test.args:
        given = test.args[0]
        return given.value if isinstance(given, ast.Constant) and isinstance(given.value, str) else None
    if isinstance(test, ast.Attribute) and chain(test.value).endswith("config.option"):
        return test.attr
    return None


def _is_of_marks(node: ast.expr) -> bool:
    return _HOLDS_MARKS.search(chain(node)) is not None


def _may_leave(statement: ast.stmt) -> bool:
    return any(
        isinstance(each, ast.Return | ast.Continue | ast.Break | ast.Raise) for each in ast.walk(statement)
    )


def _returns(statement: ast.stmt) -> bool:
    return any(isinstance(each, ast.Return) for each in ast.walk(statement))
