"""Tracking of one session: opens the recording, closes it, hands the run on, prints the summary.

In a single process it does all of it. In a controller of pytest-xdist it makes the run and
gathers it; in a worker it only records.
"""

from __future__ import annotations

import os
import sys
from collections.abc import Generator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final

import pytest

from lapwing.config.load import load_settings
from lapwing.config.root import prepare_home, spool_path
from lapwing.config.settings import Settings
from lapwing.measure.clock import CLOCKS
from lapwing.measure.present_recording import Recording, enter, leave
from lapwing.model.run import Run
from lapwing.plugin.hook_holder import HookHolder
from lapwing.plugin.item_facts import ItemFacts
from lapwing.plugin.own_marks import has_pytest_timeout
from lapwing.plugin.plain_imports import PlainImports
from lapwing.plugin.recording_hooks import RecordingHooks
from lapwing.record.process import ProcessRecording
from lapwing.record.run_facts import RunEnd, begin_run, end_run
from lapwing.store.run_files.folder import RunFacts, create_run_folder, remove_run_folder, write_end

if TYPE_CHECKING:
    from _pytest.terminal import TerminalReporter

    from lapwing.measure.slow_imports import SlowImports
    from lapwing.model.budget import JudgedBudget
    from lapwing.operations.finish_run import FinishedRun
    from lapwing.operations.tell_live import Telling

PROBES: Final = ("sleep", "subprocess", "socket", "file", "thread")
_PLACE_KEY: Final = "lapwing"  # in a worker's input: where to write
_USUAL_RUNNERS: Final = 2  # hooks that may run a test: pytest's own, and ours, which only looks on
_NOTICES_KEY: Final = "lapwing_notices"  # in a worker's output, as the next one
_WARNINGS_KEY: Final = "lapwing_warnings"
_LOOKING_ONLY: Final = ("collectonly", "showfixtures", "show_fixtures_per_test", "setupplan", "setuponly")


