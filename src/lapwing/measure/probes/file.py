"""Files opened through `open`, `io.open` and what is built on them (pathlib, tempfile).

Imports and `os.open` do not count. The interpreter's audit event would see them all, but its
hook is called for every event of every kind: measured at 2% of an empty test, used or not.
"""

import _io
import builtins
import io

from lapwing.measure.probes.counted_call import CountedCall
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.patch import Patch

NAME = "file"


class FileProbe:
    """Counts files opened while installed, and the time that opening them took."""

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._patches: list[Patch] = []

    def install(self) -> None:
        """Begin to count."""
        opened = CountedCall(io.open, NAME, self._counters)
        self._patches += [Patch(owner, "open", opened) for owner in (builtins, io, _io)]

    def remove(self) -> None:
        """Put everything back."""
        while self._patches:
            self._patches.pop().restore()
