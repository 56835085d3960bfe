"""Results out of blocks, and single numbers of them. No connection."""

from array import array
from bisect import bisect_left
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping, Sequence
from itertools import chain
from struct import Struct
from typing import Any, Final

from lapwing.model.columned_tests import ColumnedTests
from lapwing.model.record import Outcome, TestRecord
from lapwing.store.packed_columns import Column, columns_end, head_of, row_form, unpack_columns, unpack_row
from lapwing.store.result_blocks import BLOCK_COLUMNS, BLOCK_WIDTH, SAMPLE_COLUMNS, SIZE
from lapwing.store.sql_text import json_from_sql
from lapwing.store.sqlite_rows import MEASURES

_RESULT_NAMES: Final = ("ordinal", "test", "worker", "category", "marker_set")

_RESULT_PLACES: Final = [BLOCK_COLUMNS.index(name) for name in (*_RESULT_NAMES, *MEASURES)]


def leading_bytes(count: int) -> int:
    """So many bytes of a block hold its first `count` columns, whatever their numbers."""
    return columns_end(SIZE, BLOCK_WIDTH, count)


_NamesOf = Callable[[str, str, Collection[int]], Mapping[int, str]]


def result_values(data: bytes) -> Iterable[tuple[Any, ...]]:
    """Each result of a block: ordinal, test, worker, category and set of markers, then the measures."""
    columns = unpack_columns(data, BLOCK_WIDTH, BLOCK_WIDTH)
    return zip(*(columns[place] for place in _RESULT_PLACES), strict=True)


def records_of(rows: Collection[tuple[Any, ...]], names_of: _NamesOf) -> Iterator[tuple[int, TestRecord]]:
    """Place and record of each of `rows`, which are as `result_values` gives them.

    `names_of` gives the texts in a column of a table by their numbers.
    """
    if not rows:
        return iter(())
    ordinals, *columns = zip(*rows, strict=True)
    return zip(ordinals, ColumnedTests(_fields(columns, names_of)), strict=True)


def tests_of(
    with_rows: Sequence[tuple[int, TestRecord]], blocks: Iterable[bytes], names_of: _NamesOf
) -> Sequence[TestRecord]:
    """The results of a run in the order of their places: of `with_rows`, and those in blocks.

    They stay columns, as they are in the blocks, until somebody asks for a single one.
    """
    packed = [unpack_columns(data, BLOCK_WIDTH, BLOCK_WIDTH) for data in blocks]
    if not packed:
        return tuple([record for _, record in with_rows])
    ordinals, *columns = (_joined(packed, place) for place in _RESULT_PLACES)
    fields = _fields(columns, names_of)
    if with_rows:
        ordinals += [ordinal for ordinal, _ in with_rows]
        more = zip(*[record for _, record in with_rows], strict=True)
        fields = [[*of_blocks, *of_rows] for of_blocks, of_rows in zip(fields, more, strict=True)]
    if ordinals != sorted(ordinals):
        order = sorted(range(len(ordinals)), key=ordinals.__getitem__)
        fields = [[column[place] for place in order] for column in fields]
    return ColumnedTests(fields)


def _joined(blocks: Sequence[Sequence[Column]], place: int) -> list[Any]:
    return list(chain.from_iterable([columns[place] for columns in blocks]))


def _fields(columns: Sequence[Sequence[Any]], names_of: _NamesOf) -> list[Sequence[Any]]:
    """Columns as `result_values` has them behind the ordinal, as the fields of TestRecord."""
    numbers, workers, categories, sets, *measures = columns
    texts = names_of("marker_set", "markers", {number for number in sets if number is not None})
    markers: dict[int | None, tuple[str, ...]] = {
        None: (),
        **{number: tuple(json_from_sql(text)) for number, text in texts.items()},
    }
    count = len(numbers)
    return [
        _named(names_of, "test", "nodeid", numbers),
        [Outcome.PASSED] * count,
        [1] * count,
        _named(names_of, "worker", "name", workers),
        _named(names_of, "category", "name", categories),
        *measures,
        list(map(markers.__getitem__, sets)),
        [{}] * count,
        [()] * count,
    ]


def _named(names_of: _NamesOf, table: str, column: str, numbers: Collection[int]) -> list[str]:
    return list(map(names_of(table, column, set(numbers)).__getitem__, numbers))


def in_order_of_execution(read: Sequence[list[Any]]) -> dict[str, list[Any]]:
    """`SAMPLE_COLUMNS` under their names, sorted by worker and place in the run, which is left out."""
    columns = dict(zip(SAMPLE_COLUMNS, read, strict=True))
    places = [
        (worker << 32) + ordinal
        for worker, ordinal in zip(columns["worker"], columns.pop("ordinal"), strict=True)
    ]
    if places == sorted(places):
        return columns
    order = sorted(range(len(places)), key=places.__getitem__)
    return {column: [values[place] for place in order] for column, values in columns.items()}


def packed_rows(data: bytes) -> list[dict[str, int | None]]:
    """Each result of a block, all its numbers by column."""
    columns = unpack_columns(data, BLOCK_WIDTH, BLOCK_WIDTH)
    return [dict(zip(BLOCK_COLUMNS, values, strict=True)) for values in zip(*columns, strict=True)]


def sample_columns(data: bytes) -> list[Column]:
    """The `SAMPLE_COLUMNS` of a block's results."""
    return unpack_columns(data, BLOCK_WIDTH, len(SAMPLE_COLUMNS))


def tests_in(data: bytes) -> Column:
    """The numbers of a block's tests, ascending."""
    return unpack_columns(data, BLOCK_WIDTH, 1)[0]


def add_tests(numbers: "array[int]", blocks: Iterable[bytes]) -> None:
    """Add the numbers of the blocks' tests to those of tests with rows, which are ascending."""
    with_rows = len(numbers)
    for data in blocks:
        for test in tests_in(data):
            # Of a test with two results called its first, the last is in a block and the other has a row.
            place = bisect_left(numbers, test, 0, with_rows) if test is not None else with_rows
            if test is not None and (place == with_rows or numbers[place] != test):
                numbers.append(test)


def durations_of(rows: Iterable[tuple[int, int]], blocks: Iterable[bytes]) -> tuple[list[int], list[int]]:
    """The numbers of tests, and beside them their wall times: of `rows`, and of the results in blocks."""
    tests: list[Any] = []
    took: list[Any] = []
    for test, wall_ns in rows:
        tests.append(test)
        took.append(wall_ns)
    for data in blocks:
        of_block = unpack_columns(data, BLOCK_WIDTH, 2)
        tests += of_block[0]
        took += of_block[1]
    return tests, took


class SampleFinder:
    """Finds the first `most` of `SAMPLE_COLUMNS` of the test numbered `test` in one block after another.

    Blocks of one place mostly are of one form and hold their tests in the same order, run after run: where
    the last one had the test is looked first, and all of its numbers are read at once.
    """

    def __init__(self, test: int, most: int) -> None:
        self._test, self._most = test, most
        self._head = b""
        self._form: Struct | None = None

    def __call__(self, data: bytes) -> Sequence[int | None] | None:
        """The numbers in the block `data`; None where it holds no result of the test."""
        if self._form is not None and data.startswith(self._head):
            values = self._form.unpack_from(data)
            if values[0] == self._test:
                return values
        tests: Sequence[Any] = tests_in(data)
        row = bisect_left(tests, self._test)
        if row == len(tests) or tests[row] != self._test:
            return None
        self._head, self._form = head_of(data, self._most), row_form(data, BLOCK_WIDTH, self._most, row)
        return unpack_row(data, BLOCK_WIDTH, self._most, row)
