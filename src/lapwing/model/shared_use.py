"""What tests may not use at the same time: a port, a file, a database; as counters of a test name it."""

from typing import Final

from lapwing.model.value import Value

PORT: Final = "port:"  # and its number: bound by the test
WRITES: Final = "writes:"  # and a path relative to the working folder: opened for writing
DATABASE: Final = "database:"  # and a path likewise: an SQLite file that was connected to
KINDS: Final = (PORT, WRITES, DATABASE)


class SharedUse(Value):
    """Tests that meet in something, directly or one through another, and should stay in one worker."""

    group: str  # a name for the mark
    shared: tuple[str, ...]  # what they share, as the counters name it
    tests: tuple[str, ...]  # node ids without parameters, in the order of the run


def is_shared(counter: str) -> bool:
    """Whether a counter of a test names something that tests may share."""
    return counter.startswith(KINDS)
