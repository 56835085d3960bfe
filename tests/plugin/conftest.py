"""A small project on which pytest runs with the plugin, and what that run recorded.

Runs are made in this process where nothing speaks against it. Plugins are named, never found, so
that what happens to be installed does not change a result.
"""

import os
import sys
import time
import types
from collections.abc import Sequence

import pytest

# Loaded here, so that pytester's clearing of modules after each run in this process spares them.
import lapwing.operations.finish_run
import lapwing.operations.judge_run
import lapwing.plugin.pytest_benchmark_door
import lapwing.plugin.summary
import lapwing.plugin.tracking
import lapwing.store.sqlite  # noqa: F401
from lapwing.config.root import spool_path, store_path
from lapwing.measure.clock import CLOCKS
from lapwing.model.record import FixtureRecord, TestRecord
from lapwing.model.run import RecordedRun
from lapwing.record.recorder import Recorder
from lapwing.store.open_store import open_store

_ALWAYS = ("-p", "no:cacheprovider")
_OWN_VARIABLES = (
    "PERFORMANCE_MONITORING",
    "LAPWING_STORE",
    "LAPWING_SAVE_RESULTS",
    "UPDATE_PERFORMANCE_BASELINE",
    "VERBOSE_TESTS",
    "PYTEST_XDIST_WORKER",
)


class Project:
    """The project, by the words of the tests: run it, then ask what was recorded."""

    def __init__(self, pytester: pytest.Pytester) -> None:
        self.pytester = pytester
        self.root = pytester.path

    def run(
        self, *arguments: str, plugins: Sequence[str] = (), tracked: bool = True, alone: bool = False
    ) -> pytest.RunResult:
        """Run pytest with `plugins`; `alone` in a process of its own, with a time limit."""
        command = [*_ALWAYS, "-p", "lapwing.plugin"]
        for plugin in plugins:
            command += ["-p", plugin]
        if tracked:
            command.append("--track-performance")
        command += arguments
        if alone:
            return self.pytester.runpytest_subprocess(*command, timeout=50)
        return self.pytester.runpytest_inprocess(*command, no_reraise_ctrlc=True)

    def all_recorded(self) -> list[RecordedRun]:
        """The stored runs, oldest first; none where there is no store."""
        if not store_path(self.root).exists():
            return []
        with open_store(str(store_path(self.root)), create=False) as store:
            return [store.read_run(digest.run.run_id) for digest in reversed(store.runs())]

    def recorded(self) -> RecordedRun:
        """The only stored run."""
        (recorded,) = self.all_recorded()
        return recorded

    def tests(self) -> dict[str, TestRecord]:
        """The tests of the only run, by node id without the file; each must be there once."""
        recorded = self.recorded()
        by_name = {record.nodeid.partition("::")[2]: record for record in recorded.tests}
        assert len(by_name) == len(recorded.tests)
        return by_name

    def outcomes(self) -> dict[str, str]:
        """Outcome by name of test of the only run."""
        return {name: record.outcome.value for name, record in self.tests().items()}

    def fixtures(self, name: str) -> list[FixtureRecord]:
        """The set-ups of a fixture in the only run."""
        return [record for record in self.recorded().fixtures if record.name == name]

    def assert_undisturbed(self, result: pytest.RunResult) -> None:
        """Both `test_it` and `test_after` passed, were recorded, and nothing was said of trouble."""
        assert result.ret == 0
        result.assert_outcomes(passed=2)
        assert self.outcomes() == {"test_it": "passed", "test_after": "passed"}
        result.stdout.no_fnmatch_line("*lapwing: warning*")
        result.stdout.no_fnmatch_line("*recording stopped*")
        assert self.recorded().run.is_complete

    def spool(self) -> list[str]:
        """The runs that wait in the spool."""
        folder = spool_path(self.root)
        return sorted(os.listdir(folder)) if folder.exists() else []


@pytest.fixture
def project(pytester: pytest.Pytester, monkeypatch: pytest.MonkeyPatch) -> Project:
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    for variable in _OWN_VARIABLES:
        monkeypatch.delenv(variable, raising=False)
    pytester.makeini("[pytest]")
    return Project(pytester)


class FakeClock:
    """A wall clock that stands still until someone calls `advance`."""

    def __init__(self) -> None:
        self.now = time.perf_counter_ns()

    def __call__(self) -> int:
        return self.now

    def advance(self, seconds: float) -> None:
        """Let time pass."""
        self.now += round(seconds * 1e9)


@pytest.fixture
def fake_clock(monkeypatch: pytest.MonkeyPatch) -> FakeClock:
    """Runs in this process are timed by it; tests of the project say `from fake_clock import advance`.

    Phases shorter than the pause that is believed to pytest's own clock take pytest's reading.
    """
    clock = FakeClock()
    clocks = CLOCKS._replace(wall=clock)
    monkeypatch.setattr("lapwing.plugin.recording_hooks.CLOCKS", clocks)
    monkeypatch.setattr("lapwing.plugin.tracking.CLOCKS", clocks)
    monkeypatch.setattr("lapwing.record.process.CLOCKS", clocks)
    monkeypatch.setitem(Recorder.__init__.__kwdefaults__, "clocks", clocks)  # type: ignore[arg-type]
    module = types.ModuleType("fake_clock")
    module.advance = clock.advance  # type: ignore[attr-defined]
    monkeypatch.setitem(sys.modules, "fake_clock", module)
    return clock
