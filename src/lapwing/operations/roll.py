"""Names to be ticked off, kept as numbers: some ten bytes a name, however long it is."""

from array import array
from bisect import bisect_left
from collections.abc import Iterable
from typing import Final

_BUCKETS: Final = 256  # each is sorted by itself, so that a million numbers are never a list


class Roll:
    """Who is expected. Of two names with one hash of 64 bits, one a tick for the other: that a missing test
    among a million goes unnoticed for it happens once in ten million million audits."""

    def __init__(self, names: Iterable[str]) -> None:
        buckets = [array("q") for _ in range(_BUCKETS)]
        for name in names:
            number = hash(name)
            buckets[number % _BUCKETS].append(number)
        for which, bucket in enumerate(buckets):
            buckets[which] = array("q", sorted(bucket))
        self._buckets = buckets
        self._is_here = [bytearray(len(bucket)) for bucket in buckets]
        self.total = sum(map(len, buckets))
        self._missing = self.total

    @property
    def is_complete(self) -> bool:
        """Whether everybody is here."""
        return not self._missing

    def tick(self, name: str) -> None:
        """Somebody is here; of one who is not expected nothing is noted."""
        number = hash(name)
        which = number % _BUCKETS
        bucket = self._buckets[which]
        place = bisect_left(bucket, number)
        if place < len(bucket) and bucket[place] == number:
            self._missing -= not self._is_here[which][place]
            self._is_here[which][place] = True

    def is_missing(self, name: str) -> bool:
        """Whether one of the names was never ticked."""
        number = hash(name)
        which = number % _BUCKETS
        return not self._is_here[which][bisect_left(self._buckets[which], number)]
