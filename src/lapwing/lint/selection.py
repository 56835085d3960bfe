"""Which tests a project's own pytest configuration leaves out of a usual run. Pure."""

import fnmatch
import re
from collections.abc import Iterable

from lapwing.model.value import Value


class Selection(Value):
    """What is left out. Paths and patterns are relative to the project's top, with `/`."""

    marks: tuple[str, ...] = ()  # tests with these
    words: tuple[str, ...] = ()  # tests and files with these in their names
    paths: tuple[str, ...] = ()  # files and folders
    folders: tuple[str, ...] = ()  # patterns of folder names, or of paths where they have a `/`
    test_paths: tuple[str, ...] = ()  # patterns of folders and files, if any are set
    is_configured: bool = True  # whether the project has a configuration of pytest at all

    def is_elsewhere(self, path: str) -> bool:
        """Whether the file at `path` lies outside all folders that a run without arguments collects."""
        return bool(self.test_paths) and not any(
            fnmatch.fnmatchcase(path, each) or fnmatch.fnmatchcase(path, each.rstrip("/") + "/*")
            for each in self.test_paths
        )

    def leaves_out(self, path: str) -> bool:
        """Whether no test of the file at `path` runs."""
        folders = path.split("/")[:-1]
        for depth in range(1, len(folders) + 1):
            folder = "/".join(folders[:depth])
            if any(
                fnmatch.fnmatchcase(folder if "/" in pattern else folders[depth - 1], pattern)
                for pattern in self.folders
            ):
                return True
        return any(path == each or path.startswith(each + "/") for each in self.paths) or any(
            word.lower() in path.lower() for word in self.words
        )


def selection_of(
    options: Iterable[str], left_folders: Iterable[str], test_paths: Iterable[str] = ()
) -> Selection:
    """What the words of `addopts`, the patterns of `norecursedirs` and `testpaths` leave out."""
    marks: list[str] = []
    words: list[str] = []
    paths: list[str] = []
    waiting = [*options]
    while waiting:
        option = waiting.pop(0)
        name, is_joined, value = option.partition("=")
        if not is_joined and name in ("-m", "-k", "--ignore", "--ignore-glob", "--deselect"):
            value = waiting.pop(0) if waiting else ""
        if name in ("-m", "-k") and not re.search(r"\bor\b", value):
            (marks if name == "-m" else words).extend(re.findall(r"\bnot\s+(\w+)", value))
        elif name == "--ignore":
            paths.append(value.removeprefix("./").rstrip("/"))
    folders = tuple(each.removeprefix("./").rstrip("/") for each in left_folders)
    inside = tuple(each.removeprefix("./").rstrip("/") for each in test_paths)
    if any(each in ("", ".") for each in inside):
        inside = ()
    return Selection(tuple(marks), tuple(words), tuple(path for path in paths if path), folders, inside)
