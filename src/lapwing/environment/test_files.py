"""The test files of a project, where they lie, and which markers stand in them."""

import os
import re
from collections.abc import Iterable
from pathlib import Path, PurePosixPath
from typing import Final

from lapwing.environment.text_files import is_file, read_text

MOST_FILES: Final = 2_000
"""How many test files are looked at; a larger project is known by then."""

_MOST_FOLDERS: Final = 20_000
_MOST_BYTES: Final = 200_000  # of one file
_NOT_OURS: Final = frozenset(
    {"node_modules", "site-packages", "build", "dist", "__pycache__", "venv", "target"}
)
_TEST_FOLDERS: Final = frozenset({"test", "tests"})


def find_test_files(root: Path) -> list[PurePosixPath]:
    """Python test files below `root`, relative to it, sorted. Hidden and foreign folders are left out."""
    found: list[PurePosixPath] = []
    for folders_seen, (folder, subfolders, files) in enumerate(os.walk(root)):
        if folders_seen >= _MOST_FOLDERS or len(found) >= MOST_FILES:
            break
        subfolders[:] = sorted(name for name in subfolders if _is_ours(folder, name))
        place = PurePosixPath(Path(folder).relative_to(root).as_posix())
        found += [place / name for name in files if re.fullmatch(r"test_.*\.py|.*_test\.py", name)]
    return sorted(found)[:MOST_FILES]


def test_folders(files: Iterable[PurePosixPath]) -> tuple[str, ...]:
    """The folders that hold `files`: the outermost `tests` or `test` above each, else its own folder."""
    folders: dict[str, None] = {}
    for file in files:
        outermost = next((each for each in reversed(file.parents) if each.name in _TEST_FOLDERS), file.parent)
        folders.setdefault(str(outermost))
    return tuple(folders)


def markers_in(root: Path, files: Iterable[PurePosixPath]) -> tuple[str, ...]:
    """Names of pytest markers that the text of `files` uses, sorted."""
    names: set[str] = set()
    for file in files:
        names.update(
            re.findall(r"\bpytest\.mark\.([A-Za-z_]\w*)", read_text(root / file, most_bytes=_MOST_BYTES))
        )
    return tuple(sorted(names))


def _is_ours(folder: str, name: str) -> bool:
    is_environment = is_file(Path(folder) / name / "pyvenv.cfg")
    return not name.startswith(".") and name not in _NOT_OURS and not is_environment
