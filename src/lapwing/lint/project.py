"""The files around a test file: its conftest files, and the helper files that it imports."""

import ast
import os
import re
from collections.abc import Iterator
from pathlib import Path, PurePath
from typing import Final

from lapwing.lint.digest import digest_of
from lapwing.lint.module import Module
from lapwing.lint.required import REQUIRING_FILES, oldest_required
from lapwing.lint.roles import TEST_FOLDERS
from lapwing.lint.source import Broken, decode, parse, read

_GIT: Final = ".git"  # a folder in a repository, a file in one that another has as a part
_TOPS: Final = ("pyproject.toml", "setup.py", "setup.cfg", "tox.ini", "pytest.ini", _GIT)
PYTEST_FILES: Final = (
    *("pytest.toml", ".pytest.toml", "pytest.ini", ".pytest.ini"),
    *("pyproject.toml", "tox.ini", "setup.cfg"),
)
_FOR_TESTS: Final = re.compile(r"test|fixture|mock|fake|stub|helper")
_SOURCES: Final = ("src", "lib")
"""Folders below a project's top that hold its packages."""

_MOST_MODULES: Final = 300  # kept parsed; more would be the memory of a machine in a large repository
_MOST_FOLDERS: Final = 25
_MOST_TOPS: Final = 2  # a project of examples in a project, seldom more
_MOST_BYTES: Final = 2_000_000  # of a helper; longer ones are data


