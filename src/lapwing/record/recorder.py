"""The recorder of one process: clocks around the phases of each test, one line when it ends.

This is the hot path of the product. Everything it calls is bound when it is made; per test it
packs one line from plain integers. What it may cost is measured by `benchmarks/overhead.py`.
Clocks are taken out of their attributes before they are called: `self._wall()` looks for a method first.
A fault of its own ends the recording, never the tests.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any, Final

from lapwing.measure.clock import CLOCKS, Clocks
from lapwing.measure.collector import CollectorTimer
from lapwing.measure.probes.counters import Counters
from lapwing.measure.process_facts import ProcessFacts, allocated_blocks
from lapwing.record.fixture_cost import FixtureCost
from lapwing.store.run_files import line
from lapwing.store.run_files.writer import SpoolWriter

if TYPE_CHECKING:
    from lapwing.record.told import Interpreter, Phase, Report

_PHASES: Final = {"setup": 0, "call": 1, "teardown": 2}
_CPU: Final = 3  # from a phase's wall time to its processor time
_OURS: Final = 6  # and to its wall time by our clock
_PAUSE_NS: Final = 20_000_000
_LONG_PAUSE_NS: Final = 500_000_000
_LONG_GAP_NS: Final = 10_000_000  # between two tests; pytest takes a hundredth of it to tell of one
_NEAR_NS: Final = 1_000_000_000
_LONGEST_STACK: Final = 16_000  # characters; the innermost calls are kept
_BAD_ENDS: Final = ("error", "timeout")
_UNTOLD: Final = "unknown"


class Recorder:
    """Records the tests of this process into `spool`.

    `begin_test`, then for each phase `phase_ended` when it is over and `report_told` when its outcome
    is told, which may be after later phases; these two are pytest's hooks themselves, because a call
    between would cost every test five times, and raise nothing. A repeated `begin_test` of one node id
    is its next attempt. A test's line is written as soon as its tear-down is over and its outcome
    known, before anybody is told of it.
    """

    __slots__ = (
        "_attempt",
        "_attempts",
        "_begin",
        "_boot_cpu",
        "_counters",
        "_counts",
        "_cpu",
        "_end",
        "_epoch",
        "_facts",
        "_has_failed_subtest",
        "_interpreter",
        "_keep",
        "_last_cpu",
        "_last_wall",
        "_meta",
        "_nodeid",
        "_outcome",
        "_phases",
        "_shared",
        "_stopped",
        "_subtests",
        "_thread_cpu",
        "_usual_report",
        "_wall",
        "_write",
        "collector",
        "current",
        "fixtures",
        "is_open",
        "spool",
    )

    def __init__(
        self,
        spool: SpoolWriter,
        *,
        clocks: Clocks = CLOCKS,
        counters: Counters | None = None,
    ) -> None:
        """`counters` is what the probes count into."""
        self.spool = spool
        self.current: str | None = None  # the test that began last, until the session ends
        self.collector = CollectorTimer(clocks.wall)
        self.fixtures = FixtureCost(spool.write, clocks.wall)
        self._write = spool.write_only
        self._interpreter: Interpreter | None = None
        self._usual_report: type | None = None
        self._keep = None if spool.kept is None else spool.kept.tests.append
        self._wall = clocks.wall
        self._cpu = clocks.process_cpu
        self._boot_cpu = self._cpu()
        self._thread_cpu = clocks.thread_cpu
        self._epoch = clocks.epoch
        self._counters = Counters() if counters is None else counters
        self._facts = ProcessFacts()
        self._shared = self._facts.between_tests()
        self._attempts: dict[str, int] = {}
        self._stopped = ("", 0)  # test and attempt that were stopped last
        self._last_wall = self._last_cpu = 0  # when the test began, or its last phase was told
        # Of each phase wall and processor time, and wall time by our clock, which is 0 until it has ended.
        self._phases = [0, 0, 0, 0, 0, 0, 0, 0, 0]
        self._subtests: list[str] = []
        self._has_failed_subtest = False
        self.is_open = False  # the test that began last has no line yet
        self._begin: tuple[Any, ...] = ()
        self._end: tuple[int | None, ...] | None = None  # its measures, from the end of the tear-down
        self._counts = "{}"
        self._meta = '"unit",[]'
        self._outcome = _UNTOLD
        self._nodeid = ""
        self._attempt = 1

    def ask(self, interpreter: Interpreter) -> None:
        """Who is to be asked about anything but phases that pass."""
        self._interpreter = interpreter
        self._usual_report = interpreter.usual_report

    def begin_tests(self) -> None:
        """Collection is over: what it took of processor, memory and children is not the first test's."""
        self._shared = self._facts.between_tests()

    def begin_test(self, nodeid: str, meta: str) -> None:
        """A test (or its next attempt) begins; `meta` is `line.markers_text` of it."""
        if self.is_open and self._end is not None:
            self._write_test()  # a superseded attempt whose tear-down nobody reported
        attempts = self._attempts
        attempt = attempts[nodeid] = attempts.get(nodeid, 0) + 1
        self.current = nodeid
        self._meta = meta
        self._outcome = _UNTOLD
        self._nodeid = nodeid
        self._attempt = attempt
        self._phases = [0, 0, 0, 0, 0, 0, 0, 0, 0]
        self._end = None
        wall, write, thread_cpu, cpu = self._wall, self._write, self._thread_cpu, self._cpu
        began = wall()
        write(line.begin_line(nodeid, attempt, began))
        self.is_open = True
        collector = self.collector
        collector.pause_ns = collector.pauses = 0
        self._counters.begin(meta)
        if began - self._last_wall > _LONG_GAP_NS:
            # What the machine did meanwhile is not this test's, whose waits for a processor are taken out.
            self._shared = self._facts.between_tests()
        self._begin = (began, thread_cpu(), self._facts.at_start())
        self._last_cpu = cpu()
        self._last_wall = self.fixtures.last_event = wall()

    def is_running(self, nodeid: str) -> bool:
        """Whether an attempt of `nodeid` has begun and its tear-down has not ended."""
        return self.is_open and self._end is None and self.current == nodeid

    def phase_ended(self, call: Phase) -> None:
        """A phase is over.

        A subtest that ends tells of the call in which it runs; the end of the call comes later.
        """
        read_wall, read_cpu = self._wall, self._cpu
        wall = read_wall()
        cpu = read_cpu()
        if not self.is_open:
            return  # of a test that is left out
        try:
            at = _PHASES[call.when]
            phases = self._phases
            ours = phases[at + _OURS] = phases[at + _OURS] + wall - self._last_wall
            theirs = int(call.duration * 1e9)
            if theirs < 0 or theirs > ours or ours - theirs > _PAUSE_NS:
                theirs = self._agreed(ours, theirs, call.stop)
            phases[at] = theirs
            phases[at + _CPU] += cpu - self._last_cpu
            self._last_wall = wall
            self._last_cpu = cpu
            if at == 2:
                self._take_end()
                if self._outcome is not _UNTOLD and call.excinfo is None:
                    self._write_test()
            if call.excinfo is not None and self._interpreter is not None:
                self._interpreter.phase_failed(call.excinfo)
        except Exception as error:
            self._failed(error)

    def report_told(self, report: Report) -> None:
        """Everybody has been told how a phase ended: the next one begins."""
        if self.current != report.nodeid:
            return  # left out, or told by a worker
        has_passed = report.outcome == "passed"
        if has_passed and not self.is_open:
            return  # a tear-down: the test has been written
        try:
            if not has_passed or type(report) is not self._usual_report or "wasxfail" in report.__dict__:
                if self._interpreter is not None:
                    self._interpreter.other_report(report)
                return
            at = _PHASES[report.when]
            if not self._phases[at + _OURS]:
                self._untimed(at, report.duration)
            if at == 2:
                self._write_test()
                return
            if at:
                self._outcome = "passed"
            cpu, wall = self._cpu, self._wall
            self._last_cpu = cpu()
            self._last_wall = self.fixtures.last_event = wall()
        except Exception as error:
            self._failed(error)

    def _failed(self, error: Exception) -> None:
        """A fault of ours. It ends the recording, never the tests."""
        if self._interpreter is not None:
            self._interpreter.fault(error)

    def ended(self, when: str, outcome: str, seconds: float) -> None:
        """Pytest has told that a phase ended in another way; `outcome` is in our words."""
        at = _PHASES[when]
        if not self._phases[at + _OURS]:
            self._untimed(at, seconds)
        if at < 2:
            self._outcome = outcome
            self._last_cpu = self._cpu()
            self._last_wall = self.fixtures.last_event = self._wall()
            return
        if outcome in _BAD_ENDS and self._outcome not in ("failed", "timeout"):
            self._outcome = outcome
            if not self.is_open:
                self._end_otherwise(outcome)
        if self.is_open:
            self._write_test()

    def _end_otherwise(self, outcome: str) -> None:
        """Another outcome of the test whose line was written last."""
        self._write(line.outcome_line(outcome))
        if self.spool.kept is not None:
            tests = self.spool.kept.tests
            *began, _, measures, meta, extras = tests[-1]
            tests[-1] = (*began, outcome, measures, meta, extras)

    def _agreed(self, ours: int, theirs: int, stopped: float) -> int:
        """Pytest's duration of a phase where it can be true, else ours.

        Our clock starts a few microseconds before pytest's and stops as many after it: theirs is
        the better one, and taking it makes sums agree. One that is much shorter tells of a pause
        of the machine between two clocks, or of a test that froze or moved the clock, which shows
        in how much is missing, or in the time of the day at which pytest thinks the phase stopped.
        """
        can_be_true = 0 <= theirs <= ours < theirs + _LONG_PAUSE_NS
        return theirs if can_be_true and abs(stopped * 1e9 - self._epoch()) < _NEAR_NS else ours

    def _untimed(self, at: int, seconds: float) -> None:
        """A phase that ran elsewhere (a forked child) has the time that its report tells."""
        theirs = int(seconds * 1e9)
        if 0 <= theirs <= self._wall() - self._begin[0]:
            self._phases[at] = theirs
            if self._end is not None:
                self._end = (*self._phases[:_OURS], *self._end[_OURS:])

    def stopped(self, stack: str) -> None:
        """The deadline of the current test stops it, where `stack` tells. Told twice it counts once."""
        nodeid = self.current
        if nodeid is None:
            return
        if (nodeid, self._attempt) != self._stopped:
            self._stopped = nodeid, self._attempt
            self.spool.write(line.stop_line(nodeid, self._attempt, self._wall(), stack[-_LONGEST_STACK:]))

    def subtest(self, name: str, outcome: str, duration_ns: int | None) -> None:
        """A subtest of the current test has ended."""
        duration = line.NULL if duration_ns is None else duration_ns
        if outcome == "failed":
            self._has_failed_subtest = True
        self._subtests.append(f"[{line.quoted(name)},{line.quoted(outcome)},{duration}]")

    def _take_end(self) -> tuple[int | None, ...]:
        """Read everything at the end of the current test: its measures."""
        self._counts = self._counters.end()
        facts, collector, read_thread_cpu = self._facts, self.collector, self._thread_cpu
        ends = facts.at_end()
        thread_cpu = read_thread_cpu()
        _, thread_before, begins = self._begin
        children_before, usage_before, delay_before, threads_before = self._shared
        children, usage, delay, threads = self._shared = facts.between_tests()
        if usage is None or usage_before is None:
            child_cpu = voluntary = involuntary = minor = major = None
        else:
            child_cpu = 0 if children == children_before else round((children - children_before) * 1e9)
            voluntary, involuntary, minor, major = usage
            voluntary_before, involuntary_before, minor_before, major_before = usage_before
            voluntary -= voluntary_before
            involuntary -= involuntary_before
            minor -= minor_before
            major -= major_before
        if begins is None or ends is None:
            peak = growth = read = written = None
        else:
            resident_before, read_before, written_before = begins
            resident, highest, read, written = ends
            growth = resident - resident_before
            peak = highest - resident_before if highest > resident_before else 0
            read -= read_before
            written -= written_before
        setup, call, teardown, setup_cpu, call_cpu, teardown_cpu, _, _, _ = self._phases
        self._end = end = (
            setup,
            call,
            teardown,
            setup_cpu,
            call_cpu,
            teardown_cpu,
            child_cpu,
            thread_cpu - thread_before,
            peak,
            growth,
            collector.pause_ns,
            collector.pauses,
            voluntary,
            involuntary,
            minor,
            major,
            read,
            written,
            None if delay is None or delay_before is None else delay - delay_before,
            threads - threads_before,
        )
        return end

    def _write_test(self) -> None:
        """Write the line of the current test."""
        measures = self._end
        if measures is None:
            measures = self._take_end()
        self.is_open = False
        counts, fixtures, subtests = self._counts, self.fixtures, self._subtests
        setups, teardowns = fixtures.setups, fixtures.teardowns
        extras = line.NO_EXTRAS
        if setups or teardowns or subtests or counts != "{}":
            extras = line.extras_text(counts, subtests, setups, teardowns)
            setups.clear()
            teardowns.clear()
            if subtests:
                self._end_subtests()
        write, keep, outcome, meta = self._write, self._keep, self._outcome, self._meta
        write(line.test_line(outcome, measures, meta, extras))
        if keep is not None:
            keep((self._nodeid, self._attempt, self._begin[0], outcome, measures, meta, extras))

    def _end_subtests(self) -> None:
        """A test of which a subtest failed has failed, though its report says passed."""
        self._subtests.clear()
        if self._has_failed_subtest and self._outcome == "passed":
            self._outcome = "failed"
        self._has_failed_subtest = False

    def interrupt(self) -> None:
        """The session ends. A test whose tear-down ended is written; one in the middle stays begun."""
        if self.is_open and self._end is not None:
            self._write_test()
        if self.is_open and self.spool.kept is not None:
            self.spool.kept.running = (self._nodeid, self._attempt, self._begin[0])
        self.current = None
        self.is_open = False

    def end_process(self) -> None:
        """The session is over: late tear-downs, then the last line."""
        self.interrupt()
        self.fixtures.write_rest(self._nodeid)
        self.spool.write(line.end_line(self._wall(), self._boot_cpu, allocated_blocks()))
        self.close()

    def close(self) -> None:
        """Let go of files and callbacks. Later calls of the hooks find no current test."""
        self.current = None
        self.is_open = False
        self.collector.remove()
        self._facts.close()
        self.spool.close()
