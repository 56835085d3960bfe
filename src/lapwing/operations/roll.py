"""Names to be ticked off, kept as numbers: some ten bytes a name, however long it is."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

_BUCKETS: Final = 256  # each is taken as a set by itself, so that a million numbers never are one
_MOST_HERE: Final = 250_000
"""Who is here is noted, and ticked off by so many: one by one it takes five times as long."""


class Roll:
    """Who is expected. Of two names with one hash of 64 bits, one a tick for the other: that a missing test
    among a million goes unnoticed for it happens once in ten million million audits."""

    def __init__(self, names: Iterable[str]) -> None:
        self._missing = [array("q") for _ in range(_BUCKETS)]
        _deal(map(hash, names), self._missing)
        self._here = array("q")
        self._is_sorted = False
        for which, bucket in enumerate(self._missing):
            self._missing[which] = array("q", set(bucket))
        self.total = sum(map(len, self._missing))

    @property
    def is_complete(self) -> bool:
        """Whether everybody is here."""
        self._tick_off()
        return not any(self._missing)

    def tick(self, *names: str) -> None:
        """They are here; of one who is not expected nothing is noted."""
        self._here.extend(map(hash, names))
        if len(self._here) >= _MOST_HERE:
            self._tick_off()

    def is_missing(self, name: str) -> bool:
        """Whether one of the names was never ticked."""
        self._tick_off()
        if not self._is_sorted:
            self._missing = [array("q", sorted(bucket)) for bucket in self._missing]
            self._is_sorted = True
        number = hash(name)
        bucket = self._missing[number % _BUCKETS]
        place = bisect_left(bucket, number)
        return place < len(bucket) and bucket[place] == number

    def _tick_off(self) -> None:
        if not self._here:
            return
        here = [array("q") for _ in range(_BUCKETS)]
        _deal(self._here, here)
        self._here = array("q")
        self._is_sorted = False
        for which, (missing, ticked) in enumerate(zip(self._missing, here, strict=True)):
            if missing and ticked:
                self._missing[which] = array("q", set(missing).difference(ticked))


def _deal(numbers: Iterable[int], buckets: "list[array[int]]") -> None:
    """Put each of `numbers` into its bucket."""
    keep = [bucket.append for bucket in buckets]
    for number in numbers:
        keep[number % _BUCKETS](number)
