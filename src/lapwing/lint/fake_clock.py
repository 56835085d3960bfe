"""Which tests can be given a clock of their own in place of real sleeps, and the text of that clock. Pure.

The clock moves what the module `time` reads by what `time.sleep` is told. It changes no result where all the
code of a test stands in the test's own file, so that every reading of time can be seen; that is the safe
edit. Elsewhere something may read time in another way: that edit is made only where somebody asks for it.
"""

import ast
import re
from collections.abc import Iterable
from typing import Final, NamedTuple

from lapwing.lint.chains import chain
from lapwing.lint.scope import FUNCTIONS
from lapwing.model.finding import Finding

NAME: Final = "fake_clock"
FIXTURE: Final = '''

@pytest.fixture
def fake_clock(monkeypatch):
    """time.sleep moves the clocks of the module time on, and waits for nothing."""
    slept = []
    for name in ("time", "monotonic", "perf_counter"):
        seconds, nanoseconds = getattr(time, name), getattr(time, name + "_ns")
        monkeypatch.setattr(time, name, lambda clock=seconds: clock() + sum(slept))
        monkeypatch.setattr(time, name + "_ns", lambda clock=nanoseconds: clock() + round(sum(slept) * 1e9))
    monkeypatch.setattr(time, "sleep", slept.append)
'''
"""What the edit adds to a file, below its imports."""

_SLEEPS: Final = "LW101"
_READINGS: Final = frozenset(
    {"sleep", *(name + unit for name in ("time", "monotonic", "perf_counter") for unit in ("", "_ns"))}
)
_PURE: Final = frozenset(
    {
        *("__future__", "abc", "bisect", "collections", "contextlib", "copy", "dataclasses", "enum"),
        *("functools", "heapq", "itertools", "math", "operator", "pytest", "re", "string", "textwrap"),
        *("time", "types", "typing"),
    }
)
"""Modules that read no clock, start nothing and touch no file by themselves."""
_OPEN: Final = frozenset(
    {
        "open",
        "exec",
        "eval",
        "compile",
        "__import__",
        "globals",
        "locals",
        "vars",
        "getattr",
        "setattr",
        "input",
    }
)
_OF_PYTEST: Final = frozenset(
    {"fixture", "mark", "raises", "approx", "param", "fail", "skip", "warns", "xfail"}
)
_ELSEWHERE: Final = re.compile(
    r"(?i)thread|timer|subprocess|popen|process|async|await|socket|concurrent|executor|multiproc|datetime|"
    r"mtime|utime|\.stat\b|request|http|url|signal|select|server|client|worker|redis|celery|sleep_"
)
"""Words of what may read time outside the module `time`, or wait for somebody else."""


class ClockEdit(NamedTuple):
    """A parameter to be added to a test, and the findings that this mends."""

    line: int  # of the insertion, from 1
    column: int  # in characters
    parameter: str  # with the comma that it needs
    mended: tuple[Finding, ...]


def clock_edits(
    tree: ast.Module, text: str, findings: Iterable[Finding], *, is_alone: bool, is_unsafe: bool
) -> list[ClockEdit]:
    """The tests that can be given a clock. `is_alone` says that no conftest file reaches them, `is_unsafe`
    that tests whose code lies elsewhere are to be edited, too.
    """
    if NAME in text or not _imports_time(tree):
        return []
    if not is_unsafe and not (is_alone and _is_closed(tree)):
        return []
    by_test: dict[str, list[Finding]] = {}
    for each in findings:
        if each.gate and each.function:
            by_test.setdefault(each.function, []).append(each)
    lines = text.split("\n")
    found = []
    for name, node in _plain_tests(tree):
        group = by_test.get(name, [])
        sleeps = _own_sleeps(node)
        if not group or any(each.code != _SLEEPS or each.line not in sleeps for each in group):
            continue
        source = "\n".join(lines[node.lineno - 1 : node.end_lineno])
        place = _place_of_parameter(node, lines)
        if place is not None and (not is_unsafe or not _ELSEWHERE.search(source.replace("time.sleep", ""))):
            found.append(ClockEdit(*place, tuple(group)))
    return found


