"""Robot Framework's output.xml: elapsed seconds since version 7, start and end times before."""

from collections.abc import Iterator
from datetime import datetime
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.numbers import read_duration
from lapwing.ingest.reader import ReadItem, Repeats, ReportFacts
from lapwing.ingest.xml.documents import read_documents
from lapwing.ingest.xml.elements import Attributes, Elements
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

_OUTCOMES: Final = {
    "PASS": Outcome.PASSED,
    "FAIL": Outcome.FAILED,
    "SKIP": Outcome.SKIPPED,
    "NOT RUN": Outcome.NOTRUN,
    "NOT_RUN": Outcome.NOTRUN,
}
_MS: Final = 1_000_000
_US: Final = 1_000
_PHASES: Final = {"SETUP": "setup", "TEARDOWN": "teardown"}


class RobotReader:
    """Reads `robot` documents."""

    name = "Robot Framework"

    def recognizes(self, head: Head) -> bool:
        """By the root."""
        return head.root == "robot"

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Tests as they end."""
        yield from read_documents(stream, _Listener())


class _Listener(Elements):
    text_of = frozenset({"tag"})

    def begin(self) -> None:
        self._suites: list[Attributes] = []
        self._test: Attributes | None = None
        self._tags: list[str] = []
        self._phases: dict[str, int | None] = {}
        self._phase = ""

    def opened(self, name: str, attributes: Attributes) -> None:
        if name == "robot":
            self.items.append(ReportFacts(tool="robot", repeats=Repeats.OCCURRENCES))
        elif name == "suite":
            self._suites.append(attributes)
        elif name == "test" and self.parent == "suite":
            self._test, self._tags, self._phases = attributes, [], {}
        elif name == "kw" and self.parent == "test":
            self._phase = _PHASES.get(attributes.get("type", "").upper(), "")
        elif name == "status" and self._test is not None:
            if self.parent == "test":
                self._finish(self._test, attributes)
            elif self._phase and self.path[-3:-1] == ["test", "kw"]:
                self._phases[self._phase] = _elapsed(attributes)[0]

    def closed(self, name: str, text: str) -> None:
        if name == "suite" and self._suites:
            self._suites.pop()
        elif name == "tag" and self._test is not None and text:
            self._tags.append(text)
        elif name == "test":
            self._test = None
        elif name == "kw" and self.parent == "test":
            self._phase = ""

    def _finish(self, test: Attributes, status: Attributes) -> None:
        outcome = _OUTCOMES.get(status.get("status", ""), Outcome.UNKNOWN)
        ns, resolution = _elapsed(status)
        setup, teardown = self._phases.get("setup"), self._phases.get("teardown")
        has_phases = ns is not None and (setup is not None or teardown is not None)
        line = test.get("line", "")
        self.items.append(
            ReadTest(
                name=test.get("name", "").strip(),
                status=outcome,
                duration_ns=None if outcome in (Outcome.SKIPPED, Outcome.NOTRUN) and not ns else ns,
                shown_duration_ns=ns,
                suite_path=tuple(suite.get("name", "") for suite in self._suites),
                file=next((suite["source"] for suite in reversed(self._suites) if "source" in suite), ""),
                line=int(line) if line.isdecimal() and len(line) < 10 else None,
                setup_ns=setup if has_phases else None,
                call_ns=max(0, (ns or 0) - (setup or 0) - (teardown or 0)) if has_phases else None,
                teardown_ns=teardown if has_phases else None,
                resolution_ns=resolution,
                tags=tuple(self._tags),
            )
        )


def _elapsed(status: Attributes) -> tuple[int | None, int]:
    """How long it took, and the clock's step. The old stamps, `20240131 12:34:56.789`, have no zone."""
    if "elapsed" in status:
        return read_duration(status["elapsed"]).ns, _US
    try:
        start = datetime.strptime(status["starttime"], "%Y%m%d %H:%M:%S.%f")
        end = datetime.strptime(status["endtime"], "%Y%m%d %H:%M:%S.%f")
    except (KeyError, ValueError):
        return None, _MS
    took = (end - start).total_seconds()
    return (round(took * 1000) * _MS, _MS) if took >= 0 else (None, _MS)
