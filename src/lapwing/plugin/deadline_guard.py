"""A deadline strikes while a test runs, not while pytest writes down how it went.

The signal of pytest-timeout raises wherever the process happens to be, from the begin of a test to its end.
Between the phases of a test, in a report or a hook of another plugin, that ends the whole session as an
internal error. With deadlines of a second a machine that stands still for so long comes to such places.
"""

import signal
import threading
from collections.abc import Callable, Generator
from types import FrameType
from typing import Any, Final

import pytest

_AGAIN_S: Final = 0.01
"""How long a deadline waits for the next phase of its test."""

_TEARDOWN_S: Final = 1.0
"""How long a tear-down may take if the deadline has passed before it.

Its test is over, and found too slow afterwards. Struck at once, pytest might not come to tear down what the
next test needs to be gone; struck never, a tear-down that hangs would hang for ever.
"""

_RENEWED_S: Final = 10.0
"""When it strikes again in a phase that goes on after it.

Its exception may have been lost where Python swallows all of them (a finalizer, a callback of the collector).
Time enough for a test that is stopped to close what it has opened.
"""

Handler = Callable[[int, FrameType | None], Any]


class DeadlineGuard:
    """Registered beside the deadlines where there is a signal; stands between it and pytest-timeout."""

    def __init__(self) -> None:
        self._is_set = False
        self._in_phase = False
        self._has_struck = False  # in the phase that runs
        self._is_late = False  # the deadline has passed between two phases

    @pytest.hookimpl(optionalhook=True, wrapper=True)
    def pytest_timeout_set_timer(self, settings: Any) -> Generator[None, Any, Any]:
        """A test begins that has a deadline."""
        result = yield
        is_main = threading.current_thread() is threading.main_thread()
        strike = signal.getsignal(signal.SIGALRM) if is_main and settings.method == "signal" else None
        if callable(strike):
            signal.signal(signal.SIGALRM, self._guarded(strike))
            self._is_set = True
            self._is_late = False
        return result

    @pytest.hookimpl(optionalhook=True, wrapper=True)
    def pytest_timeout_cancel_timer(self) -> Generator[None, Any, Any]:
        """It has ended. From here on a signal on its way is to do nothing, not even to come again."""
        self._is_set = False
        return (yield)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """The test may be stopped."""
        return (yield from self._phase())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """The test may be stopped."""
        return (yield from self._phase())

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """The test may be stopped; if it should have been before, its tear-down is given time."""
        if self._is_late and self._is_set:
            signal.setitimer(signal.ITIMER_REAL, _TEARDOWN_S)
        return (yield from self._phase())

    def _phase(self) -> Generator[None, Any, Any]:
        self._in_phase = True
        try:
            return (yield)
        finally:
            self._in_phase = False
            if self._has_struck:
                signal.setitimer(signal.ITIMER_REAL, 0)
                self._has_struck = False

    def _guarded(self, strike: Handler) -> Handler:
        def handle(number: int, frame: FrameType | None) -> None:
            __tracebackhide__ = True
            if self._in_phase:
                self._has_struck = True
                signal.setitimer(signal.ITIMER_REAL, _RENEWED_S)
                strike(number, frame)
            elif self._is_set:
                self._is_late = True
                signal.setitimer(signal.ITIMER_REAL, _AGAIN_S)

        return handle
