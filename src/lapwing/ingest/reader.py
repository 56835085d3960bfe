"""What a reader of reports is, and what it yields.

A reader gets a stream of plain bytes that somebody else opened and yields what it reads while it
reads: nothing is held back for a later break to destroy.
"""

from collections.abc import Iterator
from enum import StrEnum
from typing import BinaryIO, Final, Protocol

from lapwing.ingest.head import Head
from lapwing.ingest.plain_tests import PlainTests
from lapwing.model.read_test import ReadTest
from lapwing.model.value import Value

HISTORY_ID: Final = "historyId"
"""The property of a test that its attempts share where their tool writes each into a file of its own."""


class Problem(Value):
    """Something of a file that could not be read, or was read with a doubt."""

    text: str  # one sentence
    offset: int | None = None  # byte of the content (after gunzip) where it was met
    loses_tests: bool = False  # tests may be missing because of it


class Repeats(StrEnum):
    """What a second entry of the same name is in a report."""

    ATTEMPTS = "attempts"  # names are unique: it was tried again
    OCCURRENCES = "occurrences"  # the tool lets tests share a name
    BY_OUTCOME = "by outcome"  # not known: tried again if one of them failed


class ReportFacts(Value):
    """What a report says of itself. Later ones fill in what earlier ones left empty."""

    tool: str = ""  # pytest, jest, surefire ...
    started_at_ns: int | None = None  # since the epoch
    repeats: Repeats | None = None  # None: BY_OUTCOME


ReadItem = ReadTest | PlainTests | Problem | ReportFacts


class Reader(Protocol):
    """One format."""

    name: str  # as people call it: "JUnit XML"

    def recognizes(self, head: Head) -> bool:
        """Whether a file that begins so is of this format."""

    def read(self, stream: BinaryIO, place: str) -> Iterator[ReadItem]:
        """What the content of `stream` tells. `place` names the file in texts.

        Never raises for content: what cannot be read becomes a Problem. Raises OSError.
        """
