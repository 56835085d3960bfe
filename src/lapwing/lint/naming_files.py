"""Which files of a suite name a thing, and whether one may be asked for without its name in the code.

Told by words, not by calls: a helper is also handed to threads, and named in strings.
"""

import ast
import os
import re
from collections.abc import Iterable
from typing import Final

from lapwing.lint.fixtures import is_test_function
from lapwing.lint.module import Module
from lapwing.lint.named_thing import Thing
from lapwing.lint.roles import import_statements, is_of_tests_only, test_trees
from lapwing.lint.suite import Suite
from lapwing.lint.words import has_word

_COMPUTED_NAME: Final = re.compile(
    r"\bglobals\(\)|\bgetmembers\(|\bgetattr\((?!self|cls\b)\w{1,80}, ?[a-z_]{1,80}[,)]"
)
_COMPUTED_METHOD: Final = re.compile(r"\bgetattr\((?:self|cls), ?[^'\"\n]")
_COMPUTED_FIXTURE: Final = re.compile(
    rb"\bgetfixturevalue\((?:f['\"]|[^()\n]{0,80}(?:[+%]|\.(?:format|join)\())"
)
"""Ways to ask for a thing by a name that does not stand in the code."""

_STAR: Final = b"import *"
_ASKING: Final = b"getfixturevalue("
_TO_WAIT: Final = re.compile(r"(?i)wait|poll|sleep|retry|eventually|until")
"""Names of what suites keep for all of their tests: who happens to use it now tells little."""

_MAY_EXEMPT: Final = (
    *(b"mark", b"skip", b"Skip", b"slow", b"Slow", b"__test__", b"platform", b"os.name", b"environ"),
    *(b"getoption", b"__main__"),
)
"""Words without one of which a file exempts no test and leaves no code out."""


class NamingFiles:
    """Looks for names in the files of a suite."""

    def __init__(self, suite: Suite) -> None:
        self._suite = suite

    def folders(self, thing: Thing, module: Module) -> tuple[str, ...]:
        """The folders in which tests may use a thing: where those of a part of a package are in it, those of
        other parts may, too.
        """
        folder = os.path.dirname(module.path)
        top = self._suite.top_of(folder)
        trees = test_trees(module.path, top)
        if trees and thing.is_fixture and module.stem == "conftest":
            return (folder,)
        return (top,) if trees and os.path.dirname(trees[0]) != top else trees

    def may_be_asked_for(self, fixture: Thing, module: Module) -> bool:
        """Whether a test may ask for a fixture by a computed name, or the configuration does for all."""
        if fixture.name in self._suite.asked_by_configuration(
            self._suite.top_of(os.path.dirname(module.path))
        ):
            return True
        texts = (self._suite.texts.of(each) or {} for each in self.folders(fixture, module))
        return any(
            _ASKING in text and _COMPUTED_FIXTURE.search(text) is not None
            for there in texts
            for text in there.values()
        )

    def is_for_others(self, thing: Thing, module: Module) -> bool:
        """Whether what no test names may be there for others, or for a framework that calls it by its name:
        in a helper file, or in a conftest file that a package ships outside of its tests.
        """
        if is_of_tests_only(module.path) or thing.name == "main":
            return False
        if thing.is_method:
            return True
        return module.stem != "conftest" or not self.folders(thing, module)

    def naming(
        self, thing: Thing, module: Module, *, anywhere: bool = False, is_every: bool = False
    ) -> list[str] | None:
        """The other files that name a thing and, but for fixtures and `anywhere`, its file; None where that
        cannot be told or, but for `is_every`, where a look shows that one uses it.
        """
        folders = self.folders(thing, module)
        self._suite.note(folders)
        word = thing.name.encode()
        folder, stem = os.path.split(module.path)
        is_package = stem == "__init__.py"
        file = (os.path.basename(folder) if is_package else module.stem).encode()
        kept = [self._suite.texts.of(each) for each in folders]
        if not folders or None in kept:
            return None
        texts = [(path, text) for there in kept for path, text in (there or {}).items()]
        everywhere = {path: text for path, text in texts if word in text and path != module.path}
        near = {
            path: text
            for path, text in everywhere.items()
            if file in text or (is_package and path.startswith(folder + os.sep))
        }
        is_sought = not (thing.is_fixture or is_every)
        if is_sought and any(self._is_sure_user(each, word, near[each]) for each in near):
            return None
        is_seen_everywhere = anywhere or (
            not is_of_tests_only(module.path)
            and (thing.is_fixture or thing.is_method or _is_handed_on(thing, file, texts))
        )
        naming = everywhere if is_seen_everywhere else near
        found = [path for path, text in naming.items() if has_word(text, word)]
        is_told = all(path.endswith(".py") for path in found)  # others hold examples, which are run
        return found if is_told else None

    def _is_sure_user(self, path: str, word: bytes, text: bytes) -> bool:
        """Whether a test file that names a thing, and holds no word of what leaves tests out, uses it."""
        return (
            is_of_tests_only(path)
            and has_word(text, word)
            and not any(each in text for each in _MAY_EXEMPT)
            and not self._suite.is_left_out(path)
        )


def is_for_all(thing: Thing, module: Module) -> bool:
    """Whether a thing is one that a suite keeps for all of its tests to wait with, in a file without any."""
    if is_of_tests_only(module.path) or _TO_WAIT.search(thing.name) is None:
        return False
    return not any(is_test_function(each.node) for each in module.definitions)


def may_be_named(thing: Thing, module: Module) -> bool:
    """Whether the file asks for things of this kind by names that do not stand in the code, or runs the
    example in a docstring of this one.
    """
    if thing.is_method:
        return _COMPUTED_METHOD.search(module.text) is not None
    said = ast.get_docstring(thing.node, clean=False) or ""
    return ">>>" in said or _COMPUTED_NAME.search(module.text) is not None


def _is_handed_on(thing: Thing, file: bytes, texts: Iterable[tuple[str, bytes]]) -> bool:
    """Whether a helper file imports a thing, or all names, of the `file` in which it stands: others may then
    have it from there.
    """
    word = thing.name.encode()
    for path, text in texts:
        if is_of_tests_only(path) or file not in text or not (word in text or _STAR in text):
            continue
        for statement in import_statements(text.decode("utf-8", "replace")):
            if "*" in statement or thing.name in statement:
                return True
    return False
