"""What tests leave behind, over runs."""

from lapwing.model.value import Value

COUNTER = "leaks"
"""The counter of what a test has left: files, threads, processes, temporary files."""


class Leaking(Value):
    """A test that left something behind in the newest run in which any did."""

    nodeid: str
    left: int  # things in that run
    runs: int  # of those looked at, in which it left something
    since_ns: int  # start of the first run from which on it has in every one


class Leaks(Value):
    """All of them, those that left most first."""

    tests: tuple[Leaking, ...] = ()
    run_id: str = ""  # of that newest run
    runs: int = 0  # that were looked at
