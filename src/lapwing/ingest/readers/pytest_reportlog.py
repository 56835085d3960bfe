"""pytest-reportlog: one JSON line per phase of a test, written while the tests run.

A line is there as soon as its phase has ended, so that the file tells what ran before a crash.
"""

from collections.abc import Iterator
from typing import Any, BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.json_fields import object_in, text_in
from lapwing.ingest.json_lines import json_lines
from lapwing.ingest.node_ids import marks_among, not_collected, test_of_node_id
from lapwing.ingest.reader import Problem, ReadItem, ReportFacts
from lapwing.ingest.timing import began_ns, nanoseconds
from lapwing.model.read_test import DurationKind, ReadAttempt, ReadTest
from lapwing.model.record import Outcome
from lapwing.units import NS_PER_S

_PHASES: Final = ("setup", "call", "teardown")


class _Attempt:
    """The phases of one attempt that have been read."""

    def __init__(self) -> None:
        self.phases_ns: dict[str, int] = {}
        self.start_ns: int | None = None
        self.status = Outcome.PASSED
        self.is_rerun = False
        self.line: int | None = None
        self.tags: tuple[str, ...] = ()
        self.properties: tuple[tuple[str, str], ...] = ()

    def add(self, report: dict[str, Any]) -> None:
        """Take in one line of this attempt."""
        phase = report.get("when")
        outcome = report.get("outcome")
        if report.get("$report_type") != "SubTestReport":
            duration_ns = nanoseconds(report.get("duration"), NS_PER_S)
            if phase in _PHASES and duration_ns is not None:
                self.phases_ns[phase] = duration_ns
            if self.start_ns is None:
                self.start_ns = began_ns(report.get("start"), NS_PER_S)
            self.is_rerun |= outcome == "rerun"
        if self.status not in (Outcome.FAILED, Outcome.ERROR):
            if "wasxfail" in report:
                self.status = Outcome.XFAILED if outcome == "skipped" else Outcome.XPASSED
            elif outcome == "skipped":
                self.status = Outcome.SKIPPED
            elif outcome in ("failed", "error", "rerun"):
                self.status = Outcome.FAILED if phase == "call" else Outcome.ERROR
        self._describe(report)

    def _describe(self, report: dict[str, Any]) -> None:
        location = report.get("location")
        if isinstance(location, list) and len(location) > 1 and isinstance(location[1], int):
            self.line = location[1] + 1
        if report.get("when") == "setup":
            self.tags = marks_among(object_in(report, "keywords"), text_in(report, "nodeid"))
        given = report.get("user_properties")
        if isinstance(given, list):
            pairs = (each for each in given if isinstance(each, list) and len(each) == 2)
            self.properties = tuple((str(name), str(value)) for name, value in pairs)

    @property
    def duration_ns(self) -> int | None:
        """The phases together; None where none was timed."""
        return sum(self.phases_ns.values()) if self.phases_ns else None


class _Open:
    """A test whose last attempt has not ended."""

    def __init__(self) -> None:
        self.earlier: list[_Attempt] = []
        self.attempt = _Attempt()

    def test(self, nodeid: str, *, is_whole: bool) -> ReadTest:
        """The test, with the attempts so far."""
        last = self.attempt
        status = last.status
        warnings: tuple[str, ...] = ()
        if not is_whole:
            status = Outcome.UNKNOWN if status is Outcome.PASSED else status
            warnings = ("the report ends before the test's tear-down",)
        elif self.earlier and status is Outcome.PASSED:
            status = Outcome.FLAKY
        shown_ns = last.duration_ns
        attempts = tuple(ReadAttempt(each.status, each.duration_ns) for each in (*self.earlier, last))
        return test_of_node_id(
            nodeid,
            status,
            duration_ns=shown_ns if is_whole else None,
            shown_duration_ns=shown_ns,
            duration_kind=DurationKind.LAST if self.earlier else DurationKind.SINGLE,
            line=last.line,
            start_ns=last.start_ns,
            setup_ns=last.phases_ns.get("setup"),
            call_ns=last.phases_ns.get("call"),
            teardown_ns=last.phases_ns.get("teardown"),
            attempts=attempts if self.earlier else (),
            tags=last.tags,
            properties=last.properties,
            warnings=warnings,
        )


class PytestReportlogReader:
    """Tests come out when their tear-down is read; whatever is open at the end of the file, then."""

    name = "pytest-reportlog"

    def recognizes(self, head: Head) -> bool:
        """By the key that marks each line."""
        return any("$report_type" in line for line in head.json_lines)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Each test with its phases and attempts, and modules that could not be collected."""
        yield ReportFacts(tool="pytest")
        tests: dict[str, _Open] = {}
        for item in json_lines(stream):
            if isinstance(item, Problem):
                yield item
                continue
            report = item[1]
            kind = report.get("$report_type")
            nodeid = text_in(report, "nodeid")
            if kind in ("TestReport", "SubTestReport") and nodeid:
                test = tests.setdefault(nodeid, _Open())
                test.attempt.add(report)
                if kind == "SubTestReport" or report.get("when") != "teardown":
                    continue
                if test.attempt.is_rerun:
                    test.earlier.append(test.attempt)
                    test.attempt = _Attempt()
                else:
                    yield tests.pop(nodeid).test(nodeid, is_whole=True)
            elif kind == "CollectReport" and report.get("outcome") in ("failed", "skipped"):
                yield not_collected(nodeid or place, report["outcome"])
        for nodeid, test in tests.items():
            if test.attempt.phases_ns or not test.earlier:
                yield test.test(nodeid, is_whole=False)
            else:
                test.attempt = test.earlier.pop()
                yield test.test(nodeid, is_whole=True)
