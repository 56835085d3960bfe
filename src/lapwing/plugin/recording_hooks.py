"""The hooks around each test, fixture and collector: one call of the recorder.

Phases are taken where pytest has just ended them and makes their report, by a plain hook before
all others, and where a report has been told, by a plain hook after all others: between the two
lies the next phase. Wrappers around the three phases would cost twice as much per test. A fault
of ours in any hook goes to `fault` and is never raised into a test.
"""

from __future__ import annotations

from collections.abc import Callable, Generator, Sequence
from pathlib import Path
from types import MethodType
from typing import Any, Final

import pytest

from lapwing.measure.clock import CLOCKS
from lapwing.plugin.hook_holder import HookHolder
from lapwing.plugin.item_facts import ItemFacts
from lapwing.record.process import ProcessRecording
from lapwing.record.recorder import Recorder

# Each argument of `parametrize` is a fixture inside pytest, and none that anybody wrote.
_PARAMETER = "get_direct_param_fixture_func"

_wrapper = pytest.hookimpl(wrapper=True, tryfirst=True)

# The recorder's own methods are the hooks of phases: `phase_ended` before all others have made a report
# of it, `report_told` after all others.
_phase_ended: Final = pytest.hookimpl(tryfirst=True)(Recorder.phase_ended)
_report_told: Final = pytest.hookimpl(trylast=True)(Recorder.report_told)


class RecordingHooks(HookHolder):
    """Registered while this process records."""

    def __init__(
        self,
        process: ProcessRecording,
        facts: ItemFacts,
        root: Path,
        fault: Callable[[Exception], None],
    ) -> None:
        self._process = process
        self._recorder = process.recorder
        self._fixtures = process.recorder.fixtures
        self._meta = facts.meta
        self._root = root
        self.fault = fault
        self.usual_report = pytest.TestReport
        self._recorder.ask(self)
        self.pytest_runtest_makereport = MethodType(_phase_ended, self._recorder)
        self.pytest_runtest_logreport = MethodType(_report_told, self._recorder)
        self._wall = CLOCKS.wall
        self._cpu = CLOCKS.process_cpu

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtestloop(self) -> None:
        """The first test is about to begin."""
        try:
            self._recorder.begin_tests()
        except Exception as error:
            self.fault(error)

    @pytest.hookimpl(tryfirst=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> None:
        """A test begins, before anything of it is timed."""
        try:
            meta = self._meta(item)
            if meta is not None:
                self._recorder.begin_test(item.nodeid, meta)
        except Exception as error:
            self.fault(error)

    def phase_failed(self, excinfo: pytest.ExceptionInfo[BaseException]) -> None:
        """A phase ended by an exception: was it its deadline?"""
        from lapwing.plugin.outcomes import is_timeout

        if is_timeout(excinfo.value):
            import traceback

            self._recorder.stopped("".join(traceback.format_tb(excinfo.tb)))

    def other_report(self, report: pytest.TestReport) -> None:
        """A report that tells anything but that a phase passed: of a test itself, or of a kind of its own."""
        if type(report) is not pytest.TestReport:
            self._foreign_report(report)
            return
        from lapwing.plugin.outcomes import is_superseded, outcome_of

        self._recorder.ended(report.when, outcome_of(report), report.duration)
        if is_superseded(report):  # told after its tear-down, which may go untold
            self._recorder.interrupt()

    def _foreign_report(self, report: pytest.TestReport) -> None:
        """A report of a kind of its own: a subtest, or a plugin's own way of telling an outcome."""
        from lapwing.plugin.outcomes import outcome_of, subtest_name

        name = subtest_name(report)
        if name is None:
            self._recorder.ended(report.when, outcome_of(report), report.duration)
        else:
            duration = round(report.duration * 1e9) or None
            self._recorder.subtest(name, outcome_of(report), duration)

    @_wrapper
    def pytest_fixture_setup(
        self, fixturedef: pytest.FixtureDef[Any], request: Any
    ) -> Generator[None, Any, Any]:
        """Time a fixture's set-up."""
        __tracebackhide__ = True  # a fixture that fails is shown at its own line
        if self._recorder.current is None or getattr(fixturedef.func, "__name__", "") == _PARAMETER:
            return (yield)
        fixtures = self._fixtures
        started = fixtures.begin_setup()
        failed = True
        try:
            result = yield
            failed = False
            return result
        finally:
            try:
                fixtures.end_setup(fixturedef, started, self._describe, _param_text(request), failed)
            except Exception as error:
                self.fault(error)

    def pytest_fixture_post_finalizer(self, fixturedef: pytest.FixtureDef[Any]) -> None:
        """A fixture has been torn down."""
        self._fixtures.end_teardown(fixturedef)

    @_wrapper
    def pytest_make_collect_report(self, collector: pytest.Collector) -> Generator[None, Any, Any]:
        """Time the collection of a file or folder, imports included."""
        if not isinstance(collector, (pytest.File, pytest.Directory)):
            return (yield)
        cpu = self._cpu()
        wall = self._wall()
        report = yield
        try:
            spent, cpu_spent = self._wall() - wall, self._cpu() - cpu
            how = {"failed": "error"}.get(report.outcome, report.outcome)
            self._process.collected(collector.nodeid, wall, spent, cpu_spent, how)
        except Exception as error:
            self.fault(error)
        return report

    def pytest_keyboard_interrupt(self) -> None:
        """Someone ends the session early, with whatever exit status (`pytest.exit`)."""
        try:
            self._process.interrupted()
        except Exception as error:
            self.fault(error)

    def pytest_deselected(self, items: Sequence[pytest.Item]) -> None:
        """Count what was selected away."""
        try:
            self._process.deselected(len(items))
        except Exception as error:
            self.fault(error)

    def _describe(self, fixturedef: Any) -> tuple[str, str, str]:
        """Name, scope and location of a fixture definition."""
        code = getattr(_innermost(fixturedef.func), "__code__", None)
        if code is None:
            return fixturedef.argname, fixturedef.scope, ""
        path = Path(code.co_filename)
        if path.is_relative_to(self._root):
            path = path.relative_to(self._root)
        return fixturedef.argname, fixturedef.scope, f"{path.as_posix()}:{code.co_firstlineno}"


def _innermost(function: Any) -> Any:
    """The function that a user wrote, below decorators and partial application."""
    for _ in range(20):
        inner = getattr(function, "__wrapped__", None) or getattr(function, "func", None)
        if inner is None:
            break
        function = inner
    return function


def _param_text(request: Any) -> str | None:
    """The fixture's parameter as short text, None where it has none.

    Only values with a harmless `str` are written out; others are told by their index.
    """
    param = getattr(request, "param", None)
    if param is None:
        return None
    if type(param) in (str, int, float, bool):
        return str(param)[:200]
    return f"#{getattr(request, 'param_index', 0)}"
