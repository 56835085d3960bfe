"""TRX, the results of Visual Studio and `dotnet test`.

The time of a test is its `duration`: end minus start is wrong in files of several adapters. The
class of a test is told by a definition that comes after the results, so results wait for it.
"""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.numbers import clock_ns
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.xml.documents import read_documents
from lapwing.ingest.xml.elements import Attributes, Elements
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

_OUTCOMES: Final = {
    "Passed": Outcome.PASSED,
    "PassedButRunAborted": Outcome.PASSED,
    "Completed": Outcome.PASSED,
    "Warning": Outcome.PASSED,
    "Failed": Outcome.FAILED,
    "Error": Outcome.ERROR,
    "Aborted": Outcome.ERROR,
    "Disconnected": Outcome.ERROR,
    "NotRunnable": Outcome.NOTRUN,
    "Timeout": Outcome.TIMEOUT,
    "NotExecuted": Outcome.SKIPPED,
    "Inconclusive": Outcome.SKIPPED,
    "Pending": Outcome.NOTRUN,
    "InProgress": Outcome.UNFINISHED,
}
_RESULTS: Final = frozenset({"UnitTestResult", "TestResult", "WebTestResult", "GenericTestResult"})
_TICK_NS: Final = 100
_MOST_WAITING: Final = 200_000


class TrxReader:
    """Reads `TestRun` documents."""

    name = "TRX"

    def recognizes(self, head: Head) -> bool:
        """By the root and its namespace, or what stands first in it."""
        return head.root == "TestRun" and (
            "TeamTest" in head.root_attributes.get("xmlns", "")
            or not head.element_names.isdisjoint({"Results", "TestSettings", "Times", "UnitTestResult"})
        )

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Results, once their classes are known."""
        yield from read_documents(stream, _Listener())


class _Listener(Elements):
    def __init__(self) -> None:
        self._waiting: list[tuple[str, Attributes]] = []
        self._classes: dict[str, str] = {}
        super().__init__()

    def begin(self) -> None:
        self._release()
        self._definition = ""
        self._retries: set[str] = set()

    def opened(self, name: str, attributes: Attributes) -> None:
        if name in _RESULTS:
            self._waiting.append((name, attributes))
            if len(self._waiting) == _MOST_WAITING:
                self.items.append(Problem(f"after {_MOST_WAITING} tests, classes are not told apart"))
                self._release()
        elif name in ("UnitTest", "GenericTest", "OrderedTest"):
            self._definition = attributes.get("id", "")
        elif name == "TestMethod" and self._definition:
            # Older files append the assembly: "Name.Space.Class, Assembly, Version=...".
            self._classes[self._definition] = attributes.get("className", "").split(",")[0]
        elif name == "Times":
            started = moment_ns(attributes.get("start", ""))
            self.items.append(ReportFacts(tool="", started_at_ns=started))
        elif name == "TestRun":
            self.items.append(ReportFacts(tool="dotnet test", repeats=Repeats.OCCURRENCES))

    def closed(self, name: str, text: str) -> None:
        if name == "TestRun":
            self._release()

    def settle(self, *, is_end: bool) -> int:
        if is_end:
            self._release()
        return len(self.items)

    def _release(self) -> None:
        for _, attributes in self._waiting:
            self.items.append(_test(attributes, self._classes.get(attributes.get("testId", ""), "")))
        self._waiting = []
        self._classes = {}


def _test(attributes: Attributes, classname: str) -> ReadTest:
    told = attributes.get("outcome", "")
    status = _OUTCOMES.get(told, Outcome.UNKNOWN)
    text = attributes.get("duration", "")
    ns = clock_ns(text)
    warnings = [f"duration {text[:40]!r} is not a duration"] if text and ns is None else []
    if told == "Warning":
        warnings.append("passed with a warning")
    name = attributes.get("testName", "").strip()
    return ReadTest(
        name=name,
        status=status,
        duration_ns=None if not ns and status is not Outcome.PASSED else ns,
        shown_duration_ns=ns,
        classname=classname,
        parameters=name[name.index("(") + 1 : -1] if name.endswith(")") and "(" in name else "",
        start_ns=moment_ns(attributes.get("startTime", "")),
        resolution_ns=_TICK_NS,
        warnings=tuple(warnings),
    )
