"""The recorder of one process: clocks around the phases of each test, one line when it ends.

This is the hot path of the product. Everything it calls is bound when it is made; per test it
formats one line from plain integers. What it may cost is measured by `benchmarks/overhead.py`.
A fault of its own ends the recording, never the tests.
"""

import threading
from collections.abc import Callable
from typing import Any, Final

from lapwing.measure.clock import CLOCKS, Clocks
from lapwing.measure.collector import CollectorTimer
from lapwing.measure.probes.counters import Counters
from lapwing.measure.process_facts import ProcessFacts
from lapwing.record.fixture_cost import FixtureCost
from lapwing.store.run_files import line
from lapwing.store.run_files.writer import SpoolWriter

_NO_FACTS: Final = (line.NULL,) * 4
_NO_PHASES: Final = (0, 0, 0)
_PHASES: Final = {"setup": 0, "call": 1, "teardown": 2}
_PAUSE_NS: Final = 20_000_000


class Recorder:
    """Records the tests of this process into `spool`.

    `begin_test`, then `phase_wall` and `phase_cpu` are filled phase by phase, then `passed` or
    `ended` for each outcome told, in the order in which pytest calls its hooks. A repeated
    `begin_test` of one node id is its next attempt.
    """

    __slots__ = (
        "_active_threads",
        "_attempts",
        "_begin",
        "_counters",
        "_facts",
        "_has_failed_subtest",
        "_meta",
        "_outcome",
        "_quoted_id",
        "_refresh",
        "_shared",
        "_subtests",
        "_thread_cpu",
        "_wall",
        "_write",
        "collector",
        "current",
        "fixtures",
        "phase_cpu",
        "phase_wall",
        "spool",
    )

    def __init__(
        self,
        spool: SpoolWriter,
        *,
        clocks: Clocks = CLOCKS,
        counters: Counters | None = None,
        refresh: tuple[Callable[[], None], ...] = (),
    ) -> None:
        """`counters` is what the probes count into; `refresh` is called before each test."""
        self.spool = spool
        self.current: str | None = None
        self.collector = CollectorTimer(clocks.wall)
        self.fixtures = FixtureCost(spool.write, clocks.wall)
        self._write = spool.write
        self._wall = clocks.wall
        self._counters = Counters() if counters is None else counters
        self._refresh = refresh
        self._thread_cpu = clocks.thread_cpu
        self._active_threads = threading.active_count
        self._facts = ProcessFacts()
        self._shared = self._read_shared()
        self._attempts: dict[str, int] = {}
        self.phase_wall = [0, 0, 0]
        self.phase_cpu = [0, 0, 0]
        self._subtests: list[str] = []
        self._has_failed_subtest = False
        self._begin: tuple[Any, ...] = ()
        self._meta = '"unit",[]'
        self._outcome = "unknown"
        self._quoted_id = '""'

    def begin_tests(self) -> None:
        """Collection is over: what it took of processor, memory and children is not the first test's."""
        self._shared = self._read_shared()

    def begin_test(self, nodeid: str, meta: str) -> None:
        """A test (or its next attempt) begins; `meta` is `line.markers_text` of it."""
        if self.current is not None and self.phase_wall[2]:
            self._finish()  # a superseded attempt whose tear-down nobody reported
        attempts = self._attempts
        attempt = attempts[nodeid] = attempts.get(nodeid, 0) + 1
        self.current = nodeid
        self._meta = meta
        self._outcome = "unknown"
        self._quoted_id = quoted = line.quoted(nodeid)
        self.phase_wall[:] = _NO_PHASES
        self.phase_cpu[:] = _NO_PHASES
        self.fixtures.forget_setups_in_progress()
        now = self._wall()
        self._write((line.BEGIN_TEMPLATE % (quoted, attempt, now)).encode())
        collector = self.collector
        collector.pause_ns = collector.pauses = 0
        for refresh in self._refresh:
            refresh()
        self._counters.begin()
        self._begin = (attempt, now, self._thread_cpu(), self._facts.at_start())

    def passed(self, when: str, seconds: float) -> None:
        """Pytest has told that a phase passed, and how long it took by its own clock."""
        phase = _PHASES[when]
        theirs = int(seconds * 1e9)
        if 0 <= theirs - self.phase_wall[phase] <= _PAUSE_NS:
            self.phase_wall[phase] = theirs
        else:
            self._agree(phase, theirs)
        if phase == 1:
            self._outcome = "passed"
        elif phase == 2:
            self._finish()

    def ended(self, when: str, outcome: str, seconds: float) -> None:
        """Pytest has told that a phase ended in another way; `outcome` is in our words."""
        if when == "teardown":
            self._agree(2, int(seconds * 1e9))
            if outcome == "error" and self._outcome != "failed":
                self._outcome = "error"
            self._finish()
        else:
            self._agree(1 if when == "call" else 0, int(seconds * 1e9))
            self._outcome = outcome

    def _agree(self, phase: int, theirs: int) -> None:
        """Take pytest's duration of a phase where it can be true.

        Pytest's clock starts a few microseconds before our hook and stops as many after it;
        taking its reading makes sums agree, also where the machine paused in between. A test
        that froze or moved the clock shows by a reading shorter than ours, or longer than the
        whole test has lasted.
        """
        if self.phase_wall[phase] <= theirs <= self._wall() - self._begin[1]:
            self.phase_wall[phase] = theirs

    def subtest(self, name: str, outcome: str, duration_ns: int | None) -> None:
        """A subtest of the current test has ended."""
        duration = line.NULL if duration_ns is None else duration_ns
        if outcome == "failed":
            self._has_failed_subtest = True
        self._subtests.append(f"[{line.quoted(name)},{line.quoted(outcome)},{duration}]")

    def _finish(self) -> None:
        """Write the line of the current test."""
        counts = self._counters.end()
        ends = self._facts.at_end()
        attempt, start, thread_cpu, begins = self._begin
        thread_cpu = self._thread_cpu() - thread_cpu
        self.current = None
        fixtures = self.fixtures
        collector = self.collector
        before, after = self._shared, self._read_shared()
        self._shared = after
        usage_end, children_end, delay_end, threads = after
        usage, children, delay, threads_before = before
        child_cpu: int | str = line.NULL
        switches: tuple[Any, ...] = _NO_FACTS
        if usage_end is not None:
            switches = (
                usage_end[14] - usage[14],
                usage_end[15] - usage[15],
                usage_end[6] - usage[6],
                usage_end[7] - usage[7],
            )
            child_cpu = 0
            if children_end != children:
                spent = children_end[0] + children_end[1] - children[0] - children[1]
                child_cpu = round(spent * 1_000_000_000)
        peak: int | str = line.NULL
        growth: int | str = line.NULL
        read: int | str = line.NULL
        written: int | str = line.NULL
        is_whole = (
            begins is not None
            and ends is not None
            and usage_end is not None
            and delay_end is not None
            and delay is not None
        )
        if begins is not None and ends is not None:
            resident, read_before, written_before = begins
            growth = ends[0] - resident
            peak = max(0, ends[1] - resident)
            read = ends[2] - read_before
            written = ends[3] - written_before
        subtests = "[]"
        if self._subtests:
            subtests = self._take_subtests()
        wall, cpu = self.phase_wall, self.phase_cpu
        template = line.WHOLE_TEST_TEMPLATE if is_whole else line.TEST_TEMPLATE
        text = template % (
            self._quoted_id,
            f'"{self._outcome}"',
            attempt,
            start,
            wall[0],
            wall[1],
            wall[2],
            cpu[0],
            cpu[1],
            cpu[2],
            child_cpu,
            thread_cpu,
            peak,
            growth,
            collector.pause_ns,
            collector.pauses,
            *switches,
            read,
            written,
            delay_end - delay if delay_end is not None and delay is not None else line.NULL,
            threads - threads_before,
            self._meta,
            counts,
            subtests,
            f"[{','.join(fixtures.setups)}]" if fixtures.setups else "[]",
            f"[{','.join(fixtures.teardowns)}]" if fixtures.teardowns else "[]",
        )
        if fixtures.setups:
            fixtures.setups.clear()
        if fixtures.teardowns:
            fixtures.teardowns.clear()
        self._write(text.encode())

    def _read_shared(self) -> tuple[Any, Any, int | None, int]:
        """Readings at the end of a test that serve as those of the next one's start.

        What lies between two tests is pytest's reporting; it moves these counters by less than
        a second reading of them would cost every test (3% of an empty one).
        """
        facts = self._facts
        usage = children = None
        if facts.usage_self is not None and facts.usage_children is not None:
            usage, children = facts.usage_self(), facts.usage_children()
        return usage, children, facts.run_delay(), self._active_threads()

    def _take_subtests(self) -> str:
        """The subtests as text. A test of which one failed has failed, though its report says passed."""
        text = f"[{','.join(self._subtests)}]"
        self._subtests.clear()
        if self._has_failed_subtest and self._outcome == "passed":
            self._outcome = "failed"
        self._has_failed_subtest = False
        return text

    def interrupt(self) -> None:
        """The session ends. A test whose tear-down ended is written; one in the middle stays begun."""
        if self.current is not None and self.phase_wall[2]:
            self._finish()
        self.current = None

    def end_process(self) -> None:
        """The session is over: late tear-downs, then the last line."""
        self.interrupt()
        self.fixtures.write_rest(self._quoted_id)
        self._write(line.end_line(self._wall()))
        self.close()

    def close(self) -> None:
        """Let go of files and callbacks. Later calls of the hooks find no current test."""
        self.current = None
        self.collector.remove()
        self._facts.close()
        self.spool.close()
