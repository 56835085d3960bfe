"""CTest's Test.xml, as it is sent to a dashboard. A test is a process."""

from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.numbers import NS, read_duration
from lapwing.ingest.reader import ReadItem, Repeats, ReportFacts
from lapwing.ingest.times import epoch_ns
from lapwing.ingest.xml.documents import read_documents
from lapwing.ingest.xml.elements import Attributes, Elements
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome

_OUTCOMES: Final = {"passed": Outcome.PASSED, "failed": Outcome.FAILED, "notrun": Outcome.NOTRUN}
_TIME: Final = "Execution Time"
_SAID: Final = frozenset({"Completion Status", "Exit Code"})


class CTestReader:
    """Reads `Site` documents with a `Testing` part."""

    name = "CTest"

    def recognizes(self, head: Head) -> bool:
        """By the root and the part: sites send builds and coverage in the same form."""
        return head.root == "Site" and "Testing" in head.element_names

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Tests as they end."""
        yield from read_documents(stream, _Listener())


class _Listener(Elements):
    text_of = frozenset({"Name", "Path", "Value", "StartTestTime", "Label"})

    def begin(self) -> None:
        self._status: str | None = None
        self._told: dict[str, str] = {}
        self._labels: list[str] = []
        self._measure = ""

    def opened(self, name: str, attributes: Attributes) -> None:
        if name == "Site":
            self.items.append(ReportFacts(tool="ctest", repeats=Repeats.ATTEMPTS))
        elif name == "Test" and "Status" in attributes:
            self._status, self._told, self._labels = attributes["Status"], {}, []
        elif name == "NamedMeasurement":
            self._measure = attributes.get("name", "")
        elif name == "Measurement":
            self._measure = ""

    def closed(self, name: str, text: str) -> None:
        if name == "StartTestTime":
            read = read_duration(text)
            started = epoch_ns(float(text), NS) if read.ns is None and text.strip().isdecimal() else None
            if started is not None:
                self.items.append(ReportFacts(started_at_ns=started))
        elif self._status is None:
            return
        elif name in ("Name", "Path") and self.parent == "Test":
            self._told[name] = text.strip()
        elif name == "Value" and self._measure:
            self._told[self._measure] = text.strip()
        elif name == "Label":
            self._labels.append(text.strip())
        elif name == "Test":
            self._finish(self._status)
            self._status = None

    def _finish(self, told: str) -> None:
        duration = read_duration(self._told.get(_TIME, ""))
        status = _outcome(told, {self._told.get(name, "").lower() for name in _SAID})
        has_run = status in (Outcome.PASSED, Outcome.FAILED, Outcome.TIMEOUT)
        said = self._told.get("Completion Status", "")
        path = self._told.get("Path", "")
        self.items.append(
            ReadTest(
                name=self._told.get("Name", ""),
                status=status,
                duration_ns=duration.ns if has_run and duration.ns else None,
                shown_duration_ns=duration.ns,
                suite_path=(path,) if path not in ("", ".") else (),
                tags=tuple(label for label in self._labels if label),
                resolution_ns=10_000,
                warnings=(said,) if status is Outcome.NOTRUN and said else (),
            )
        )


def _outcome(told: str, said: set[str]) -> Outcome:
    if "timeout" in said:
        return Outcome.TIMEOUT
    if told == "notrun" and any(word.startswith(("disabled", "skip")) for word in said):
        return Outcome.SKIPPED
    return _OUTCOMES.get(told, Outcome.UNKNOWN)
