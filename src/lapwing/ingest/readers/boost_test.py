"""Boost.Test's XML log, whose times are microseconds, and its XML report, which has none."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.numbers import read_duration
from lapwing.ingest.reader import ReadItem, Repeats, ReportFacts
from lapwing.ingest.xml.documents import read_documents
from lapwing.ingest.xml.elements import Attributes, Elements
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

_US: Final = 1_000
_MARKS: Final = {
    "Error": Outcome.FAILED,
    "FatalError": Outcome.FAILED,
    "Exception": Outcome.ERROR,
}
_RESULTS: Final = {
    "passed": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "aborted": Outcome.ERROR,
    "skipped": Outcome.SKIPPED,
}


class BoostTestReader:
    """Reads `TestLog` documents, and `TestResult` ones where no log is in the file."""

    name = "Boost.Test"

    def recognizes(self, head: Head) -> bool:
        """By the root."""
        return head.root == "TestLog" or (head.root == "TestResult" and "TestSuite" in head.element_names)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Cases as they end."""
        yield from read_documents(stream, _Listener())


class _Listener(Elements):
    text_of = frozenset({"TestingTime"})

    def __init__(self) -> None:
        self._has_log = False
        super().__init__()

    def begin(self) -> None:
        self._suites: list[str] = []
        self._case: Attributes | None = None
        self._status = Outcome.PASSED
        self._time = ""

    def opened(self, name: str, attributes: Attributes) -> None:
        if name in ("TestLog", "TestResult"):
            self._has_log = self._has_log or name == "TestLog"
            self.items.append(ReportFacts(tool="boost.test", repeats=Repeats.OCCURRENCES))
        elif name == "TestSuite":
            self._suites.append(attributes.get("name", ""))
        elif name == "TestCase":
            self._case, self._time = attributes, ""
            self._status = _RESULTS.get(attributes.get("result", ""), Outcome.PASSED)
            if attributes.get("skipped", "").lower() in ("yes", "true"):
                self._status = Outcome.SKIPPED
        elif name in _MARKS and self._case is not None and self._status is Outcome.PASSED:
            self._status = _MARKS[name]

    def closed(self, name: str, text: str) -> None:
        if name == "TestSuite" and self._suites:
            self._suites.pop()
        elif name == "TestingTime" and self.parent == "TestCase":
            self._time = text
        elif name == "TestCase" and self._case is not None:
            if "TestResult" not in self.path[:1] or not self._has_log:
                self._finish(self._case)
            self._case = None

    def _finish(self, case: Attributes) -> None:
        duration = read_duration(self._time, _US)
        line = case.get("line", "")
        self.items.append(
            ReadTest(
                name=case.get("name", "").strip(),
                status=self._status,
                duration_ns=duration.ns if duration.ns or self._status is Outcome.PASSED else None,
                shown_duration_ns=duration.ns,
                suite_path=tuple(suite for suite in self._suites if suite),
                file=case.get("file", ""),
                line=int(line) if line.isdecimal() and len(line) < 10 else None,
                resolution_ns=_US,
                warnings=(duration.warning,) if duration.warning else (),
            )
        )
