"""The recorder of one process: clocks around the phases of each test, one line when it ends.

This is the hot path of the product. Everything it calls is bound when it is made; per test it
formats one line from plain integers. What it may cost is measured by `benchmarks/overhead.py`.
A fault of its own is kept in `fault` and ends the recording, never the tests.
"""

import os
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
_PAUSE_NS: Final = 20_000_000


class Recorder:
    """Records the tests of this process into `spool`.

    `begin_test`, then `begin_phase`/`end_phase` for each phase, `report` for each outcome told,
    in the order in which pytest calls its hooks. A repeated `begin_test` of one node id is its
    next attempt.
    """

    __slots__ = (
        "_active_threads",
        "_attempts",
        "_begin",
        "_clocks",
        "_counters",
        "_cpu",
        "_facts",
        "_fixtures_mark",
        "_getpid",
        "_has_failed_subtest",
        "_meta",
        "_outcome",
        "_phase_cpu",
        "_phase_wall",
        "_pid",
        "_quoted_id",
        "_refresh",
        "_subtests",
        "_threads",
        "_wall",
        "_write",
        "collector",
        "current",
        "fault",
        "fixtures",
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
        self.fault: BaseException | None = None
        self.current: str | None = None
        self.collector = CollectorTimer(clocks.wall)
        self.fixtures = FixtureCost(spool.write, clocks.wall)
        self._fixtures_mark = self.fixtures.mark
        self._write = spool.write
        self._clocks = clocks
        self._wall = clocks.wall
        self._cpu = clocks.process_cpu
        self._counters = Counters() if counters is None else counters
        self._refresh = refresh
        self._getpid = os.getpid
        self._active_threads = threading.active_count
        self._pid = os.getpid()
        self._facts = ProcessFacts()
        self._attempts: dict[str, int] = {}
        self._phase_wall = [0, 0, 0]
        self._phase_cpu = [0, 0, 0]
        self._subtests: list[str] = []
        self._has_failed_subtest = False
        self._begin: tuple[Any, ...] = ()
        self._meta = '"unit",[]'
        self._outcome = "unknown"
        self._quoted_id = '""'
        self._threads = 0

    def begin_test(self, nodeid: str, meta: str) -> None:
        """A test (or its next attempt) begins; `meta` is `line.markers_text` of it."""
        if self.current is not None and self._phase_wall[2]:
            self._finish()  # a superseded attempt whose tear-down nobody reported
        if self._getpid() != self._pid:  # a forked child: the open files of /proc are the parent's
            self._pid = self._getpid()
            self._facts.close()
            self._facts = ProcessFacts()
        attempt = self._attempts.get(nodeid, 0) + 1
        self._attempts[nodeid] = attempt
        self.current = nodeid
        self._meta = meta
        self._outcome = "unknown"
        self._quoted_id = quoted = line.quoted(nodeid)
        self._phase_wall = [0, 0, 0]
        self._phase_cpu = [0, 0, 0]
        fixtures = self.fixtures
        fixtures.forget_setups_in_progress()
        now = self._wall()
        self._write((line.BEGIN_TEMPLATE % (quoted, attempt, now)).encode("ascii"))
        collector = self.collector
        collector.pause_ns = collector.pauses = 0
        facts = self._facts
        facts.reset_peak()
        self._threads = self._active_threads()
        self._begin = (
            attempt,
            now,
            facts.usage_self() if facts.usage_self else None,
            facts.usage_children() if facts.usage_children else None,
            facts.run_delay(),
            facts.resident(),
            self._clocks.thread_cpu(),
            facts.io_bytes(),  # last here and first at the end: our own readings are no IO of the test
        )
        for refresh in self._refresh:
            refresh()
        self._counters.begin()

    def end_phase(self, phase: int, wall: int, cpu: int) -> None:
        """Phase 0, 1 or 2 that began at readings `wall` and `cpu` has ended."""
        now = self._wall()
        self._phase_cpu[phase] = self._cpu() - cpu
        self._phase_wall[phase] = now - wall
        self._fixtures_mark(now)

    def passed(self, when: str, seconds: float) -> None:
        """Pytest has told that a phase passed, and how long it took by its own clock."""
        if when == "call":
            self._outcome = "passed"
            self._agree(1, seconds)
        elif when == "setup":
            self._agree(0, seconds)
        elif when == "teardown":
            self._agree(2, seconds)
            self._finish()

    def ended(self, when: str, outcome: str, seconds: float) -> None:
        """Pytest has told that a phase ended in another way; `outcome` is in our words."""
        if when == "teardown":
            self._agree(2, seconds)
            if outcome == "error" and self._outcome != "failed":
                self._outcome = "error"
            self._finish()
        else:
            self._agree(1 if when == "call" else 0, seconds)
            self._outcome = outcome

    def _agree(self, phase: int, seconds: float) -> None:
        """Take pytest's duration of a phase where it can be true.

        Pytest's clock starts a few microseconds before our hook and stops as many after it;
        taking its reading makes sums agree. A test that froze or moved the clock shows by a
        reading shorter than ours, or longer by more than a pause of the machine explains.
        """
        theirs = int(seconds * 1e9)
        ours = self._phase_wall[phase]
        if ours <= theirs <= ours + (ours if ours > _PAUSE_NS else _PAUSE_NS):
            self._phase_wall[phase] = theirs
        elif ours == 0 and 0 < theirs <= self._wall() - self._begin[1]:
            self._phase_wall[phase] = theirs  # the phase ran in a forked child

    def subtest(self, name: str, outcome: str, duration_ns: int | None) -> None:
        """A subtest of the current test has ended."""
        duration = line.NULL if duration_ns is None else duration_ns
        if outcome == "failed":
            self._has_failed_subtest = True
        self._subtests.append(f"[{line.quoted(name)},{line.quoted(outcome)},{duration}]")

    def _finish(self) -> None:
        """Write the line of the current test."""
        counts = self._counters.end()
        facts = self._facts
        io_end = facts.io_bytes()
        thread_cpu_end = self._clocks.thread_cpu()
        memory = facts.memory()
        delay_end = facts.run_delay()
        usage_end = facts.usage_self() if facts.usage_self else None
        children_end = facts.usage_children() if facts.usage_children else None
        attempt, start, usage, children, delay, resident, thread_cpu, io = self._begin
        self.current = None
        fixtures = self.fixtures
        collector = self.collector
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
            if children_end != children and children_end is not None:
                spent = children_end[0] + children_end[1] - children[0] - children[1]
                child_cpu = round(spent * 1_000_000_000)
        subtests = "[]"
        if self._subtests:
            subtests = self._take_subtests()
        wall, cpu = self._phase_wall, self._phase_cpu
        text = line.TEST_TEMPLATE % (
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
            thread_cpu_end - thread_cpu,
            line.NULL if memory is None or resident is None else max(0, memory[1] - resident),
            line.NULL if memory is None or resident is None else memory[0] - resident,
            collector.pause_ns,
            collector.pauses,
            *switches,
            line.NULL if io_end is None or io is None else io_end[0] - io[0],
            line.NULL if io_end is None or io is None else io_end[1] - io[1],
            line.NULL if delay_end is None or delay is None else delay_end - delay,
            self._active_threads() - self._threads,
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
        self._write(text.encode("ascii"))

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
        if self.current is not None and self._phase_wall[2]:
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
