"""What a piece of code leaves behind: open files, threads, processes, temporary files and folders."""

import os
import tempfile
import threading
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, Final

from lapwing.measure.probes.patch import Patch
from lapwing.model.value import Value

_DESCRIPTORS: Final = "/proc/self/fd"
_TASKS: Final = "/proc/self/task"


class Present(Value):
    """What there is at one moment."""

    files: frozenset[tuple[str, str]]  # number and what it is open on
    threads: frozenset[tuple[int, str]]  # identity and name
    processes: frozenset[str]  # numbers of our children


class TemporaryPaths:
    """While installed, notes what `tempfile` makes."""

    def __init__(self) -> None:
        self._paths: list[str] = []
        self._patches: list[Patch] = []

    def install(self) -> None:
        """Begin to note."""
        self._patches = [
            Patch(tempfile, "mkdtemp", self._noting(tempfile.mkdtemp, lambda made: made)),
            Patch(tempfile, "mkstemp", self._noting(tempfile.mkstemp, lambda made: made[1])),
        ]

    def remove(self) -> None:
        """Put everything back."""
        while self._patches:
            self._patches.pop().restore()

    def begin(self) -> None:
        """Forget what was made so far."""
        self._paths.clear()

    def left(self) -> tuple[str, ...]:
        """What was made since `begin` and is still there."""
        return tuple(path for path in self._paths if os.path.lexists(path))

    def _noting(self, original: Callable[..., Any], path_of: Callable[[Any], Any]) -> Callable[..., Any]:
        def make(*args: Any, **kwargs: Any) -> Any:
            made = original(*args, **kwargs)
            self._paths.append(os.fsdecode(path_of(made)))
            return made

        return make


def present() -> Present:
    """What there is now; parts that the system does not tell are empty."""
    return Present(
        files=frozenset(_files()),
        threads=frozenset((each.ident or 0, each.name) for each in threading.enumerate()),
        processes=frozenset(_children()),
    )


def left_behind(before: Present, after: Present) -> dict[str, tuple[str, ...]]:
    """What is there after and was not before, by kind. Where as many went as came, nothing was left."""
    left = {}
    for kind, early, late in zip(Present._fields, before, after, strict=True):
        new, gone = late - early, early - late
        if len(new) > len(gone):
            left[kind] = tuple(sorted(each if isinstance(each, str) else each[1] for each in new))
    return left


def with_news(before: Present, early: Present, late: Present) -> Present:
    """`before` with what came between `early` and `late`: somebody else's who keeps it on purpose."""
    return Present(*(known | (new - old) for known, old, new in zip(before, early, late, strict=True)))


def _files() -> Iterator[tuple[str, str]]:
    try:
        numbers = os.listdir(_DESCRIPTORS)  # noqa: PTH208, paths cost several times as much
    except OSError:
        return
    for number in numbers:
        try:
            yield number, os.readlink(f"{_DESCRIPTORS}/{number}")  # noqa: PTH115
        except OSError:
            continue  # that of the listing itself


def _children() -> Iterator[str]:
    for task in Path(_TASKS).glob("*/children"):
        try:
            yield from task.read_text().split()
        except OSError:
            continue