class Project:
    """Reads each file once. What was read is kept by path; `is_for_cache` with the digest of its content."""

    def __init__(self, working_folder: Path, *, is_for_cache: bool) -> None:
        self._working_folder = working_folder
        self._is_for_cache = is_for_cache
        self._modules: dict[str, Module | None] = {}
        self._chains: dict[str, tuple[str, ...]] = {}
        self._located: dict[tuple[str, str], tuple[str, str] | None] = {}
        self._roots: dict[tuple[str, str], tuple[str, ...]] = {}
        self._packages: dict[str, str] = {}
        self._tops: dict[str, str] = {}
        self._own_packages: dict[str, frozenset[str]] = {}
        self._exists: dict[str, bool] = {}
        self._listings: dict[str, frozenset[str] | None] = {}
        self._above: dict[str, tuple[str, ...]] = {}
        self._test_code: dict[tuple[str, str], str | None] = {}
        self._digests: dict[str, str] = {}
        self._requiring: dict[str, list[str]] = {}
        self._asked: set[str] = set()

    def shown(self, path: str) -> str:
        """`path` relative to the working folder where it lies below it, with `/`."""
        try:
            relative = os.path.relpath(path, self._working_folder)
        except ValueError:  # another drive
            return PurePath(path).as_posix()
        return PurePath(path if relative.startswith("..") else relative).as_posix()

    def top_of(self, folder: str) -> str:
        """The folder of the project around `folder`: the nearest with one of its usual files. What git keeps
        of another repository in a project, without such a file but git's own, is a part of the project.
        """
        known = self._tops.get(folder)
        if known is None:
            known = folder
            current = folder
            for _ in range(_MOST_FOLDERS):
                mark = next((name for name in _TOPS if self._is_there(os.path.join(current, name))), None)
                if mark == _GIT and os.path.isfile(os.path.join(current, _GIT)):
                    known = current
                elif mark is not None:
                    known = current
                    break
                parent = os.path.dirname(current)
                if parent == current:
                    break
                current = parent
            self._tops[folder] = known
        return known

    def tops_around(self, folder: str) -> Iterator[str]:
        """The folders of the project around `folder` and of those that it lies in, innermost first."""
        top = self.top_of(folder)
        yield top
        for _ in range(_MOST_TOPS):
            outer = self.top_of(os.path.dirname(top))
            if outer == os.path.dirname(top) and not any(
                self._is_there(os.path.join(outer, name)) for name in _TOPS
            ):
                return
            yield outer
            top = outer

    def own_packages(self, top: str) -> frozenset[str]:
        """Names of the packages that the project at `top` makes."""
        known = self._own_packages.get(top)
        if known is None:
            folders = (top, *(os.path.join(top, each) for each in _SOURCES))
            names = {name for folder in folders if os.path.isdir(folder) for name in os.listdir(folder)}
            known = self._own_packages[top] = frozenset(names)
        return known

    def package_of(self, folder: str) -> str:
        """The dotted name of `folder`, from the outermost folder with `__init__.py`."""
        known = self._packages.get(folder)
        if known is None:
            parts: list[str] = []
            current = folder
            while self._holds(current, "__init__.py") and len(parts) < _MOST_FOLDERS:
                current, name = os.path.split(current)
                parts.insert(0, name)
            known = self._packages[folder] = ".".join(parts)
        return known

    def conftests(self, folder: str) -> list[Module]:
        """The conftest files that reach tests in `folder`, nearest first."""
        paths = self._chains.get(folder)
        if paths is None:
            top = self.top_of(folder)
            found: list[str] = []
            current = folder
            for _ in range(_MOST_FOLDERS):
                found.append(os.path.join(current, "conftest.py"))
                if current == top or os.path.dirname(current) == current:
                    break
                current = os.path.dirname(current)
            paths = self._chains[folder] = tuple(found)
        self._asked.update(paths)  # also those that are not there: they may come
        there = (path for path in paths if self._is_there(path))
        return [module for path in there if (module := self.module(path)) is not None]

    def module(self, path: str) -> Module | None:
        """The parsed file at `path`, or None where it cannot be."""
        self._asked.add(path)
        if path not in self._modules:
            self._modules[path] = self._read(path)
        return self._modules[path]

    def text(self, path: str) -> str | None:
        """The text of the file at `path`, or None where it cannot be read."""
        self._asked.add(path)
        content = read(path)
        self._keep_digest(path, content)
        text = content if isinstance(content, Broken) else decode(content)
        return None if isinstance(text, Broken) else text

    def note(self, path: str) -> None:
        """Note the file at `path`, which was read before, as asked for."""
        self._asked.add(path)

    @property
    def is_full(self) -> bool:
        """Whether so many files are kept that they should be let go."""
        return len(self._modules) > _MOST_MODULES

    def forget_modules(self) -> None:
        """Let the parsed files go."""
        for module in self._modules.values():
            if module is not None:
                module.forget_bodies()
        self._modules.clear()

    def forget_reads(self) -> None:
        """Begin to note which files are asked for."""
        self._asked = set()

    def note_configuration(self, top: str) -> None:
        """Note the files of the project at `top` that may hold pytest's configuration as asked for."""
        for name in PYTEST_FILES if self._is_for_cache else ():
            path = os.path.join(top, name)
            self._asked.add(path)
            if path not in self._digests:
                self._keep_digest(path, read(path) if self._is_there(path) else None)

    def reads(self) -> dict[str, str]:
        """The files asked for since, with the digests of their contents ("" where there is none)."""
        return {path: self._digests.get(path, "") for path in self._asked}

    def parsed(self, text: str, path: str) -> Module | None:
        """The module of the file at `path` where a file with this text was parsed as an imported one."""
        known = self._modules.get(path)
        if known is None or known.text != text:
            return None
        known.forget_bodies()  # a file is looked at in the same way whoever asked for it before
        return known

    def keep_parsed(self, module: Module, content: bytes) -> None:
        """Keep the module of a checked file, so that nobody parses it again who imports it."""
        if module.path not in self._modules and len(content) <= _MOST_BYTES:
            self._modules[module.path] = module
            self._keep_digest(module.path, content)

    def make_module(self, tree: ast.Module, text: str, path: str) -> Module:
        """A module of an already parsed file."""
        folder, name = os.path.split(path)
        return Module(
            tree, text=text, path=path, stem=name.removesuffix(".py"), package=self.package_of(folder)
        )

    def find(self, dotted: str, importer: Module) -> tuple[Module, str] | None:
        """The file of the project that `dotted` leads into, and the name in it; None for what is
        installed.
        """
        return self._find(dotted, os.path.dirname(importer.path))

    def oldest_required(self, package: str, importer: Module) -> tuple[int, ...] | None:
        """The oldest version of a package that the project around `importer` asks for; None where it asks for
        none.
        """
        top = self.top_of(os.path.dirname(importer.path))
        if top not in self._requiring:
            paths = (os.path.join(top, name) for name in REQUIRING_FILES)
            self._requiring[top] = [text for each in paths if (text := self.text(each)) is not None]
        for name in REQUIRING_FILES if self._is_for_cache else ():
            self.note(os.path.join(top, name))
        return oldest_required(package, self._requiring[top])

    def is_test_code(self, dotted: str, importer: Module) -> bool:
        """Whether `dotted` leads into a file for tests by its name or folder, or one beside the importer.

        Following a test into the code that it tests would mean to parse the whole project.
        """
        return self.test_code_at(dotted, os.path.dirname(importer.path)) is not None

    def test_code_at(self, dotted: str, folder: str) -> str | None:
        """The file for tests that `dotted`, imported by a file in `folder`, leads into, or None."""
        key = (folder, dotted)
        if key not in self._test_code:
            self._test_code[key] = self._find_test_code(dotted, folder)
        return self._test_code[key]

    def _find_test_code(self, dotted: str, folder: str) -> str | None:
        located = self._locate(dotted, folder)
        if located is None:
            return None
        path = located[0]
        top = self.top_of(folder)
        is_below = path.startswith(top + os.sep)
        parts = (path[len(top) + 1 :] if is_below else os.path.relpath(path, top)).lower().split(os.sep)
        if parts[0] in _SOURCES and not folder.startswith(os.path.join(top, parts[0])):
            return None
        is_for_tests = any(part in TEST_FOLDERS or _FOR_TESTS.search(part) for part in parts)
        return path if is_for_tests or os.path.dirname(path) == folder else None

    def _find(self, dotted: str, folder: str) -> tuple[Module, str] | None:
        located = self._locate(dotted, folder)
        module = self.module(located[0]) if located is not None else None
        return (module, located[1]) if located is not None and module is not None else None

    def _locate(self, dotted: str, folder: str) -> tuple[str, str] | None:
        """The file that `dotted` leads into, and the name in it."""
        key = (folder, dotted)
        if key not in self._located:
            self._located[key] = self._search(dotted, folder)
        return self._located[key]

    def _search(self, dotted: str, folder: str) -> tuple[str, str] | None:
        parts = dotted.split(".")
        if "" in parts:
            return None
        for root in self._roots_of(parts[0], folder):
            for length in (len(parts), len(parts) - 1):
                if length:
                    path = self._file(os.path.join(root, *parts[: length - 1]), parts[length - 1])
                    if path is not None:
                        return path, ".".join(parts[length:])
        return None

    def _roots_of(self, first: str, folder: str) -> tuple[str, ...]:
        """The folders from `folder` up to the project's top that hold a module or package called `first`."""
        known = self._roots.get((folder, first))
        if known is None:
            file = first + ".py"
            above = self._folders_above(folder)
            top = self.top_of(folder)
            own = self.own_packages(top)
            if first in own or file in own:
                above = (*above, *(os.path.join(top, each) for each in _SOURCES))
            known = self._roots[folder, first] = tuple(
                each for each in above if self._holds(each, first) or self._holds(each, file)
            )
        return known

    def _folders_above(self, folder: str) -> tuple[str, ...]:
        """`folder` and those around it, up to the project's top."""
        known = self._above.get(folder)
        if known is None:
            above = [folder]
            top = self.top_of(folder)
            while above[-1] != top and os.path.dirname(above[-1]) != above[-1] and len(above) < _MOST_FOLDERS:
                above.append(os.path.dirname(above[-1]))
            known = self._above[folder] = tuple(above)
        return known

    def _file(self, folder: str, name: str) -> str | None:
        """The file of the module or package called `name` in `folder`."""
        if self._holds(folder, name + ".py"):
            return os.path.join(folder, name + ".py")
        if self._holds(folder, name) and self._holds(os.path.join(folder, name), "__init__.py"):
            return os.path.join(folder, name, "__init__.py")
        return None

    def _read(self, path: str) -> Module | None:
        content = read(path)
        self._keep_digest(path, content)
        if isinstance(content, Broken) or len(content) > _MOST_BYTES:
            return None
        text = decode(content)
        if isinstance(text, Broken):
            return None
        tree = parse(text)
        return None if isinstance(tree, Broken) else self.make_module(tree, text, path)

    def _keep_digest(self, path: str, content: bytes | Broken | None) -> None:
        if self._is_for_cache:
            self._digests[path] = digest_of(content) if isinstance(content, bytes) else ""

    def _is_there(self, path: str) -> bool:
        known = self._exists.get(path)
        if known is None:
            known = self._exists[path] = os.path.exists(path)
        return known

    def _holds(self, folder: str, name: str) -> bool:
        """Whether `folder`, one of the project's, has a file or folder called `name`."""
        # Reading a folder once takes less than asking for the many names that are not in it.
        if folder not in self._listings:
            self._listings[folder] = _listing(folder)
        listing = self._listings[folder]
        return self._is_there(os.path.join(folder, name)) if listing is None else name in listing


def _listing(folder: str) -> frozenset[str] | None:
    """The names in a folder; None where it may not be read, though perhaps what is in it."""
    try:
        return frozenset(os.listdir(folder))
    except PermissionError:
        return None
    except OSError:
        return frozenset()
