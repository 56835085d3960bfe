"""Is a file collected by pytest, imported by tests, or neither? Files that nobody runs make no test slow."""

import os
import re
from collections.abc import Callable, Collection, Iterator, Mapping
from typing import Final

from lapwing.lint.digest import digest_of
from lapwing.lint.discover import is_passed_over
from lapwing.lint.exemption import exempt_folder
from lapwing.lint.source import Broken, decode, read

TEST_FOLDERS: Final = frozenset({"test", "tests", "t", "unittests"})
_COLLECTED: Final = re.compile(r"test_.*\.py|.*_tests?\.py|tests?\.py|conftest\.py|__init__\.py")
_OF_TESTS_ONLY: Final = re.compile(r"test_.*\.py|.*_tests?\.py|tests?\.py")
"""Files that others do not import from; what stands in a conftest file or a helper may be used anywhere."""

_TESTS: Final = re.compile(r"(?m)^\s*(?:async )?def test|^\s*class \w*Test\w*[ \t]*\(|TestCase\)")
_PLUGINS: Final = re.compile(r"(?m)^[ \t]*pytest_plugins[^\n]*(?:\n[^\n\])]*)*")
_BEFORE_SCRIPT: Final = ("'", '"', "/", " ")
_WORD: Final = re.compile(r"\w+")
_MOST_FILES: Final = 5_000


def is_collected(name: str, text: str) -> bool:
    """Whether pytest or a test runner takes the file called `name` with this text."""
    return _COLLECTED.fullmatch(name) is not None or _TESTS.search(text) is not None


def is_of_tests_only(path: str) -> bool:
    """Whether the file at `path` is one that others do not import from, by its name."""
    return _OF_TESTS_ONLY.fullmatch(os.path.basename(path)) is not None


def is_imported_by_none(path: str) -> bool:
    """Whether no file can import the one at `path`, by its name: it runs as a program alone."""
    return not os.path.basename(path).removesuffix(".py").isidentifier()


class Imports:
    """The words in import statements of each test tree, and the names of Python files in its strings; read
    when they are first asked for.

    Folders whose tests may be slow, `slow_folders` beside the known ones, do not count: what only they use
    may be slow, too. `kept_texts` gives the files of a tree by path, or None where that is too much to hold.
    """

    def __init__(
        self, slow_folders: Collection[str], kept_texts: Callable[[str], Mapping[str, bytes] | None]
    ) -> None:
        self._slow_folders = slow_folders
        self._kept_texts = kept_texts
        self._words: dict[str, frozenset[str]] = {}
        self._named: dict[tuple[str, tuple[str, ...]], bool] = {}

    def reach(self, path: str, top: str) -> bool:
        """Whether a file of the test trees of `path` that counts imports it, or names it as a script. True
        where there is no such tree.
        """
        trees = test_trees(path, top)
        stem = os.path.basename(path).removesuffix(".py")
        return not trees or any(self._is_named(stem, (stem, stem + ".py"), tree) for tree in trees)

    def run_as_script(self, path: str, top: str) -> bool:
        """Whether a file of the test trees of `path` names it with its ending, as one does that runs it."""
        name = os.path.basename(path)
        return any(self._is_named(name, (name,), tree) for tree in test_trees(path, top))

    def _is_named(self, part: str, names: tuple[str, ...], tree: str) -> bool:
        """Whether one of `names`, of which `part` is a part, is among the words of a tree."""
        known = self._named.get((tree, names))
        if known is None:
            kept = self._kept_texts(tree)
            words = self._words_of(tree) if kept is None else self._words_with(part, tree, kept)
            known = self._named[tree, names] = any(name in words for name in names)
        return known

    def _words_with(self, part: str, tree: str, kept: Mapping[str, bytes]) -> set[str]:
        """The words of those files of a tree in which `part` stands; it itself where a text names something
        of a module of that name, as `"tests.app:app"` does.
        """
        in_text = re.compile(
            rb"['\"](?:\w{1,80}\.){1,9}%s[.:]\w" % re.escape(part.encode("utf-8", "replace"))
        )
        sought = part.encode("utf-8", "surrogateescape")
        words: set[str] = set()
        for path, content in kept.items():
            if sought in content and path.endswith(".py"):
                folders = os.path.dirname(path)[len(tree) :].split(os.sep)
                if all(map(self._counts, folders)):
                    words |= _imported_words(content)
                    if in_text.search(content) is not None:
                        words.add(part)
        return words

    def _words_of(self, tree: str) -> frozenset[str]:
        known = self._words.get(tree)
        if known is None:
            words: set[str] = set()
            count = 0
            for folder, folders, files in os.walk(tree):
                folders[:] = [each for each in folders if self._counts(each)]
                for name in files:
                    if name.endswith(".py") and count < _MOST_FILES:
                        count += 1
                        content = read(os.path.join(folder, name))
                        words |= set() if isinstance(content, Broken) else _imported_words(content)
            known = self._words[tree] = frozenset(words)
        return known

    def _counts(self, folder: str) -> bool:
        return not folder.startswith(".") and exempt_folder(folder + "/", self._slow_folders) is None


