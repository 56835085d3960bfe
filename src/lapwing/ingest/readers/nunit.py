"""NUnit 2 (`test-results`) and NUnit 3 (`test-run`). In NUnit 2 the root's `time` is the clock's."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.numbers import read_duration, resolution_ns
from lapwing.ingest.reader import ReadItem, Repeats, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.xml.documents import read_documents
from lapwing.ingest.xml.elements import Attributes, Elements
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

_OUTCOMES: Final = {
    "passed": Outcome.PASSED,
    "success": Outcome.PASSED,
    "warning": Outcome.PASSED,
    "failed": Outcome.FAILED,
    "failure": Outcome.FAILED,
    "error": Outcome.ERROR,
    "cancelled": Outcome.ERROR,
    "invalid": Outcome.ERROR,
    "notrunnable": Outcome.NOTRUN,
    "skipped": Outcome.SKIPPED,
    "ignored": Outcome.SKIPPED,
    "explicit": Outcome.SKIPPED,
    "inconclusive": Outcome.SKIPPED,
}
_MOST_SUITES: Final = 200


class NUnitReader:
    """Reads `test-results` and `test-run` documents."""

    name = "NUnit"

    def recognizes(self, head: Head) -> bool:
        """By the root."""
        return head.root in ("test-results", "test-run")

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Cases as they end."""
        yield from read_documents(stream, _Listener())


class _Listener(Elements):
    def begin(self) -> None:
        self._suites: list[str] = []
        self._case: Attributes | None = None
        self._tags: list[str] = []
        self._file = ""

    def opened(self, name: str, attributes: Attributes) -> None:
        if name == "test-case":
            self._case, self._tags = attributes, []
        elif name == "test-suite":
            self._suites.append(attributes.get("name", ""))
        elif name == "category" and self._case is not None:
            self._tags.append(attributes.get("name", ""))
        elif name == "property" and self._case is not None and attributes.get("name") == "Category":
            self._tags.append(attributes.get("value", ""))
        elif name in ("test-run", "test-results"):
            started = moment_ns(attributes.get("start-time", ""))
            self.items.append(ReportFacts("nunit", started, Repeats.OCCURRENCES))

    def closed(self, name: str, text: str) -> None:
        if name == "test-suite" and self._suites:
            self._suites.pop()
        elif name == "test-case" and self._case is not None:
            self.items.append(_test(self._case, tuple(self._suites[:_MOST_SUITES]), self._tags))
            self._case = None


def _test(case: Attributes, suites: tuple[str, ...], tags: list[str]) -> ReadTest:
    status = _outcome(case)
    text = case.get("duration") or case.get("time", "")
    duration = read_duration(text)
    warnings = [duration.warning] if duration.warning else []
    if case.get("result", "").lower() in ("warning", "inconclusive"):
        warnings.append(f"the runner calls it {case['result'].lower()}")
    name = case.get("name", "").strip()
    full = case.get("fullname", "")
    told = full.removesuffix(f".{name}") if full.endswith(f".{name}") else ""
    return ReadTest(
        name=name,
        status=status,
        duration_ns=None if not duration.ns and status is not Outcome.PASSED else duration.ns,
        shown_duration_ns=duration.ns,
        suite_path=tuple(suite for suite in suites if suite),
        classname=case.get("classname") or told,
        parameters=name[name.index("(") + 1 : -1] if name.endswith(")") and "(" in name else "",
        start_ns=moment_ns(case.get("start-time", "")),
        resolution_ns=resolution_ns(text),
        tags=tuple(tag for tag in tags if tag),
        warnings=tuple(warnings),
    )


def _outcome(case: Attributes) -> Outcome:
    result = _OUTCOMES.get(case.get("result", "").lower())
    if result is not None:
        label = _OUTCOMES.get(case.get("label", "").lower())
        return label if result is Outcome.FAILED and label is Outcome.ERROR else result
    if case.get("executed", "").lower() == "false":
        return Outcome.SKIPPED
    success = case.get("success", "").lower()
    if success:
        return Outcome.PASSED if success == "true" else Outcome.FAILED
    return Outcome.NOTRUN
