"""Does a file in which no word of a known call stands import a helper that waits? Told by words: most files
are such, and parsing them to find that they do not would take longer than all the rest.
"""

import os
import re
from collections.abc import Callable, Iterator
from typing import Final

from lapwing.lint.module import Module
from lapwing.lint.project import Project
from lapwing.lint.roles import import_statements
from lapwing.lint.slow_callers import SlowFunctions
from lapwing.lint.words import is_worth_parsing

_FROM: Final = re.compile(r"from\s+(\.*)\s*([\w.]*)\s+import\s+\(?(.*)", re.DOTALL)
_IMPORT: Final = re.compile(r"import\s+(.*)")
_RENAMED: Final = re.compile(r"\s+as\s+\w+")
_NAME: Final = re.compile(r"[\w.]+")


class SlowImports:
    """Remembers what each helper file holds. `slow_functions` finds those of a parsed one."""

    def __init__(self, project: Project, slow_functions: Callable[[Module], SlowFunctions]) -> None:
        self._project = project
        self._slow_functions = slow_functions
        self._names: dict[str, frozenset[str]] = {}
        self._helpers: dict[tuple[str, str], tuple[str, ...]] = {}

    def are_named_in(self, text: str, path: str) -> bool:
        """Whether the file at `path` imports a helper file and names a function of it that waits."""
        folder = os.path.dirname(path)
        for statement in import_statements(text):
            key = (folder, statement)
            helpers = self._helpers.get(key)
            if helpers is None:
                helpers = self._helpers[key] = tuple(dict.fromkeys(self._files(statement, folder)))
            for helper in helpers:
                self._project.note(helper)
                if helper != path and any(name in text for name in self._names_in(helper)):
                    return True
        return False

    def lead_to(self, dotted: str, folder: str) -> bool:
        """Whether `dotted`, imported by a file in `folder`, leads into a file with functions that wait."""
        path = self._project.test_code_at(dotted, folder)
        if path is None:
            return False
        self._project.note(path)
        return bool(self._names_in(path))

    def _files(self, statement: str, folder: str) -> Iterator[str]:
        """The helper files that an import statement leads into."""
        for dotted in _imported(statement, self._project.package_of(folder)):
            path = self._project.test_code_at(dotted, folder)
            if path is not None:
                yield path

    def _names_in(self, path: str) -> frozenset[str]:
        known = self._names.get(path)
        if known is None:
            self._names[path] = frozenset()  # for helpers that import each other
            text = self._project.text(path)
            module = self._project.module(path) if text is not None and is_worth_parsing(text) else None
            slow = self._slow_functions(module) if module is not None else {}
            known = self._names[path] = frozenset(getattr(each, "name", "") for each in slow)
        return known


def _imported(statement: str, package: str) -> Iterator[str]:
    """The dotted names that an import statement of a file in `package` imports."""
    found = _FROM.match(statement)
    if found is None:
        named = _IMPORT.match(statement)
        yield from _NAME.findall(_RENAMED.sub("", named[1])) if named is not None else ()
        return
    level, base = len(found[1]), found[2]
    if level:
        folders = package.split(".") if package else []
        above = folders[: len(folders) - level + 1]
        base = ".".join([*above, *([base] if base else [])])
    for name in _NAME.findall(_RENAMED.sub("", found[3])):
        yield f"{base}.{name}" if base else name
