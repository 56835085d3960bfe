"""What computes with columns: lists, or numpy where it is there and the table is worth its import."""

from collections.abc import Callable, Sequence
from typing import Final, Protocol

from lapwing.stats import columns

WORTH_IT: Final = 300_000
"""Values of one metric from which numpy pays for its import: 30 runs of 10,000 tests."""


class Arithmetic(Protocol):
    """The functions of `stats.columns`; its members are that module and, with numpy,
    its twin in `stats.arrays`.

    What one function of a member returned, only functions of the same member are given.
    """

    def vector(self, values: Sequence[float], /) -> Sequence[float]:
        """See `columns.vector`."""

    def places(self, rows: Sequence[int], /) -> Sequence[int]:
        """See `columns.places`."""

    def plain(self, values: Sequence[float], /) -> list[float]:
        """See `columns.plain`."""

    def logs(self, values: Sequence[float | None], least: float, /) -> Sequence[float]:
        """See `columns.logs`."""

    def less(self, values: Sequence[float], others: Sequence[float], /) -> Sequence[float]:
        """See `columns.less`."""

    def times(self, values: Sequence[float], factors: Sequence[float], /) -> Sequence[float]:
        """See `columns.times`."""

    def at(self, values: Sequence[float], rows: Sequence[int], /) -> Sequence[float]:
        """See `columns.at`."""

    def joined(self, parts: Sequence[Sequence[float]], /) -> Sequence[float]:
        """See `columns.joined`."""

    def running_median(self, values: Sequence[float], window: int, step: int, /) -> Sequence[float]:
        """See `columns.running_median`."""

    def lookup(
        self, rows: Sequence[int], values: Sequence[float], count: int, /
    ) -> Callable[[int], float | None]:
        """See `columns.lookup`."""

    def sorted_rows(
        self, columns: Sequence[tuple[Sequence[int], Sequence[float]]], count: int, /
    ) -> Sequence[Sequence[float]]:
        """See `columns.sorted_rows`."""

    def medians(self, rows: Sequence[Sequence[float]], /) -> list[float]:
        """See `columns.medians`."""

    def counts(self, rows: Sequence[Sequence[float]], /) -> list[int]:
        """See `columns.counts`."""

    def ends(self, rows: Sequence[Sequence[float]], count: int, /) -> Sequence[Sequence[float]]:
        """See `columns.ends`."""

    def excesses(
        self, rows: Sequence[Sequence[float]], centers: Sequence[float], least: float, /
    ) -> tuple[Sequence[float], Sequence[float]]:
        """See `columns.excesses`."""

    def rising(self, values: Sequence[float], others: Sequence[float], /) -> tuple[list[float], list[float]]:
        """See `columns.rising`."""


def arithmetic_for(values: int) -> Arithmetic:
    """What computes fastest here with so many values of one metric."""
    if values >= WORTH_IT:
        try:
            from lapwing.stats.arrays import columns as arrays
        except ImportError:
            return columns
        return arrays
    return columns
