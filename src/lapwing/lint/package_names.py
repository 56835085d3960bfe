"""What names of the project's own code stand for: `from package.compat import sleep` is still `time.sleep`,
and `package.spawn(…)` starts a process where its body does.

Only names that sound like a known call are followed: following each would mean to parse the whole project.
"""

import ast
import re
import sys
from collections.abc import Mapping
from typing import Final, NamedTuple

from lapwing.lint.body import body_of
from lapwing.lint.calls import KNOWN, PROCESSES, SLEEPS, Operation, canonical
from lapwing.lint.imported import Helpers
from lapwing.lint.module import Module
from lapwing.lint.scope import FUNCTIONS, How

_SOUNDS_KNOWN: Final = re.compile(
    r"[._](?:sleep|time|subprocess|multiprocessing|spawn|fork|urlopen|requests|sp)(?:$|\.)|[Pp]open$|Process$|"
    r"[._](?:(?:run|exec|execute|call)_?(?:cmds?|commands?|process|subprocess|shell)|check_?(?:call|output)|getoutput)$"
)
_SLEEPS: Final = re.compile(r"(?i)^_*(?:\w+_)?sleep$")
_STARTS: Final = re.compile(
    r"(?i)^_*(?:\w*popen|(?:\w+_)?spawn|(?:\w+_)?fork|(?:\w+_)?check_?(?:call|output)|getoutput|"
    r"(?:\w+_)?(?:run|exec|execute|call)_?(?:cmds?|commands?|process|subprocess|shell))$"
)
_PROCESS_CLASS: Final = re.compile(r"(?:Process|Popen)$")
_MOST_STEPS: Final = 4  # from file to file


class Origin(NamedTuple):
    """What a name leads to. `through` is what a function of the package calls in its turn, "" where the name
    is only another one for `call`.
    """

    call: str
    operation: Operation
    through: str = ""
    is_class: bool = False  # whose methods start the process


def sounds_known(dotted: str) -> bool:
    """Whether a dotted name may lead to a known call."""
    if "(" in dotted or _SOUNDS_KNOWN.search(dotted) is None:
        return False
    return dotted.partition(".")[0] not in sys.stdlib_module_names


def origin_of(dotted: str, importer: Module, helpers: Helpers, steps: int = 0) -> Origin | None:
    """The known call that `dotted`, a name which `importer` imports, stands for; None where it leads to
    another thing, or out of the project.
    """
    current, where = dotted, importer
    for _ in range(_MOST_STEPS):
        found = _found(current, where, helpers)
        if found is None:
            return None
        module, name = found
        first, _, rest = name.partition(".")
        for binding in module.scope.bindings.get(first, ()):
            if isinstance(binding.node, ast.ClassDef) and not rest and _PROCESS_CLASS.search(first):
                started = _started_by(binding.node, module)
                if started is not None:
                    return Origin(dotted, PROCESSES[started], started, is_class=True)
            if binding.how is How.DEFINITION and isinstance(binding.node, FUNCTIONS):
                is_ours = not rest and not helpers.is_test_code(current, where)
                return _wrapper(dotted, binding.node, module) if is_ours else None
        known = module.dotted(ast.Name(first, lineno=0), module.scope)
        if known is None and first not in module.scope.bindings and steps < _MOST_STEPS:
            starred = (origin_of(f"{star}.{name}", module, helpers, steps + 1) for star in module.stars)
            return next((each for each in starred if each is not None), None)
        if known is None:
            return None
        known = canonical(f"{known}.{rest}") if rest else known
        if known in KNOWN:
            return Origin(known, KNOWN[known])
        if known == current:
            return None
        current, where = known, module
    return None


def _found(dotted: str, importer: Module, helpers: Helpers) -> tuple[Module, str] | None:
    """The file of the project that the longest part of `dotted` leads into, and the rest, which is not
    empty.
    """
    parts = dotted.split(".")
    for length in range(len(parts) - 1, 0, -1):
        found = helpers.find(".".join(parts[:length]), importer)
        if found is not None:
            rest = [*([found[1]] if found[1] else []), *parts[length:]]
            return found[0], ".".join(rest)
    return None


def _wrapper(dotted: str, node: ast.FunctionDef | ast.AsyncFunctionDef, module: Module) -> Origin | None:
    """A function of the package that is called like what it calls itself."""
    calls = SLEEPS if _SLEEPS.search(node.name) else PROCESSES if _STARTS.search(node.name) else {}
    if not calls:
        return None
    inner = _first_of(calls, node, module, _MOST_STEPS)
    return Origin(dotted, calls[inner], inner) if inner is not None else None


def _started_by(owner: ast.ClassDef, module: Module) -> str | None:
    """The process that a method of a class starts, where the class is called like one."""
    scope = module.class_scopes[owner]
    for method in owner.body:
        if isinstance(method, FUNCTIONS):
            body = body_of(method, module, scope)
            for call in body.calls:
                inner = module.dotted(call.func, body.scope_of(call))
                if inner in PROCESSES:
                    return inner
    return None


def _first_of(
    calls: Mapping[str, Operation], node: ast.FunctionDef | ast.AsyncFunctionDef, module: Module, steps: int
) -> str | None:
    """The first of `calls` that a function makes, by itself or through functions of its own file."""
    body = body_of(node, module, module.scope)
    for call in body.calls:
        inner = module.dotted(call.func, body.scope_of(call))
        if inner in calls:
            return inner
        own = module.definition(call.func, body.scope_of(call)) if steps else None
        if own is not None and isinstance(own[0], FUNCTIONS) and own[0] is not node:
            found = _first_of(calls, own[0], module, steps - 1)
            if found is not None:
                return found
    return None