def _imported_words(content: bytes) -> set[str]:
    text = decode(content)
    if isinstance(text, Broken):
        return set()
    words = {word for statement in set(import_statements(text)) for word in _WORD.findall(statement)}
    if "pytest_plugins" in text:
        words.update(word for found in _PLUGINS.findall(text) for word in _WORD.findall(found))
    words.update(_scripts_in(text))
    return words


def _scripts_in(text: str) -> Iterator[str]:
    """The names of Python files at the ends of strings, as of scripts that a test runs."""
    # Going back from each ending takes a fifteenth of what a regular expression for the names takes.
    end = text.find(".py")
    while end >= 0:
        if text[end + 3 : end + 4] in ("'", '"'):
            start = end
            while start and (text[start - 1].isalnum() or text[start - 1] in "_-"):
                start -= 1
            if start < end and text[start - 1 : start] in _BEFORE_SCRIPT:
                yield text[start : end + 3]
        end = text.find(".py", end + 3)


def import_statements(text: str) -> Iterator[str]:
    """The import statements of a file, without their comments."""
    # Going from one `import` to the next takes a third of what a regular expression for whole lines takes.
    find = text.find
    at = find("import")
    while at >= 0:
        start = text.rfind("\n", 0, at) + 1
        end = find("\n", at)
        end = len(text) if end < 0 else end
        statement = text[start:end].partition("#")[0].strip()
        if statement.startswith(("import ", "from ")):
            if "(" in statement and ")" not in statement:
                closed = find(")", end)
                end = len(text) if closed < 0 else closed
                statement = text[start:end]
            yield statement
        at = find("import", end)


def stamp_of(tree: str) -> str:
    """A digest of the names, sizes and times of the Python files in a folder: the same as long as none is
    touched.
    """
    rows = []
    for folder, folders, files in os.walk(tree):
        folders[:] = sorted(each for each in folders if not is_passed_over(folder, each))
        for name in sorted(files):
            if name.endswith(".py"):
                try:
                    facts = os.stat(os.path.join(folder, name))
                except OSError:
                    continue
                rows.append(f"{folder}/{name} {facts.st_size} {facts.st_mtime_ns}")
    return digest_of("\n".join(rows).encode("utf-8", "surrogateescape"))


def test_trees(path: str, top: str) -> tuple[str, ...]:
    """The folders whose tests may use the file at `path`: the outermost folder of tests around it and, where
    that is a part of a package, those beside the package; none for a file outside all.
    """
    around = outermost_test_folder(path, top)
    if around is None:
        return ()
    if os.path.dirname(around) == top:
        return (around,)
    beside = (os.path.join(top, name) for name in sorted(TEST_FOLDERS))
    return (around, *(each for each in beside if os.path.isdir(each)))


def outermost_test_folder(path: str, top: str) -> str | None:
    """The folder of tests that `path` lies in, the outermost of several; None for a file outside all."""
    relative = os.path.relpath(os.path.dirname(path), top)
    current = top
    for part in relative.split(os.sep):
        current = os.path.join(current, part)
        if part.lower() in TEST_FOLDERS:
            return current
    return None
