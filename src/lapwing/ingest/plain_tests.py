"""Tests of which a report tells nothing but name, class and time, many at once.

Nine of ten cases of a large report are such. Kept as columns they cost a fifth of what as many
`ReadTest` values cost, which is what makes a million of them a matter of seconds.
"""

from collections.abc import Iterable, Iterator, Sequence
from typing import TypeVar

from lapwing.ingest.numbers import resolution_ns
from lapwing.model.read_test import DurationKind, ReadTest
from lapwing.model.record import Outcome
from lapwing.model.value import Value

Item = TypeVar("Item")


class PlainTests(Value):
    """Passed tests of one suite, in the order of the file; the columns are of one length."""

    names: Sequence[str]
    classnames: Sequence[str]
    seconds: Sequence[float]
    times: Sequence[str]  # the same, as the file writes them
    suite_path: tuple[str, ...] = ()
    package: str = ""
    kind: DurationKind = DurationKind.SINGLE
    resolution_ns: int | None = None  # None: as the digits of each time tell

    @property
    def count(self) -> int:
        """How many they are."""
        return len(self.names)

    def test(self, at: int) -> ReadTest:
        """The test at place `at`."""
        name = self.names[at].strip()
        ns = int(self.seconds[at] * 1e9 + 0.5)
        return ReadTest(
            name=name,
            status=Outcome.PASSED,
            duration_ns=ns,
            shown_duration_ns=ns,
            duration_kind=self.kind,
            suite_path=self.suite_path,
            classname=self.classnames[at],
            package=self.package,
            parameters=name[name.find("[") + 1 : -1] if name.endswith("]") else "",
            resolution_ns=self.resolution_ns or resolution_ns(self.times[at]),
        )


def each_test(items: Iterable[Item | PlainTests]) -> Iterator[Item | ReadTest]:
    """`items` with plain tests one by one."""
    for item in items:
        if isinstance(item, PlainTests):
            yield from map(item.test, range(item.count))
        else:
            yield item