class Tracking(HookHolder):
    """The state of a tracked session. Everything that fails here is told once, in `notices`."""

    def __init__(
        self, config: pytest.Config, started: int, conftests_ns: int | None, imports: SlowImports | None
    ) -> None:
        """`started` is the first moment of ours in this process, 0 if it was not noted.

        `conftests_ns` is what conftest files took to load, None if it was not noted; `imports` watches
        imports since then, if that was asked for.
        """
        self._config = config
        self._imports = imports
        self._conftests_ns = conftests_ns
        self._started = started or CLOCKS.wall()
        self._worker_place: dict[str, Any] | None = getattr(config, "workerinput", {}).get(_PLACE_KEY)
        self._is_worker = hasattr(config, "workerinput")
        self._worker_name = "main"
        self._pid = os.getpid()
        self._settings: Settings | None = None
        self._run: Run | None = None
        self._folder: Path | None = None
        self._process: ProcessRecording | None = None
        self._recording: Recording | None = None
        self._hooks: RecordingHooks | None = None
        self._telling: Telling | None = None
        self._startup_ns = 0
        self._finished: FinishedRun | None = None
        self._why_nothing = ""  # is recorded, where that has to be said
        self._warnings: list[str] = []  # of what does not touch the recording
        self.notices: list[str] = []
        self._over_budget: Sequence[JudgedBudget] = ()
        if config.getoption("performance_budget", None) is not None:
            from lapwing.plugin.session_budgets import budget_of_all

            budget_of_all(config)  # a wrong one is refused before any test runs

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionstart(self) -> None:
        """Make the run, before pytest-xdist starts its workers."""
        option = self._config.option
        if any(getattr(option, name, False) for name in _LOOKING_ONLY):
            return
        try:
            with PlainImports():
                self._open()
        except Exception as error:
            self._notice(_fault_text(error, "this run is not recorded: "))

    def _open(self) -> None:
        settings = load_settings(self._config.rootpath, environ=os.environ)
        if self._is_worker:
            if self._worker_place is None:
                return
            self._folder = Path(self._worker_place["folder"])
            run_id, worker = self._worker_place["run_id"], self._config.workerinput["workerid"]  # type: ignore[attr-defined]
            self._worker_name = worker
        else:
            self._warnings += map(str, settings.faults)
            prepare_home(settings.root)
            workers, distribution = _distribution(self._config)
            self._run = begin_run(
                settings,
                command=tuple(str(part) for part in self._config.invocation_params.args),
                workers=workers,
                distribution=distribution,
                environ=os.environ,
            )
            run_id, worker = self._run.run_id, "main"
            self._folder = create_run_folder(spool_path(settings.root), self._run)
            if self._config.option.push is not None:
                from lapwing.operations.tell_live import Telling

                self._telling = Telling(settings, run_id, self._config.option.push, os.environ)
            if workers:
                place = {"run_id": run_id, "folder": str(self._folder)}
                from lapwing.plugin.workers import ControllerHooks

                hooks = ControllerHooks(
                    _PLACE_KEY, place, {_NOTICES_KEY: self.notices, _WARNINGS_KEY: self._warnings}
                )
                self._config.pluginmanager.register(hooks)
        self._settings = settings
        self._startup_ns = CLOCKS.wall() - self._started
        self._process = ProcessRecording(
            self._folder,
            run_id,
            worker,
            startup_ns=self._startup_ns,
            conftests_ns=self._conftests_ns,
            probes=PROBES,
            by_category={name: category.probes for name, category in settings.categories.items()},
            drivers=settings.sql_drivers,
            keeps=self._run is not None and not self._run.workers,
        )

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection(self) -> Generator[None, Any, Any]:
        """Begin to record with the collection of the tests."""
        if self._process is not None and self._settings is not None:
            try:
                self._process.start()
                self._enter(self._process)
                facts = ItemFacts(self._settings, self._write_own_limits)
                self._hooks = RecordingHooks(self._process, facts, self._config.rootpath, self._fault)
                self._config.pluginmanager.register(self._hooks, "lapwing-recording")
                self._register_helpers(self._settings)
                if hasattr(self._config.option, "benchmark_disable"):
                    from lapwing.plugin.pytest_benchmark_door import PytestBenchmarkHooks

                    self._config.pluginmanager.register(
                        PytestBenchmarkHooks(self._process.recorder, self._fault)
                    )
            except Exception as error:
                self._fault(error)
        result = yield
        if self._process is not None and self._hooks is not None:
            try:
                if self._imports is not None:
                    self._imports.stop()
                    self._process.imported(self._imports.costs(str(self._config.rootpath)))
                self._watch_attempts(self._process, self._hooks)
            except Exception as error:
                self._fault(error)
        return result

    def _enter(self, process: ProcessRecording) -> None:
        """Let those who measure inside tests find this recording."""
        recorder = process.recorder
        self._recording = Recording(
            process.measured, lambda: recorder.current, process.counters, process.part
        )
        enter(self._recording)

    def _leave(self) -> None:
        if self._recording is not None:
            leave(self._recording)
            self._recording = None
        if "lapwing.api.place" in sys.modules:
            from lapwing.api.place import forget

            forget()

    def _write_own_limits(self, item: pytest.Item) -> None:
        """A test that carries limits itself is about to begin."""
        if self._process is not None:
            from lapwing.plugin.limits_kept import write_own_limits

            write_own_limits(self._process, item, self._warnings)

    def _write_limits_of_all(self, process: ProcessRecording, settings: Settings) -> None:
        """Keep the limits that flags and code set for this run."""
        is_set_in_code = "lapwing.api.budgets" in sys.modules
        if (
            is_set_in_code
            or self._config.option.performance_budget is not None
            or has_pytest_timeout(self._config)
        ):
            from lapwing.plugin.limits_kept import write_limits_of_all

            write_limits_of_all(process, self._config, settings)

    def _watch_attempts(self, process: ProcessRecording, hooks: RecordingHooks) -> None:
        """With all conftest files loaded, see who may run tests."""
        implementations = self._config.hook.pytest_runtest_protocol.get_hookimpls()
        runners = [each for each in implementations if not (each.wrapper or each.hookwrapper)]
        if len(runners) > _USUAL_RUNNERS:
            from lapwing.plugin.foreign_attempts import ForeignAttempts

            attempts = ForeignAttempts(process.recorder, hooks.pytest_runtest_protocol)
            self._config.pluginmanager.register(attempts)

    def _register_helpers(self, settings: Settings) -> None:
        """Hooks that only some sessions need."""
        option, manager = self._config.option, self._config.pluginmanager
        if getattr(option, "xmlpath", None):
            from lapwing.plugin.junit_properties import JunitProperties

            manager.register(JunitProperties(ItemFacts(settings), settings))
        if has_pytest_timeout(self._config) and self._process is not None and self._folder is not None:
            from lapwing.plugin.timeout_recording import TimeoutRecording, watchdog_for

            recorder = self._process.recorder
            watchdog = watchdog_for(self._config, settings, self._folder, self._worker_name)
            manager.register(TimeoutRecording(recorder, watchdog, settings.stuck_after_ns, self._fault))
        if not self._is_worker and (settings.verbose or self._config.get_verbosity() > 0):
            from lapwing.plugin.slow_lines import SlowLines

            manager.register(SlowLines(self._config, settings.slow_test_ns))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_sessionfinish(
        self, session: pytest.Session, exitstatus: int | pytest.ExitCode
    ) -> Generator[None, Any, Any]:
        """Innermost: after the last tear-downs and workers, before pytest's own summary."""
        if self._process is not None:
            self._process.recorder.fixtures.last_event = CLOCKS.wall()
        result = yield
        if os.getpid() != self._pid:  # a forked child that ran on through the session
            return result
        try:
            with PlainImports():
                self._finish(session, int(exitstatus))
        except Exception as error:
            self._notice(_fault_text(error))
        if self._is_worker:
            self._config.workeroutput[_NOTICES_KEY] = self.notices  # type: ignore[attr-defined]
            self._config.workeroutput[_WARNINGS_KEY] = self._warnings  # type: ignore[attr-defined]
        return result

    def _finish(self, session: pytest.Session, exit_status: int) -> None:
        if self._process is not None:
            assert self._settings is not None
            self._write_limits_of_all(self._process, self._settings)
        if self._telling is not None:
            self._telling.end()
            self._telling = None
        process, self._process = self._process, None
        self._leave()
        kept = None if process is None else process.end()
        if self._run is None or self._folder is None or self._settings is None:
            return
        if self._hooks is None:  # the session ended before anything was collected
            remove_run_folder(self._folder)
            return
        end = _run_end(session, exit_status)
        if self.notices:
            end = end._replace(is_complete=False, why_incomplete="recording was cut short")
        run = end_run(self._run, end, startup_ns=self._startup_ns)
        write_end(self._folder, run, started=self._run)
        from lapwing.operations.finish_run import finish_run

        # The collector, at rest here, would walk through everything that the tests have left, again
        # and again while we make lists: more than half of the time of gathering was that.
        self._finished = finish_run(
            self._settings,
            self._folder,
            environ=os.environ,
            facts=RunFacts(self._run, run, self._pid),
            kept=kept,
            again=self._again if self._config.option.confirm or self._config.option.profile_slow else None,
        )
        if self._finished is not None:
            if self._finished.is_unstored and self.notices:  # what stopped the recording stops the store, too
                from lapwing.operations.finish_run import UNSTORED

                self.notices[-1] += f"\n  {UNSTORED}"
                self._finished = self._finished._replace(faults=self._finished.faults[1:])
            self._send(self._finished)
        is_cut_short = exit_status == pytest.ExitCode.INTERRUPTED and not self._config.option.collectonly
        if self._finished is None and is_cut_short:
            self._why_nothing = "the run ended before a test was recorded"
        elif self._finished is None and self._settings.exclude and session.testscollected:
            self._why_nothing = "`exclude` leaves out every test"
        self._judge_budget(session, self._settings)

    def _again(self, finished: FinishedRun) -> FinishedRun:
        """Run what looks slower again, and what is slow under a profiler: one of both was asked for."""
        from lapwing.plugin.after_run import run_again

        assert self._settings is not None
        assert self._run is not None
        return run_again(self._config, self._settings, finished, self._run.workers)

    def _send(self, finished: FinishedRun) -> None:
        """Hand the run on to whoever is to have it, if anybody is."""
        assert self._settings is not None
        option = self._config.option
        if option.push is not None or self._settings.otel or option.otel:
            from lapwing.plugin.after_run import send

            self._finished = send(self._config, self._settings, finished)

    def _judge_budget(self, session: pytest.Session, settings: Settings) -> None:
        """With a budget for every test: who is over it, and an exit code that says so."""
        if self._finished is None or self._config.getoption("performance_budget", None) is None:
            return
        from lapwing.operations.session_gate import over_budget

        self._over_budget = over_budget(settings, self._finished.recorded)
        self._finished = self._finished._replace(limits=None)  # told by lines of their own
        if self._over_budget and session.exitstatus == pytest.ExitCode.OK:
            session.exitstatus = pytest.ExitCode.TESTS_FAILED

    def pytest_terminal_summary(self, terminalreporter: TerminalReporter) -> None:
        """Say what there is to say."""
        try:
            with PlainImports():
                from lapwing.plugin.summary import write_summary

                write_summary(terminalreporter, self._finished, (*self._warnings, *self.notices))
                if self._over_budget:
                    from lapwing.plugin.budget_lines import write_over_budget

                    write_over_budget(terminalreporter, self._over_budget)
            self._finished = None  # else the collector walks through its records at the end of the process
            if self._why_nothing:
                terminalreporter.write_line(f"lapwing: nothing recorded: {self._why_nothing}")
        except Exception as error:
            terminalreporter.write_line(_fault_text(error))

    def pytest_unconfigure(self) -> None:
        """Whatever way the session ended, let go of everything."""
        self._leave()
        if self._imports is not None:
            self._imports.stop()
        if self._process is not None:
            self._process.give_up()
            self._process = None

    def _fault(self, error: Exception) -> None:
        """A fault of ours while tests run: say it once, record no more."""
        self._notice(_fault_text(error))
        if self._hooks is not None and self._config.pluginmanager.is_registered(self._hooks):
            self._config.pluginmanager.unregister(self._hooks)
        self._leave()
        if self._process is not None:
            self._process.give_up()
            self._process = None

    def _notice(self, text: str) -> None:
        if text not in self.notices:
            self.notices.append(text)


