"""Where the sides of a paired comparison are built: outside of the checkout, and never left behind.

A marker below `.lapwing/worktrees/` says which folder and worktrees a running command has. Its lock
goes with the process, however that dies; a marker that nobody holds is cleaned up after.
"""

import contextlib
import os
import signal
import tempfile
import threading
from collections.abc import Iterator
from pathlib import Path
from types import FrameType
from typing import Final
from uuid import uuid4

from lapwing.config.root import home_path, prepare_home
from lapwing.environment.worktree import add_worktree, remove_folder, remove_worktree
from lapwing.errors import LapwingError
from lapwing.store.run_files.folder import hold, is_held, let_go

_PREFIX: Final = "lapwing-"
_FACTS: Final = "place"
_SIGNALS: Final = ("SIGTERM", "SIGHUP")


class Place:
    """A folder of the system's temporary ones, with worktrees of the repository at `top` in it."""

    def __init__(self, top: Path, folder: Path) -> None:
        self.top = top
        self.folder = folder

    def add(self, name: str, commit: str) -> tuple[Path, tuple[str, ...]]:
        """Check `commit` out; returns its tree, and what had to be left out. Raises ProjectError."""
        tree = self.folder / name
        notes = add_worktree(self.top, commit, tree)
        return tree, notes

    def remove(self, tree: Path) -> None:
        """Take a worktree away again."""
        remove_worktree(self.top, tree)

    def remove_all(self) -> None:
        """Take away everything: worktrees, then the folder."""
        if self.folder.is_dir():
            for tree in self.folder.iterdir():
                if (tree / ".git").exists():
                    remove_worktree(self.top, tree)
        for tree in _registered(self.top, self.folder):
            remove_worktree(self.top, tree)
        remove_folder(self.folder)


@contextlib.contextmanager
def open_place(root: Path, top: Path) -> Iterator[Place]:
    """A place for the length of a `with`; first cleans up after commands that were killed.

    An end by SIGTERM or SIGHUP is told as KeyboardInterrupt, and nothing interrupts the cleaning.
    """
    prepare_home(root)
    clean_places(root)
    name = f"{_PREFIX}{uuid4().hex}"
    marker = home_path(root) / "worktrees" / name
    # Without links: git tells worktrees by their real paths.
    folder = Path(os.path.realpath(tempfile.gettempdir())) / name
    marker.mkdir(parents=True)
    lock = hold(marker)
    place = Place(top, folder)
    try:
        (marker / _FACTS).write_text(f"{top}\n{folder}\n", encoding="utf-8", errors="surrogateescape")
        with _signals_as_interrupts():
            folder.mkdir(mode=0o700)
            yield place
    finally:
        with _undisturbed():
            place.remove_all()
            remove_folder(marker)
            let_go(lock)


def clean_places(root: Path) -> int:
    """Remove what killed commands have left; returns how many had left something."""
    markers = home_path(root) / "worktrees"
    if not markers.is_dir():
        return 0
    cleaned = 0
    for marker in sorted(markers.iterdir()):
        if is_held(marker):
            continue
        try:
            lines = (marker / _FACTS).read_text(encoding="utf-8", errors="surrogateescape").splitlines()
        except OSError:
            lines = []
        # Only what bears our name: the file may have been edited, or half written.
        if len(lines) == 2 and Path(lines[1]).name == marker.name and marker.name.startswith(_PREFIX):
            try:
                Place(Path(lines[0]), Path(lines[1])).remove_all()
            except LapwingError:
                continue  # the repository has gone or refuses; the next command tries again
            cleaned += 1
        remove_folder(marker)
    return cleaned


def _registered(top: Path, folder: Path) -> list[Path]:
    from lapwing.environment.worktree import worktree_paths

    return [path for path in worktree_paths(top) if path.is_relative_to(folder)]


@contextlib.contextmanager
def _signals_as_interrupts() -> Iterator[None]:
    if threading.current_thread() is not threading.main_thread():
        yield
        return

    def interrupt(number: int, frame: FrameType | None) -> None:
        raise KeyboardInterrupt

    numbers = [getattr(signal, name) for name in _SIGNALS if hasattr(signal, name)]
    before = [(number, signal.signal(number, interrupt)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)


@contextlib.contextmanager
def _undisturbed() -> Iterator[None]:
    """Leave no worktree behind for a second Ctrl-C: cleaning takes a moment and comes last."""
    if threading.current_thread() is not threading.main_thread():
        yield
        return
    numbers = [getattr(signal, name) for name in ("SIGINT", *_SIGNALS) if hasattr(signal, name)]
    before = [(number, signal.signal(number, signal.SIG_IGN)) for number in numbers]
    try:
        yield
    finally:
        for number, handler in before:
            signal.signal(number, handler)
