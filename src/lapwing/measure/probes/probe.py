"""What every probe can do."""

from typing import Protocol


class Probe(Protocol):
    """Something that counts events into `Counters` while installed."""

    def install(self) -> None:
        """Begin to count."""

    def remove(self) -> None:
        """Put back exactly what was there."""
