"""The root of a project, and the places of what Lapwing keeps below it."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Final

from lapwing.config.switch import mentions_table

HOME: Final = ".lapwing"


def find_root(start: Path) -> Path:
    """The root of the project around `start`, an absolute path.

    The nearest folder upward with `.lapwing/`, else with a `[tool.lapwing]` table in its
    pyproject.toml, else the top of the git checkout, else `start` (its folder, if it is a file).
    """
    folder = start.absolute()
    if _asks(folder.is_file):
        folder = folder.parent
    upward = (folder, *folder.parents)
    signs: tuple[Callable[[Path], bool], ...] = (_has_home, _has_table, _is_git_top)
    return next((each for sign in signs for each in upward if sign(each)), folder)


def home_path(root: Path) -> Path:
    """The folder of everything that Lapwing keeps in a checkout."""
    return root / HOME


def store_path(root: Path) -> Path:
    """The embedded store."""
    return root / HOME / "store.sqlite"


def spool_path(root: Path) -> Path:
    """The folder of runs that are being recorded, one folder per run."""
    return root / HOME / "spool"


def prepare_home(root: Path) -> Path:
    """`.lapwing/` below `root`, made with its folders and a `.gitignore` where they are missing.

    Several processes may do so at once. Raises StoreError where it cannot be written.
    """
    home = home_path(root)
    try:
        spool_path(root).mkdir(parents=True, exist_ok=True)
        ignore = home / ".gitignore"
        if not ignore.exists():
            ignore.write_text("*\n", encoding="utf-8")
    except OSError as error:
        from lapwing.errors import StoreError

        raise StoreError(
            f"the folder cannot be made: {error.strerror or error}",
            where=str(home),
            mend="Nothing is recorded until it can: make the folder writable, or free space on its disk.",
        ) from error
    return home


def _has_home(folder: Path) -> bool:
    return _asks(lambda: (folder / HOME).is_dir())


def _has_table(folder: Path) -> bool:
    return _asks(lambda: mentions_table((folder / "pyproject.toml").read_bytes()))


def _is_git_top(folder: Path) -> bool:
    return _asks(lambda: (folder / ".git").exists())


def _asks(question: Callable[[], bool]) -> bool:
    """The answer, or False where the folder may not be read."""
    try:
        return question()
    except OSError:
        return False
