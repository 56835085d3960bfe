"""Writing a spool file: one `os.write` per line on an append-only descriptor."""

from __future__ import annotations

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any, Final

_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)


def name_folder(error: OSError, path: Path) -> OSError:
    """`error` with the folder of `path` where it names nothing.

    The system names no file where writing to a descriptor fails. The folder is that of the run, so
    that all processes that fail alike say the same.
    """
    if error.filename is None:
        error.filename = str(path.parent)
    return error


class Kept:
    """What a process that gathers its own run still has of what it wrote: nothing is read back."""

    __slots__ = ("lines", "name", "running", "tests")

    def __init__(self, name: str) -> None:
        """`name` is that of the file."""
        self.name = name
        self.lines: list[bytes] = []  # all but those of tests
        self.tests: list[tuple[Any, ...]] = []
        """What the lines of a test that ended are made of: node id, attempt, monotonic ns of its begin,
        outcome, measures, category and markers, extras."""
        self.running: tuple[str, int, int] | None = None
        """Node id, attempt, monotonic ns of its begin of a test that never ended."""


class SpoolWriter:
    """An open spool file. After `write` has returned, the line outlives the process."""

    __slots__ = ("_fd", "_is_closed", "_relocate", "_write", "kept", "path")

    def __init__(self, path: Path, relocate: Callable[[int], int] = int, *, kept: Kept | None = None) -> None:
        """Create or continue `path`; `relocate` may move its descriptor. Raises OSError.

        Every line but those of tests stays in `kept`, too.
        """
        self.path = path
        self.kept = kept
        self._relocate = relocate
        self._write = os.write
        self._fd = -1
        self._is_closed = False
        self._open()

    def _open(self) -> None:
        self._fd = self._relocate(os.open(self.path, _FLAGS, 0o644))

    def write(self, line: bytes) -> None:
        """Append `line` and keep it. Raises OSError as `write_only` does."""
        self.write_only(line)
        if self.kept is not None:
            self.kept.lines.append(line)

    def write_only(self, line: bytes) -> None:
        """Append `line`. Raises OSError (disk full, quota) that names the folder.

        A test that closed all descriptors has closed this one too: it is opened again.
        """
        write = self._write
        try:
            written = write(self._fd, line)
        except OSError as error:
            if self._is_closed:
                return
            if error.errno != errno.EBADF:
                raise name_folder(error, self.path) from None
            self._open()
            written = 0
        if written < len(line):
            self._write_rest(line[written:])

    def _write_rest(self, rest: bytes) -> None:
        try:
            while rest:
                rest = rest[self._write(self._fd, rest) :]
        except OSError as error:
            raise name_folder(error, self.path) from None

    def close(self) -> None:
        """Let go of the file. What is written from now on is dropped."""
        self._is_closed = True
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = -1
