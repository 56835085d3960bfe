"""What runs a function or class of a suite beside who names it: runners and Python by its name, decorators
and base classes that hand it on.
"""

import ast
import re
import sys
from typing import Final

from lapwing.lint.chains import chain, last_name
from lapwing.lint.fixtures import SETUPS
from lapwing.lint.module import Module
from lapwing.lint.scope import Function

BY_NAME: Final = re.compile(
    r"test|check[A-Z_]|pytest_|load_tests$|__\w+__$|"
    r"(?:set_?up|tear_?down)_?(?:class|module|package|method|function|test_?data)?$|async(?:SetUp|TearDown)$",
    re.IGNORECASE,
)
"""Functions that a test runner or Python itself calls by their names."""

OF_TEST_CASE: Final = re.compile(r"run(?:Test)?$|debug$|doCleanups$|_call[A-Z]")
"""Methods of unittest's test cases that call one another."""

_KNOWN_ROOTS: Final = sys.stdlib_module_names | {"object", "Exception", "BaseException"}
_RUNNERS: Final = frozenset({"TestCase", "IsolatedAsyncioTestCase", "AsyncioTestCase", "AsyncTestCase"})
"""Base classes that call nothing of a class but its tests and what sets them up."""

_PLAIN: Final = frozenset(
    {
        *("contextmanager", "asynccontextmanager", "staticmethod", "classmethod", "wraps", "cache"),
        *("lru_cache", "fixture", "yield_fixture", "coroutine", "expand", "parametrize", "unpack"),
        *("patch", "object", "multiple"),
    }
)
"""Decorators that leave it to others to use what they decorate by its name; others may hand it on."""

_PLAIN_OF_CLASSES: Final = frozenset({"dataclass", "define", "frozen", "attrs", "total_ordering"})
_TURNED_OFF: Final = re.compile(
    r"(?:_+|x+_?|no_?|not_|dont_|disabled?_|skip_?|off_|todo_)test", re.IGNORECASE
)
"""Names of tests that were given another beginning so that no runner takes them any more."""

_HANDS_ON: Final = re.compile(
    r"(?i)regist|collect|rout|command|hook|listen|event|handle|callback|subscri|task|step"
)
"""Decorators that hand on what they decorate, by their names."""

_MOST_STEPS: Final = 4  # from class to base


def fixture_name(node: Function) -> str | None:
    """The name of the fixture that a function is, "" where it is computed; None for another function."""
    for each in node.decorator_list:
        if last_name(each) in ("fixture", "yield_fixture"):
            for given in each.keywords if isinstance(each, ast.Call) else ():
                if given.arg == "name":
                    is_text = isinstance(given.value, ast.Constant) and isinstance(given.value.value, str)
                    return str(given.value.value) if is_text else ""  # type: ignore[attr-defined]
            return node.name
    return None


def is_autouse(node: Function) -> bool:
    """Whether a fixture may be used without being asked for."""
    return any(
        given.arg == "autouse" and not (isinstance(given.value, ast.Constant) and not given.value.value)
        for each in node.decorator_list
        if isinstance(each, ast.Call)
        for given in each.keywords
    )


def is_plain(node: Function) -> bool:
    """Whether the decorators of a function leave it to others to use it by its name."""
    return all(last_name(each) in _PLAIN for each in node.decorator_list)


def is_turned_off(node: Function, module: Module) -> bool:
    """Whether a method was a test once, by its name, and is neither handed on nor sought by such a name."""
    found = _TURNED_OFF.match(node.name)
    if found is None or any(_HANDS_ON.search(last_name(each)) for each in node.decorator_list):
        return False
    return re.search(rf"['\"]{found[0]}", module.text) is None


def is_test_class(owner: ast.ClassDef) -> bool:
    """Whether a runner may make objects of a class: by the names of it, its bases or its methods."""
    names = (owner.name, *map(chain, owner.bases), *(getattr(each, "name", "") for each in owner.body))
    return any("test" in each.lower() or each.startswith("check") or each in SETUPS for each in names)


def is_left_plain(owner: ast.ClassDef) -> bool:
    """Whether the decorators of a class leave it to others to use it by its name."""
    return all(last_name(each) in _PLAIN_OF_CLASSES for each in owner.decorator_list)


def is_plain_class(owner: ast.ClassDef, module: Module) -> bool:
    """Whether the bases of a class are Python's own: one of a project may have tests, or know its classes."""
    bases = [module.dotted(base, module.scope) or chain(base) for base in owner.bases]
    return all(each.partition(".")[0] in _KNOWN_ROOTS for each in bases)


def derives_from_runner(owner: ast.ClassDef, module: Module, steps: int = 0) -> bool:
    """Whether nobody but the tests calls the methods of a class: its bases are those of a test runner, or
    such classes of the file.
    """
    bases = [base for base in owner.bases if last_name(base) not in _RUNNERS]
    found = [module.definition(base, module.scope) for base in bases] if steps < _MOST_STEPS else [None]
    return bool(owner.bases) and all(
        each is not None
        and isinstance(each[0], ast.ClassDef)
        and derives_from_runner(each[0], module, steps + 1)
        for each in found
    )
