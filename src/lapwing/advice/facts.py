"""What advisors look at."""

from collections.abc import Callable, Mapping

from lapwing.model.run import RecordedRun
from lapwing.model.source_facts import SourceFacts
from lapwing.model.tests_together import SharedUse
from lapwing.model.value import Value
from lapwing.model.what_if import SuiteTimes, WhatIfRow


class History(Value):
    """What earlier runs tell."""

    passed: Mapping[str, int] = {}  # long test -> in how many of the complete runs looked at it passed
    failed: frozenset[str] = frozenset()  # tests that failed in any of them
    without_coverage: Mapping[str, int] = {}  # test -> its CPU time in the newest run without coverage


class Facts(Value):
    """One run, its suite as the simulation knows it, and what else is known."""

    recorded: RecordedRun
    suite: SuiteTimes
    now: WhatIfRow  # the run as it was, simulated
    tried: Callable[[int, str], WhatIfRow]  # the suite on that many workers in that mode, simulated once
    rescoped: Callable[[Mapping[str, str]], SuiteTimes]  # the suite with fixtures (by name) of other scopes
    sources: SourceFacts = SourceFacts()
    history: History = History()
    processes: Mapping[str, int] = {}  # test -> ns that it waited for child processes
    shared: tuple[SharedUse, ...] = ()  # tests that should stay in one worker

    @property
    def work_ns(self) -> int:
        """Own time of all tests."""
        return sum(test.own_ns for test in self.suite.tests)

    def place_of(self, nodeid: str) -> str:
        """The file and line of a test, or its node id where the file does not tell."""
        return self.sources.tests.get(nodeid.partition("[")[0], nodeid)

    @property
    def conftests_ns(self) -> int | None:
        """What conftest files take of the suite's `controller_ns`; None where it was not recorded."""
        run = self.recorded.run
        main = next((each for each in run.processes if each.name == "main"), None)
        if main is None or main.conftests_ns is None or run.startup_ns <= 0:
            return None
        return round(self.suite.controller_ns * min(1.0, main.conftests_ns / run.startup_ns))

    def started_sooner(self, saved_ns: int) -> SuiteTimes:
        """The suite, if every process began that much sooner."""
        suite = self.suite
        boot_ns = max(0, suite.boot_ns - saved_ns)
        return suite._replace(controller_ns=suite.controller_ns - saved_ns, boot_ns=boot_ns)
