"""The bytes of all files for tests in a folder: who in a suite names a thing is told by words first, and few
files are parsed.
"""

import os
import re
from typing import Final

from lapwing.lint.discover import is_passed_over
from lapwing.lint.roles import TEST_FOLDERS
from lapwing.lint.source import Broken, read

_MOST_FILES: Final = 3_000
_MOST_BYTES: Final = 40_000_000
_OF_TESTS: Final = re.compile(r"(?i)test|conftest\.py")
_WITH_EXAMPLES: Final = (".txt", ".rst")
_EXAMPLE: Final = b">>>"
_MOST_KEPT: Final = 2  # folders: files of one follow each other


class SuiteTexts:
    """Keeps the folders asked for last."""

    def __init__(self) -> None:
        self._kept: dict[str, dict[str, bytes] | None] = {}

    def of(self, folder: str) -> dict[str, bytes] | None:
        """Path -> content of each Python file for tests in `folder` and below, and of each text with examples
        there; None where that is too much to hold.
        """
        if folder not in self._kept:
            while len(self._kept) >= _MOST_KEPT:
                del self._kept[next(iter(self._kept))]
            self._kept[folder] = _read_all(folder)
        return self._kept[folder]


def _is_for_tests(folder: str) -> bool:
    return any(part.lower() in TEST_FOLDERS for part in folder.split(os.sep))


def _read_all(folder: str) -> dict[str, bytes] | None:
    found: dict[str, bytes] = {}
    size = 0
    for here, folders, names in os.walk(folder):
        is_for_tests = _is_for_tests(here)
        folders[:] = sorted(each for each in folders if not is_passed_over(here, each))
        for name in names:
            is_text = name.endswith(_WITH_EXAMPLES)
            if not is_text and not name.endswith(".py"):
                continue
            if not (is_for_tests or _OF_TESTS.search(name)):
                continue
            path = os.path.join(here, name)
            content = read(path)
            if isinstance(content, Broken) or (is_text and _EXAMPLE not in content):
                continue
            found[path] = content
            size += len(content)
            if len(found) > _MOST_FILES or size > _MOST_BYTES:
                return None
    return found
