"""Together with pytest-timeout: who ends the process writes down first where the test was.

Its own thread ends the process without a report of the test; its signal never reaches code that holds
the interpreter's lock. Registered while this process records and pytest-timeout is there; its hooks are
called for tests that have a timeout. A test that swallows its stop is known by the signal that struck.
"""

import signal
import threading
import traceback
from collections.abc import Callable, Generator
from pathlib import Path
from types import FrameType
from typing import Any, Final

import pytest

from lapwing.check.stack import stack_of
from lapwing.check.watchdog import Watchdog
from lapwing.config.settings import Settings
from lapwing.record.recorder import Recorder
from lapwing.store.run_files.folder import watchdog_file
from lapwing.units import NS_PER_S

_THREAD: Final = "thread"


def watchdog_for(config: pytest.Config, settings: Settings, folder: Path, worker: str) -> Watchdog | None:
    """The watchdog of this process; None where pytest uses the only timer, or nobody is to be ended."""
    if not settings.stuck_after_ns or float(config.getini("faulthandler_timeout") or 0):
        return None
    return Watchdog(folder / watchdog_file(worker))


class TimeoutRecording:
    """Sets the thread's timer in place of pytest-timeout, and the watchdog's beside either."""

    def __init__(
        self,
        recorder: Recorder,
        watchdog: Watchdog | None,
        stuck_after_ns: int,
        fault: Callable[[Exception], None],
    ) -> None:
        """`watchdog` is None where somebody else uses `faulthandler`'s timer, or nobody is to be ended."""
        self._recorder = recorder
        self._watchdog = watchdog
        self._stuck_after_s = stuck_after_ns / NS_PER_S
        self._fault = fault
        self._struck_at = ""  # where the present test was when the signal stopped it

    @pytest.hookimpl(optionalhook=True, wrapper=True)
    def pytest_timeout_set_timer(self, item: Any, settings: Any) -> Generator[None, Any, Any]:
        """A test begins that has a timeout."""
        try:
            if self._watchdog is not None:
                self._watchdog.watch(settings.timeout + self._stuck_after_s)
        except Exception as error:
            self._fault(error)
        result = yield
        is_main = threading.current_thread() is threading.main_thread()
        if settings.method == _THREAD or not is_main:
            self._write_first(item, settings)
        else:
            self._note_strike()
        return result

    @pytest.hookimpl(optionalhook=True, wrapper=True)
    def pytest_timeout_cancel_timer(self, item: Any) -> Generator[None, Any, Any]:
        """It has ended. The timer goes first: it would raise in whatever we do here."""
        result = yield
        if self._watchdog is not None:
            self._watchdog.rest()
        try:
            if self._struck_at and self._recorder.current == item.nodeid:
                self._recorder.stopped(self._struck_at)
        except Exception as error:
            self._fault(error)
        self._struck_at = ""
        return result

    def _note_strike(self) -> None:
        """Have the signal tell us when it stops the test, which nobody hears of if the test swallows it."""
        strike = signal.getsignal(signal.SIGALRM)
        if not callable(strike):
            return

        def handle(number: int, frame: FrameType | None) -> None:
            __tracebackhide__ = True
            try:
                strike(number, frame)
            except BaseException:
                self._struck_at = "".join(traceback.format_stack(frame)) or "?"
                raise

        signal.signal(signal.SIGALRM, handle)

    def _write_first(self, item: Any, settings: Any) -> None:
        """Put a timer of ours in the place of the one that would end the process unrecorded."""
        item.cancel_timeout()
        runner = threading.current_thread().ident or 0
        timer = threading.Timer(settings.timeout, self._stop, (item, settings, runner))
        timer.daemon = True
        timer.name = f"lapwing {item.nodeid}"

        def cancel() -> None:
            timer.cancel()
            timer.join()

        item.cancel_timeout = cancel
        timer.start()

    def _stop(self, item: Any, settings: Any, runner: int) -> None:
        import pytest_timeout  # type: ignore[import-untyped]

        try:
            if settings.disable_debugger_detection or not pytest_timeout.is_debugging():
                self._recorder.stopped(stack_of(runner))
        except Exception as error:
            self._fault(error)
        pytest_timeout.timeout_timer(item, settings)
