"""Files that a conftest file keeps pytest from collecting: `collect_ignore` and `collect_ignore_glob`."""

import ast
import fnmatch
import os
from collections.abc import Iterable, Iterator

from lapwing.lint.exemption import conditional_lines
from lapwing.lint.module import Module
from lapwing.lint.place import Place, nothing_given
from lapwing.lint.scope import How


def is_ignored(path: str, conftests: Iterable[Module]) -> bool:
    """Whether one of `conftests` leaves the file at `path` out. Lists that code puts together say nothing,
    nor do those that hold only on another system or where something is missing.
    """
    for module in conftests:
        relative = os.path.relpath(path, os.path.dirname(module.path)).replace(os.sep, "/")
        for name in _texts(module, "collect_ignore"):
            if relative == name or relative.startswith(name.rstrip("/") + "/"):
                return True
        if any(fnmatch.fnmatchcase(relative, each) for each in _texts(module, "collect_ignore_glob")):
            return True
    return False


def _texts(module: Module, name: str) -> Iterator[str]:
    bindings = module.scope.bindings.get(name, ())
    if len(bindings) == 1 and bindings[0].how is How.VALUE and isinstance(bindings[0].node, ast.List):
        if bindings[0].line in conditional_lines(module, Place(module, module.scope, 0, nothing_given)):
            return
        for each in bindings[0].node.elts:
            if isinstance(each, ast.Constant) and isinstance(each.value, str):
                yield each.value
