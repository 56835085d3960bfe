"""Which tests a project's own pytest configuration leaves out of a usual run. Pure."""

import ast
import fnmatch
from collections.abc import Iterable, Iterator

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
        """Whether the file at `path` lies outside all folders that a run without arguments collects. A
        conftest.py is part of what lies below its folder.
        """
        if not self.test_paths:
            return False
        if any(
            fnmatch.fnmatchcase(path, each) or fnmatch.fnmatchcase(path, each.rstrip("/") + "/*")
            for each in self.test_paths
        ):
            return False
        *folders, name = path.split("/")
        return name != "conftest.py" or not any(_leads_to(folders, each) for each in self.test_paths)

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


def _leads_to(folders: list[str], pattern: str) -> bool:
    """Whether what `pattern` means may lie below the last of `folders`."""
    parts = pattern.rstrip("/").split("/")
    return len(folders) <= len(parts) and all(map(fnmatch.fnmatchcase, folders, parts))


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
        if name in ("-m", "-k"):
            (marks if name == "-m" else words).extend(_left_out_by(value))
        elif name == "--ignore":
            paths.append(value.removeprefix("./").rstrip("/"))
    folders = tuple(each.removeprefix("./").rstrip("/") for each in left_folders)
    inside = tuple(each.removeprefix("./").rstrip("/") for each in test_paths)
    if any(each in ("", ".") for each in inside):
        inside = ()
    return Selection(tuple(marks), tuple(words), tuple(path for path in paths if path), folders, inside)


def _left_out_by(expression: str) -> Iterator[str]:
    """The words of an expression of `-m` or `-k` each of which leaves out a test that has only it, while one
    with none of them runs.
    """
    try:
        tree = ast.parse(expression.strip(), mode="eval").body
        if _holds(tree, ""):
            names = dict.fromkeys(each.id for each in ast.walk(tree) if isinstance(each, ast.Name))
            yield from (name for name in names if not _holds(tree, name))
    except (SyntaxError, ValueError, RecursionError):
        return


def _holds(node: ast.expr, name: str) -> bool:
    """Whether an expression of words holds where only `name` does. Raises ValueError for anything else."""
    if isinstance(node, ast.Name):
        return node.id == name
    if isinstance(node, ast.UnaryOp) and isinstance(node.op, ast.Not):
        return not _holds(node.operand, name)
    if isinstance(node, ast.BoolOp):
        parts = [_holds(each, name) for each in node.values]
        return any(parts) if isinstance(node.op, ast.Or) else all(parts)
    raise ValueError(ast.dump(node))
