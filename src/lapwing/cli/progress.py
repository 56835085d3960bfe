"""How far long work is, told on a terminal while it goes on; nothing is told into a pipe."""

import time
from types import TracebackType
from typing import Final, Self

from lapwing.cli.output import Output
from lapwing.units import format_count, format_size

_FIRST_S: Final = 1.0
_STEP_S: Final = 0.2


class Progress:
    """A line of its own that counts bytes read, then tests stored; shown after a second, wiped at the end."""

    def __init__(self, output: Output) -> None:
        self._output = output
        self._bytes = 0
        self._tests = 0
        self._next = time.monotonic() + _FIRST_S
        self._is_shown = False

    def add(self, count: int) -> None:
        """Count `count` bytes more."""
        self._bytes += count
        if self._is_due():
            self._show(f"read {format_size(self._bytes)}")

    def add_tests(self, count: int) -> None:
        """Count `count` tests more that were stored."""
        self._tests += count
        if self._is_due():
            self._show(f"stored {format_count(self._tests, 'test')}")

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self._is_shown:
            self._output.replace_aside("")

    def _is_due(self) -> bool:
        now = time.monotonic()
        if now < self._next:
            return False
        self._next = now + _STEP_S
        return True

    def _show(self, text: str) -> None:
        self._is_shown = self._output.replace_aside(text) or self._is_shown
