"""What tests may not use at the same time: a port, a file, a database; as counters of a test name it."""

from __future__ import annotations

from typing import Final

PORT: Final = "port:"  # and its number: bound by the test
WRITES: Final = "writes:"  # and a path relative to the working folder: opened for writing
DATABASE: Final = "database:"  # and a path likewise: an SQLite file that was connected to
KINDS: Final = (PORT, WRITES, DATABASE)


def is_shared(counter: str) -> bool:
    """Whether a counter of a test names something that tests may share."""
    return counter.startswith(KINDS)
