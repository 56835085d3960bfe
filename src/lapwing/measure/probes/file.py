"""Files opened, counted by the interpreter's own audit event, whoever opens them.

An audit hook cannot be taken out again; while no test counts it returns at once. There is no
time: opening is told before it happens.
"""

import sys
from typing import Any

from lapwing.measure.probes.counters import Counters

NAME = "file"


class FileProbe:
    """Counts files opened while installed."""

    looks_for_imports = False

    def __init__(self, counters: Counters) -> None:
        self._counters = counters
        self._is_installed = False

    def install(self) -> None:
        """Begin to count."""
        self._is_installed = True
        counters = self._counters

        def hook(event: str, args: tuple[Any, ...]) -> None:
            if event == "open" and counters.is_on and self._is_installed:
                counters.add(NAME)

        sys.addaudithook(hook)

    def refresh(self) -> None:
        """Nothing comes later."""

    def remove(self) -> None:
        """Count no more."""
        self._is_installed = False
