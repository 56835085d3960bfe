"""What pytest tells the recorder, and who knows what it means. Types only: nothing loads this in a run."""

from typing import Any, Protocol


class Report(Protocol):
    """What pytest tells of a phase, or a subtest, once its outcome is known."""

    @property
    def nodeid(self) -> str:
        """Of the test."""

    @property
    def when(self) -> str:
        """Which phase."""

    @property
    def outcome(self) -> str:
        """In pytest's words."""

    @property
    def duration(self) -> float:
        """Seconds, by pytest's clock."""


class Interpreter(Protocol):
    """Who knows what pytest means where something else happened than that a phase passed."""

    @property
    def usual_report(self) -> type:
        """The class of reports that tell of a test itself."""

    def phase_failed(self, excinfo: Any) -> None:
        """A phase ended by an exception."""

    def other_report(self, report: Any) -> None:
        """An outcome but that a phase of the current test passed, or a report of another kind."""

    def fault(self, error: Exception) -> None:
        """The recorder itself has failed."""


class Phase(Protocol):
    """What pytest tells of a phase that has ended (its `CallInfo`)."""

    @property
    def when(self) -> str:
        """Which one."""

    @property
    def duration(self) -> float:
        """Seconds, by pytest's clock."""

    @property
    def stop(self) -> float:
        """Seconds since the epoch."""

    @property
    def excinfo(self) -> object:
        """None where it did not fail."""
