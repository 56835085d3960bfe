"""Results of tests as columns: of those that were sent so, the columns that they came in."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any, Self

from lapwing.model.record import TestRecord


class ColumnedTests(tuple[TestRecord, ...]):
    """Results that keep the columns they were made of: taking ten thousand apart again costs a tenth of
    taking in their run."""

    columns: Sequence[Sequence[Any]]  # one per field of TestRecord, in their order

    @classmethod
    def of(cls, columns: Sequence[Sequence[Any]], records: Iterable[TestRecord]) -> Self:
        """The results in `columns`, which are `records`."""
        made = cls(records)
        made.columns = columns
        return made


def columns_of(tests: Sequence[TestRecord]) -> dict[str, Sequence[Any]]:
    """The columns of at least one result, by field."""
    columns = tests.columns if isinstance(tests, ColumnedTests) else zip(*tests, strict=True)
    return dict(zip(TestRecord._fields, columns, strict=True))
