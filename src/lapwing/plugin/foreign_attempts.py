"""Attempts that start without pytest's protocol hook, as other plugins repeat a test.

Registered only where another plugin may run tests: asking at each set-up costs every test.
"""

from collections.abc import Callable
from typing import Any

import pytest

from lapwing.record.recorder import Recorder


class ForeignAttempts:
    """Begins an attempt at its set-up where nobody has begun it."""

    def __init__(self, recorder: Recorder, begin: Callable[[Any], None]) -> None:
        self._recorder = recorder
        self._begin = begin

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> None:
        """The set-up of an attempt, which may be a repeated one."""
        if not self._recorder.is_running(item.nodeid):
            self._begin(item)
