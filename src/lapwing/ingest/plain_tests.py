"""Tests of which a report tells nothing but names, place and time, many at once.

Nine of ten cases of a large report are such. Kept as columns they cost a fifth of what as many
`ReadTest` values cost, which is what makes a million of them a matter of seconds.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from typing import Final, TypeVar

from lapwing.ingest.numbers import resolution_ns
from lapwing.model.read_test import DurationKind, ReadTest
from lapwing.model.record import NEVER_RAN, Outcome
from lapwing.model.value import Value

Item = TypeVar("Item")

_NOTHING_TOLD: Final = ReadTest("", Outcome.PASSED)
_NO_PHASES: Final = _NOTHING_TOLD[
    ReadTest._fields.index("start_ns") : ReadTest._fields.index("resolution_ns")
]
_NO_MORE: Final = _NOTHING_TOLD[ReadTest._fields.index("resolution_ns") + 1 :]


class PlainTests(Value):
    """Tests of one suite, in the order of the file; the columns are of one length.

    There is nothing to be said of them, but for `others`, beyond the columns and how they ended.
    """

    names: Sequence[str]
    classnames: Sequence[str]
    seconds: Sequence[float]
    times: Sequence[str]  # the same, as the file writes them
    suite_path: tuple[str, ...] = ()
    package: str = ""
    kind: DurationKind = DurationKind.SINGLE
    resolution_ns: int | None = None  # None: as the digits of each time tell
    files: Sequence[str] = ()  # empty: none is told
    lines: Sequence[str] = ()  # as the file writes them; empty: none is told
    first_line: int = 1  # what the writer calls the first line of a file
    others: Mapping[int, ReadTest] = {}  # place -> the test there, of which more is told
    outcomes: Mapping[int, Outcome] = {}  # place -> how the test there ended; all others passed

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.names)

    def test(self, at: int) -> ReadTest:
        """The test at place `at`."""
        if at in self.others:
            return self.others[at]
        name = self.names[at].strip()
        ns = int(self.seconds[at] * 1e9 + 0.5)
        status = self.outcomes.get(at, Outcome.PASSED)
        file = self.files[at] if self.files else ""
        # By position: named, two dozen fields cost four times as much, and there may be a million tests.
        return ReadTest._make(
            (
                name,
                status,
                None if ns == 0 and status in NEVER_RAN else ns,
                ns,
                self.kind,
                self.suite_path,
                self.classnames[at],
                file,
                line_of(self.lines[at] if self.lines else "", file, self.first_line),
                self.package,
                name[name.find("[") + 1 : -1] if name.endswith("]") else "",
                *_NO_PHASES,
                self.resolution_ns or resolution_ns(self.times[at]),
                *_NO_MORE,
            )
        )


def line_of(text: str, file: str, first_line: int) -> int | None:
    """The line from 1 that `text` or the end of the name `file` (`a_test.exs:12`) tells.

    `first_line` is what the writer calls the first line, in `text`.
    """
    if text.isdecimal() and len(text) < 10:
        return int(text) + 1 - first_line
    _, colon, tail = file.rpartition(":")
    return int(tail) if colon and tail.isdecimal() and len(tail) < 10 else None


def each_test(items: Iterable[Item | PlainTests]) -> Iterator[Item | ReadTest]:
    """`items` with plain tests one by one."""
    for item in items:
        if isinstance(item, PlainTests):
            yield from map(item.test, range(item.count))
        else:
            yield item
