"""Writing a spool file: one `os.write` per line on an append-only descriptor."""

import contextlib
import errno
import os
from collections.abc import Callable
from pathlib import Path
from typing import Final

_FLAGS: Final = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_CLOEXEC", 0)


class SpoolWriter:
    """An open spool file. After `write` has returned, the line outlives the process."""

    __slots__ = ("_fd", "_is_closed", "_relocate", "_write", "path")

    def __init__(self, path: Path, relocate: Callable[[int], int] = int) -> None:
        """Create or continue `path`; `relocate` may move its descriptor. Raises OSError."""
        self.path = path
        self._relocate = relocate
        self._write = os.write
        self._fd = -1
        self._is_closed = False
        self._open()

    def _open(self) -> None:
        self._fd = self._relocate(os.open(self.path, _FLAGS, 0o644))

    def write(self, line: bytes) -> None:
        """Append `line`. Raises OSError (disk full, quota).

        A test that closed all descriptors has closed this one too: it is opened again.
        """
        try:
            written = self._write(self._fd, line)
        except OSError as error:
            if self._is_closed:
                return
            if error.errno != errno.EBADF:
                raise
            self._open()
            written = self._write(self._fd, line)
        while written < len(line):
            written += self._write(self._fd, line[written:])

    def close(self) -> None:
        """Let go of the file. What is written from now on is dropped."""
        self._is_closed = True
        if self._fd >= 0:
            with contextlib.suppress(OSError):
                os.close(self._fd)
            self._fd = -1
