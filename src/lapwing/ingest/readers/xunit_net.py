"""xUnit.net v1 (`assembly`) to v3 (`assemblies`), also written by Fixie."""

import re
from collections.abc import Iterator
from typing import BinaryIO, Final

from lapwing.ingest.head import Head
from lapwing.ingest.numbers import read_duration, resolution_ns
from lapwing.ingest.reader import Problem, ReadItem, Repeats, ReportFacts
from lapwing.ingest.times import moment_ns
from lapwing.ingest.xml.documents import read_documents
from lapwing.ingest.xml.elements import Attributes, Elements
from lapwing.model.read_test import ReadTest
from lapwing.model.record import NEVER_RAN, Outcome

_OUTCOMES: Final = {
    "pass": Outcome.PASSED,
    "fail": Outcome.FAILED,
    "skip": Outcome.SKIPPED,
    "notrun": Outcome.NOTRUN,
}


class XUnitNetReader:
    """Reads `assemblies` and `assembly` documents."""

    name = "xUnit.net"

    def recognizes(self, head: Head) -> bool:
        """By the root; a lone assembly tells its framework or its run."""
        if head.root == "assemblies":
            return True
        return head.root == "assembly" and not {"test-framework", "run-date"}.isdisjoint(head.root_attributes)

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """Tests as they end."""
        yield from read_documents(stream, _Listener())


class _Listener(Elements):
    def begin(self) -> None:
        self._assembly = ""
        self._test: Attributes | None = None
        self._tags: list[str] = []

    def opened(self, name: str, attributes: Attributes) -> None:
        if name == "test":
            self._test, self._tags = attributes, []
        elif name == "trait" and self._test is not None and attributes.get("name", "").lower() == "category":
            self._tags.append(attributes.get("value", ""))
        elif name == "assembly":
            self._assembly = re.split(r"[\\/]", attributes.get("name", ""))[-1]
            started = moment_ns(attributes.get("start-rtf", ""))
            self.items.append(ReportFacts("xunit.net", started, Repeats.OCCURRENCES))
        elif name == "error" and self.parent == "errors":
            said = " ".join((attributes.get("name") or attributes.get("type", ""))[:200].split())
            self.items.append(
                Problem(f"assembly {self._assembly[:80]!r} has an error outside its tests: {said}")
            )

    def closed(self, name: str, text: str) -> None:
        if name == "test" and self._test is not None:
            self.items.append(_read(self._test, self._assembly, self._tags))
            self._test = None


def _read(test: Attributes, assembly: str, tags: list[str]) -> ReadTest:
    """A test. The names of collections hold ids that change from build to build, and are left out."""
    status = _OUTCOMES.get(test.get("result", "").lower(), Outcome.UNKNOWN)
    text = test.get("time-rtf") or test.get("time", "")
    duration = read_duration(text)
    name = test.get("name", "").strip()
    line = test.get("source-line", "")
    return ReadTest(
        name=name,
        status=status,
        duration_ns=None
        if not duration.ns and (status in NEVER_RAN or status is Outcome.FAILED)
        else duration.ns,
        shown_duration_ns=duration.ns,
        suite_path=(assembly,) if assembly else (),
        classname=test.get("type", ""),
        file=test.get("source-file", ""),
        line=int(line) if line.isdecimal() and len(line) < 10 else None,
        parameters=name[name.index("(") + 1 : -1] if name.endswith(")") and "(" in name else "",
        start_ns=moment_ns(test.get("start-rtf", "")),
        resolution_ns=resolution_ns(text.rpartition(":")[2]),
        tags=tuple(tags),
        warnings=(duration.warning,) if duration.warning else (),
    )
