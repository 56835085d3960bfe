"""Which files of a folder are looked at: those that pytest collects, and what lies in test folders beside
them.
"""

import os
import re
from collections.abc import Collection, Iterator
from typing import Final

_TEST_FOLDERS: Final = frozenset({"test", "tests"})
_TEST_FILE: Final = re.compile(r"test_.*\.py|.*_test\.py|conftest\.py")
_NEVER: Final = frozenset({"node_modules", "site-packages", "__pycache__"})


def find_files(folder: str, test_paths: Collection[str] = ()) -> Iterator[str]:
    """The Python test files below `folder` (absolute), in order; links to folders are not followed.

    Every `.py` below a folder named `test` or `tests` or one of the absolute `test_paths`, and elsewhere
    files named like tests. Hidden folders, environments and installed packages are left out. A test path
    that is the package under test, with its tests inside, is looked through like any other folder.
    """
    parts = set(folder.split(os.sep))
    holding = [each for each in test_paths if not _is_package_under_test(each)]
    yield from _below(folder, bool(parts & _TEST_FOLDERS) or _lies_in(folder, holding), holding)


def is_passed_over(folder: str, name: str) -> bool:
    """Whether the folder called `name` in `folder` holds no files of a project's own: it is hidden, or one of
    installed packages, or an environment.
    """
    return name.startswith(".") or name in _NEVER or os.path.exists(os.path.join(folder, name, "pyvenv.cfg"))


def _is_package_under_test(folder: str) -> bool:
    """Whether a test path is a package that holds no test file itself: that of the product, given to pytest
    for its doctests or for the test folders in it.
    """
    try:
        names = os.listdir(folder)
    except OSError:
        return False
    return "__init__.py" in names and not any(
        re.fullmatch(r"test_.*\.py|.*_test\.py", each) for each in names
    )


def _below(top: str, is_test_folder: bool, test_paths: Collection[str]) -> Iterator[str]:
    stack = [(top, is_test_folder)]
    while stack:
        folder, is_test = stack.pop()
        try:
            with os.scandir(folder) as entries:
                found = sorted(entries, key=lambda entry: entry.name)
        except OSError:
            continue
        inner = []
        for entry in found:
            name = entry.name
            if entry.is_dir(follow_symlinks=False):
                if is_passed_over(folder, name):
                    continue
                inner.append((entry.path, is_test or name in _TEST_FOLDERS or entry.path in test_paths))
            elif name.endswith(".py") and (is_test or _TEST_FILE.fullmatch(name)) and entry.is_file():
                yield entry.path
        stack += inner[::-1]


def _lies_in(folder: str, test_paths: Collection[str]) -> bool:
    return any(folder == each or folder.startswith(each + os.sep) for each in test_paths)