def _distribution(config: pytest.Config) -> tuple[int, str]:
    """Number of workers and distribution mode; (0, "no") without pytest-xdist."""
    distribution = getattr(config.option, "dist", "no")
    executions = getattr(config.option, "tx", None)
    if distribution == "no" or not executions:
        return 0, "no"
    counts = (text.partition("*")[0] for text in executions)  # "popen" or "3*popen"
    return sum(int(count) if count.isdigit() else 1 for count in counts), distribution


def _run_end(session: pytest.Session, exit_status: int) -> RunEnd:
    """Whether every selected test ran to its end, and if not, why."""
    why = ""
    if session.shouldfail or (exit_status == 2 and "failures" in str(session.shouldstop)):
        why = "stopped after failures"
    elif session.shouldstop:
        why = "stopped"
    elif exit_status == pytest.ExitCode.INTERRUPTED:
        why = "collection errors" if session.testsfailed and not session.testscollected else "interrupted"
    elif exit_status == pytest.ExitCode.INTERNAL_ERROR:
        why = "internal error"
    elif exit_status not in (pytest.ExitCode.OK, pytest.ExitCode.TESTS_FAILED):
        why = f"exit status {exit_status}"
    return RunEnd(exit_status=exit_status, is_complete=not why, why_incomplete=why)


def _fault_text(error: Exception, lead: str = "") -> str:
    """What to say of `error`: see `fault_text`."""
    from lapwing.plugin.fault_text import fault_text

    return fault_text(error, lead)
