"""Results of tests as columns: of those that were sent so, the columns that they came in."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from operator import eq, itemgetter
from typing import TYPE_CHECKING, Any, overload

from lapwing.model.record import TestRecord

if TYPE_CHECKING:
    _Base = Sequence[TestRecord]
else:
    _Base = object  # who records a run loads this, too, and would pay for a class of another kind


class ColumnedTests(_Base):
    """Results that are columns until somebody asks for them: ten thousand that are only written down are
    never made, those that are looked at are made once."""

    __slots__ = ("_made", "columns")

    def __init__(self, columns: Sequence[Sequence[Any]]) -> None:
        self.columns = columns  # one per field of TestRecord, in their order
        self._made: tuple[TestRecord, ...] | None = None

    def __len__(self) -> int:
        return len(self.columns[0])

    @overload
    def __getitem__(self, at: int) -> TestRecord: ...
    @overload
    def __getitem__(self, at: slice) -> ColumnedTests: ...
    def __getitem__(self, at: int | slice) -> TestRecord | ColumnedTests:
        if isinstance(at, slice):
            return ColumnedTests([column[at] for column in self.columns])
        if self._made is not None:
            return self._made[at]
        return TestRecord._make([column[at] for column in self.columns])

    def __iter__(self) -> Iterator[TestRecord]:
        if self._made is None:
            self._made = tuple(map(TestRecord._make, zip(*self.columns, strict=True)))
        return iter(self._made)

    def __eq__(self, other: object) -> bool:
        if not isinstance(other, (ColumnedTests, tuple)):
            return NotImplemented
        return len(self) == len(other) and all(map(eq, self, other))

    __hash__ = None  # type: ignore[assignment]


def columns_of(tests: Sequence[TestRecord]) -> dict[str, Sequence[Any]]:
    """The columns of at least one result, by field."""
    columns = tests.columns if isinstance(tests, ColumnedTests) else zip(*tests, strict=True)
    return dict(zip(TestRecord._fields, columns, strict=True))


def column_of(tests: Sequence[TestRecord], name: str) -> Iterable[Any]:
    """What each result has in the field `name`."""
    place = TestRecord._fields.index(name)
    if isinstance(tests, ColumnedTests):
        return tests.columns[place]
    return map(itemgetter(place), tests)
