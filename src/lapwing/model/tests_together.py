"""Tests that should stay in one worker."""

from lapwing.model.value import Value


class SharedUse(Value):
    """Tests that meet in something, directly or one through another, and should stay in one worker."""

    group: str  # a name for the mark
    shared: tuple[str, ...]  # what they share, as the counters name it
    tests: tuple[str, ...]  # node ids without parameters, in the order of the run