def _imports_time(tree: ast.Module) -> bool:
    """Whether `time` is the module, and nothing of it is bound under another name."""
    is_there = False
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and node.module == "time":
            return False
        if isinstance(node, ast.Import):
            for alias in node.names:
                if alias.name == "time" and alias.asname:
                    return False
                is_there = is_there or (alias.name == "time" and node in tree.body)
    bound = (each for each in ast.walk(tree) if isinstance(each, ast.Name) and each.id == "time")
    return is_there and all(isinstance(each.ctx, ast.Load) for each in bound)


def _is_closed(tree: ast.Module) -> bool:
    """Whether nothing runs but this file and modules that read no clock, and time is read as `time.x()`
    only.
    """
    called = {id(each.func) for each in ast.walk(tree) if isinstance(each, ast.Call)}
    for node in ast.walk(tree):
        if isinstance(node, ast.ImportFrom) and (
            node.level or (node.module or "").split(".")[0] not in _PURE
        ):
            return False
        if isinstance(node, ast.Import) and any(
            each.name.split(".")[0] not in _PURE or each.asname for each in node.names
        ):
            return False
        if isinstance(node, ast.Name) and node.id in _OPEN:
            return False
        if isinstance(node, ast.AsyncFunctionDef | ast.Await):
            return False
        if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name):
            if node.value.id == "time" and (node.attr not in _READINGS or id(node) not in called):
                return False
            if node.value.id == "pytest" and node.attr not in _OF_PYTEST:
                return False
    uses = sum(isinstance(node, ast.Name) and node.id == "time" for node in ast.walk(tree))
    attributes = sum(
        isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name) and node.value.id == "time"
        for node in ast.walk(tree)
    )
    return uses == attributes and all(_asks_for_own(node, tree) for _, node in _plain_tests(tree))


def _asks_for_own(node: ast.FunctionDef, tree: ast.Module) -> bool:
    """Whether a test asks only for fixtures of its file and for values that it is parametrized with."""
    own = {each.name for each in tree.body if isinstance(each, FUNCTIONS)}
    given = " ".join(
        str(each.args[0].value)
        for each in node.decorator_list
        if isinstance(each, ast.Call) and each.args and isinstance(each.args[0], ast.Constant)
    )
    return all(each.arg == "self" or each.arg in own or each.arg in given for each in node.args.args)


def _plain_tests(tree: ast.Module) -> Iterable[tuple[str, ast.FunctionDef]]:
    """Test functions that pytest gives fixtures: not asynchronous, in no class with bases."""
    for node in tree.body:
        if isinstance(node, ast.FunctionDef) and node.name.startswith("test"):
            yield node.name, node
        elif isinstance(node, ast.ClassDef) and not node.bases and not node.keywords:
            for each in node.body:
                if isinstance(each, ast.FunctionDef) and each.name.startswith("test"):
                    yield f"{node.name}.{each.name}", each


def _own_sleeps(node: ast.FunctionDef) -> set[int]:
    """The lines of `time.sleep(…)` in the body of a test, not in functions inside it."""
    lines = set()
    stack: list[ast.AST] = [*node.body]
    while stack:
        each = stack.pop()
        if isinstance(each, ast.Call) and chain(each.func) == "time.sleep":
            lines.add(each.lineno)
        if not isinstance(each, (*FUNCTIONS, ast.Lambda, ast.ClassDef)):
            stack += ast.iter_child_nodes(each)
    return lines


def _place_of_parameter(node: ast.FunctionDef, lines: list[str]) -> tuple[int, int, str] | None:
    """Line, column and text of one more parameter; None for parameters with defaults or stars."""
    arguments = node.args
    if arguments.defaults or arguments.vararg or arguments.kwarg or arguments.kwonlyargs:
        return None
    plain = [*arguments.posonlyargs, *arguments.args]
    if plain:
        last = plain[-1]
        line = last.end_lineno or last.lineno
        offset = last.end_col_offset or 0
        return line, len(lines[line - 1].encode()[:offset].decode()), f", {NAME}"
    found = re.search(rf"def\s+{re.escape(node.name)}\s*\(", lines[node.lineno - 1])
    return (node.lineno, found.end(), NAME) if found else None
