"""The XML of Catch2 and of doctest, which took its shape over: cases with an overall result.

Durations are there where the runner was asked for them (`--durations yes`, `--duration=true`).
"""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.numbers import read_duration, resolution_ns
from lapwing.ingest.reader import ReadItem, Repeats, ReportFacts
from lapwing.ingest.xml.documents import read_documents
from lapwing.ingest.xml.elements import Attributes, Elements
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

_TOOLS: Final = {"Catch": "catch2", "Catch2TestRun": "catch2", "doctest": "doctest"}
_RESULTS: Final = ("OverallResult", "OverallResultsAsserts")
_SUITES: Final = ("TestSuite", "Group")


class Catch2Reader:
    """Reads `Catch`, `Catch2TestRun` and `doctest` documents."""

    name = "Catch2 and doctest XML"

    def recognizes(self, head: Head) -> bool:
        """By the root."""
        return head.root in _TOOLS

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Cases as they end."""
        yield from read_documents(stream, _Listener())


class _Listener(Elements):
    def begin(self) -> None:
        self._suites: list[str] = []
        self._case: Attributes | None = None
        self._result: Attributes = {}
        self._has_failed = False

    def opened(self, name: str, attributes: Attributes) -> None:
        if name in _TOOLS:
            self.items.append(ReportFacts(tool=_TOOLS[name], repeats=Repeats.OCCURRENCES))
        elif name in _SUITES:
            self._suites.append(attributes.get("name", ""))
        elif name == "TestCase":
            self._case, self._result, self._has_failed = attributes, {}, False
        elif name in _RESULTS and self.parent == "TestCase":
            self._result = attributes
        elif name in ("Exception", "FatalErrorCondition"):
            self._has_failed = True

    def closed(self, name: str, text: str) -> None:
        if name in _SUITES and self._suites:
            self._suites.pop()
        elif name == "TestCase" and self._case is not None:
            self._finish(self._case)
            self._case = None

    def _finish(self, case: Attributes) -> None:
        status = self._outcome(case)
        text = self._result.get("durationInSeconds") or self._result.get("duration", "")
        duration = read_duration(text)
        line = case.get("line", "")
        self.items.append(
            ReadTest(
                name=case.get("name", "").strip(),
                status=status,
                duration_ns=duration.ns if duration.ns or status is Outcome.PASSED else None,
                shown_duration_ns=duration.ns,
                suite_path=tuple(suite for suite in self._suites if suite),
                file=case.get("filename", ""),
                line=int(line) if line.isdecimal() and len(line) < 10 else None,
                resolution_ns=resolution_ns(text) if "e" not in text else 1_000,
                tags=tuple(re.findall(r"\[([^\[\]]+)\]", case.get("tags", ""))),
                warnings=(duration.warning,) if duration.warning else (),
            )
        )

    def _outcome(self, case: Attributes) -> Outcome:
        if case.get("skipped", "").lower() == "true":
            return Outcome.SKIPPED
        success = self._result.get("success") or self._result.get("test_case_success", "")
        if not success:
            return Outcome.ERROR if self._has_failed else Outcome.UNFINISHED
        if success.lower() != "true":
            return Outcome.ERROR if self._has_failed else Outcome.FAILED
        return Outcome.SKIPPED if self._result.get("skips", "0") not in ("", "0") else Outcome.PASSED
