"""Files opened, counted by the interpreter's own audit event, whoever opens them.

An audit hook cannot be taken out again: there is one for all probes of this process, and while
none is installed it does nothing. There is no time: opening is told before it happens.
"""

import sys
from typing import Any, Final

from lapwing.measure.probes.counters import Counters

NAME = "file"


_counting: Final[list[Counters]] = []
_is_hooked = False


class FileProbe:
    """Counts files opened while installed."""

    looks_for_imports = False

    def __init__(self, counters: Counters) -> None:
        self._counters = counters

    def install(self) -> None:
        """Begin to count."""
        global _is_hooked
        _counting.append(self._counters)
        if not _is_hooked:
            sys.addaudithook(_hook)
            _is_hooked = True

    def refresh(self) -> None:
        """Nothing comes later."""

    def remove(self) -> None:
        """Count no more."""
        if self._counters in _counting:
            _counting.remove(self._counters)


def _hook(event: str, _: tuple[Any, ...]) -> None:
    if event == "open":
        for counters in _counting:
            counters.add(NAME)
