import io

import pytest

from lapwing.ingest.reader import Problem, ReportFacts
from lapwing.model.read_test import ReadTest


class Trickle(io.BytesIO):
    """A stream that gives few bytes at a time, as a pipe may."""

    def __init__(self, content: bytes, size: int) -> None:
        super().__init__(content)
        self._size = size

    def read(self, size=-1, /):
        return super().read(self._size if size < 0 else min(size, self._size))


class Reading:
    """What a reader made of a content."""

    def __init__(self, items):
        self.tests = [item for item in items if isinstance(item, ReadTest)]
        self.problems = [item for item in items if isinstance(item, Problem)]
        facts = [item for item in items if isinstance(item, ReportFacts)]
        self.tool = next((fact.tool for fact in facts if fact.tool), "")
        self.started_at_ns = next((fact.started_at_ns for fact in facts if fact.started_at_ns), None)

    @property
    def rows(self):
        """Name, status and shown milliseconds of each test."""
        return [
            (test.name, test.status.value, None if (ns := test.shown_duration_ns) is None else ns / 1e6)
            for test in self.tests
        ]


@pytest.fixture
def trickle():
    return Trickle


@pytest.fixture
def read_with():
    def read(reader, content, *, place="report", chunk=1 << 20):
        data = content.encode() if isinstance(content, str) else content
        return Reading(list(reader.read(Trickle(data, chunk), place)))

    return read


@pytest.fixture(scope="session")
def trickle_class():
    return Trickle
