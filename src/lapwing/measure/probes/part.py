"""Probes that count in some tests only. A type: nothing loads this in a run."""

from collections.abc import Collection
from typing import Protocol


class Part(Protocol):
    """Probes of one kind, which count in the tests of some categories only."""

    def begin(self, wanted: Collection[str] | None, serial: int) -> None:
        """A test begins in which the probes `wanted` count (None: all of them)."""

    def end(self) -> None:
        """The test is over: add what is left to add."""
