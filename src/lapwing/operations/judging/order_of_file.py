"""Who came first in the runs of a baseline file, and what fixtures that several tests share took them."""

from collections.abc import Container, Mapping, Sequence

from lapwing.model.baseline import BaselineFile


class OrderOfFile:
    """What the file tells of it: of each test the least and the most in any of its runs."""

    def __init__(self, file: BaselineFile) -> None:
        self._file = file

    def turns(self, nodeids: Container[str]) -> list[Mapping[str, int]]:
        """How early each of `nodeids` came, at the latest and at the earliest."""
        tests = [(nodeid, entry.turns) for nodeid, entry in self._file.tests.items() if nodeid in nodeids]
        return [{nodeid: turns[at] for nodeid, turns in tests} for at in (0, 1)]

    def shared_ns(self, nodeid: str) -> list[int]:
        """The least and the most that fixtures of wider scope took inside of the test."""
        entry = self._file.tests.get(nodeid)
        return [] if entry is None else list(entry.shared_ns)

    def set_up_by(self, nodeid: str) -> Mapping[str, Sequence[int]]:
        """Nothing: the file does not tell which fixtures a test set up."""
        return {}

    def set_ups(self) -> Mapping[str, Sequence[int]]:
        """By fixture of wider scope what a set-up took, in nanoseconds."""
        return {name: (took,) for name, took in self._file.fixtures.items()}
