"""The pytest that runs tests under a profiler: selects them, hands on what is seen. PYTEST_DONT_REWRITE

Loaded by name, in a process of its own.
"""

import json
import os
import sys
import time
from collections.abc import Generator
from pathlib import Path
from typing import Any

import pytest

from lapwing.model.profile import Profile, ProfilerName
from lapwing.model.profile_codec import profile_dict
from lapwing.plugin.outcomes import outcome_of
from lapwing.plugin.quiet_child import select, settle
from lapwing.profiling.call_stacks import PARTS, CallStacks
from lapwing.profiling.profiler import PLAN_VARIABLE, Profiler, files_of_test, open_profiler


class Profiling:
    """Runs the tests of the plan under its profiler, each under one of its own."""

    def __init__(self, plan: dict[str, Any]) -> None:
        self._profiler = ProfilerName(plan["profiler"])
        self._durations: dict[str, int | None] = plan["durations"]
        self._folder = Path(plan["folder"])
        self._outcome = ""
        self._done: set[str] = set()
        self._watching: Profiler | None = None

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_collection_modifyitems(self, items: list[pytest.Item]) -> Generator[None, Any, Any]:
        """Keep the tests of the plan, whatever other plugins think of it."""
        result = yield
        select(items, tuple(self._durations))
        return result

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_protocol(self, item: pytest.Item) -> Generator[None, Any, Any]:
        """A test of the plan; a later attempt of one that failed is not looked at again."""
        if item.nodeid in self._done:
            return (yield)
        file, raw = files_of_test(self._folder, len(self._done), self._profiler)
        self._done.add(item.nodeid)
        self._outcome = ""
        profiler = open_profiler(self._profiler, raw=raw, duration_ns=self._durations[item.nodeid])
        stacks = CallStacks(str(item.config.rootpath), sys.path)
        started = time.time_ns()
        self._watching = profiler
        try:
            result = yield
        finally:
            self._watching = None
            profiler.hand_over(stacks)
        profile = Profile(
            nodeid=item.nodeid,
            profiler=self._profiler,
            outcome=self._outcome,
            frames=stacks.frames,
            stacks=stacks.stacks,
            started_at_ns=started,
            interval_ns=profiler.interval_ns,
        )
        file.write_text(json.dumps(profile_dict(profile)), encoding="ascii")
        return result

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_setup(self) -> Generator[None, Any, Any]:
        """Innermost around the set-up: what other plugins do around it is not its cost."""
        return (yield from self._watched("pytest_runtest_setup"))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self) -> Generator[None, Any, Any]:
        """As for the set-up."""
        return (yield from self._watched("pytest_runtest_call"))

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_teardown(self) -> Generator[None, Any, Any]:
        """As for the set-up."""
        return (yield from self._watched("pytest_runtest_teardown"))

    def _watched(self, hook: str) -> Generator[None, Any, Any]:
        profiler = self._watching
        if profiler is None:
            return (yield)
        profiler.begin(PARTS[hook])
        try:
            return (yield)
        finally:
            profiler.end()

    def pytest_runtest_logreport(self, report: pytest.TestReport) -> None:
        """Note the outcome: the first that is not plain success, as for a recorded test."""
        if type(report) is pytest.TestReport and self._outcome in ("", "passed"):
            self._outcome = outcome_of(report)


@pytest.hookimpl(tryfirst=True)
def pytest_cmdline_main(config: pytest.Config) -> None:
    """Before anything is configured: only the tests of the plan, in this process alone."""
    plan = json.loads(Path(os.environ[PLAN_VARIABLE]).read_bytes())
    settle(config, tuple(plan["durations"]))
    if hasattr(config.option, "numprocesses"):
        config.option.numprocesses, config.option.tx, config.option.dist = 0, [], "no"
    config.pluginmanager.register(Profiling(plan), "lapwing-profiling")
