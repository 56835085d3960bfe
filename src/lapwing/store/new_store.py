"""A new embedded store, put in its place as a whole.

To make thirty tables one by one costs SQLite twelve million instructions, in the first tracked
run of every CI job that keeps no store. The file beside this one holds what the steps of
`migrations` come to; `docs/generate.py` makes it. Steps that have come since are applied to it as
to any older store. Until it is opened for the first time, its steps are dated 0.
"""

from __future__ import annotations

import os
from pathlib import Path
from typing import Final

READY_MADE: Final = Path(__file__).with_name("new_store.bin")


def place_new_store(path: Path) -> bool:
    """Put a new store at `path`, where nothing is; False where that cannot be done.

    It is there whole or not at all. Another process that does the same at once is let win.
    """
    beside = f"{path}.{os.getpid()}.new"
    try:
        rest = memoryview(READY_MADE.read_bytes())
        fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_EXCL | getattr(os, "O_BINARY", 0), 0o644)
        try:
            while rest:
                rest = rest[os.write(fd, rest) :]
        finally:
            os.close(fd)
            try:
                if not rest:
                    os.link(beside, path)
            finally:
                os.unlink(beside)  # noqa: PTH108
    except OSError:
        return False
    return True
