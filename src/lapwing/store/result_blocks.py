"""Results of the usual kind, many to a row: to blocks and back. No connection.

A row of thirty columns per test costs more to write than all the rest of recording it. A test that
passed at its first and last attempt, all phases measured, and in which no probe counted anything,
is numbers only: those whose own numbers have the same `place` are packed column by column into one
row of `result_block`, in the order of those numbers. Every other result has a row of `result`.

A run that is written in parts may have several blocks of one place.
"""

from array import array
from bisect import bisect_left
from collections.abc import Container, Iterable, Iterator, Mapping, Sequence
from itertools import compress, pairwise
from struct import Struct
from typing import Any, Final

from lapwing.model.record import Outcome, TestRecord
from lapwing.model.value import Value
from lapwing.store.packed_columns import (
    Column,
    columns_end,
    head_of,
    pack_columns,
    row_form,
    unpack_columns,
    unpack_row,
)
from lapwing.store.sqlite_rows import MEASURES, Row

SIZE: Final = 64

_SAMPLED: Final = (
    "peak_bytes",
    "delta_bytes",
    "involuntary_switches",
    "run_delay_ns",
    "gc_ns",
)
SAMPLE_COLUMNS: Final = ("test", "wall_ns", "cpu_ns", *_SAMPLED, "worker", "category", "ordinal")
"""Columns that every comparison reads, those that a history reads before the others; they lead in a block."""

BLOCK_COLUMNS: Final = (
    *SAMPLE_COLUMNS,
    *(name for name in MEASURES if name not in _SAMPLED),
    "marker_set",
)
"""The columns packed in a block, in their order."""

RESULT_NAMES: Final = ("ordinal", "test", "worker", "category", "marker_set")

_WIDTH: Final = len(BLOCK_COLUMNS)

_RESULT_PLACES: Final = [BLOCK_COLUMNS.index(name) for name in (*RESULT_NAMES, *MEASURES)]


_PHASES: Final = ("setup_ns", "call_ns", "teardown_ns")
_SPENT: Final = ("setup_cpu_ns", "call_cpu_ns", "teardown_cpu_ns", "child_cpu_ns")
_FEW: Final = (
    20  # results for one that goes into no block: cutting those out is quicker than choosing the rest
)


class Split(Value):
    """Results by where they go, each with its place in the run."""

    usual: dict[str, Sequence[Any]]  # fields of TestRecord, and "ordinal", as columns
    other: list[tuple[int, TestRecord]]


def split(recorded: Sequence[TestRecord], last: Container[int], first_ordinal: int = 0) -> Split:
    """Part the results; `last` holds the places of last attempts.

    All of it goes by columns, which costs a fifth of looking at each record.
    """
    if not recorded:
        return Split({}, [])
    ordinals = range(first_ordinal, first_ordinal + len(recorded))
    fields = dict(zip(TestRecord._fields, zip(*recorded, strict=True), strict=True))
    columns: dict[str, Sequence[Any]] = {"ordinal": ordinals, **fields}
    odd = sorted(_odd_places(columns, last))
    other = [(ordinals[place], recorded[place]) for place in odd]
    if not odd:
        return Split(columns, [])
    if len(odd) * _FEW < len(recorded):
        edges = [-1, *odd, len(recorded)]
        gaps = [slice(before + 1, after) for before, after in pairwise(edges)]
        kept: dict[str, Sequence[Any]] = {}
        for name, column in columns.items():
            left: list[Any] = []
            for gap in gaps:
                left += column[gap]
            kept[name] = left
        return Split(kept, other)
    are_odd = set(odd)
    is_usual = [place not in are_odd for place in range(len(recorded))]
    return Split({name: tuple(compress(column, is_usual)) for name, column in columns.items()}, other)


def _odd_places(columns: Mapping[str, Sequence[Any]], last: Container[int]) -> set[int]:
    """Places of results that go into no block. Most columns are the same in all rows: those are not read."""
    rows = len(columns["nodeid"])
    odd: set[int] = set()
    for name, usual in (("outcome", Outcome.PASSED), ("attempt", 1)):
        if columns[name].count(usual) < rows:
            odd.update([place for place, value in enumerate(columns[name]) if value != usual])
    for name in ("counters", "subtests"):
        if any(columns[name]):
            odd.update([place for place, value in enumerate(columns[name]) if value])
    for name in (*_PHASES, *_SPENT):
        if None in columns[name]:
            odd.update([place for place, value in enumerate(columns[name]) if value is None])
    if last != columns["ordinal"]:
        odd.update([place for place, ordinal in enumerate(columns["ordinal"]) if ordinal not in last])
    return odd


def block_rows(
    usual: Mapping[str, Sequence[Any]],
    *,
    run: int,
    tests: Mapping[str, int],
    workers: Mapping[str, int],
    categories: Mapping[str, int],
    marker_sets: Mapping[tuple[str, ...], int | None],
) -> list[Row]:
    """Rows of table `result_block` for the columns of a `Split`; the mappings give the numbers of names."""
    if not usual or not usual["nodeid"]:
        return []
    phases = zip(*(usual[name] for name in _PHASES), strict=True)
    spent = zip(*(usual[name] for name in _SPENT), strict=True)
    named: dict[str, Sequence[Any]] = {
        **usual,
        "test": list(map(tests.__getitem__, usual["nodeid"])),
        "worker": list(map(workers.__getitem__, usual["worker"])),
        "category": list(map(categories.__getitem__, usual["category"])),
        "wall_ns": [one + two + three for one, two, three in phases],
        "cpu_ns": [one + two + three + four for one, two, three, four in spent],
        "marker_set": list(map(marker_sets.__getitem__, usual["markers"])),
    }
    columns = [named[name] for name in BLOCK_COLUMNS]
    numbers = columns[0]
    ascending = sorted(numbers)
    if numbers != ascending:
        order = sorted(range(len(numbers)), key=numbers.__getitem__)
        columns = [[column[place] for place in order] for column in columns]
    return [
        (run, place_of(ascending[first]), pack_columns([column[first:end] for column in columns]))
        for first, end in _by_place(ascending)
    ]


def place_of(test: int) -> int:
    """Which blocks may hold the test with this number."""
    return test // SIZE


def _by_place(ascending: Sequence[int]) -> Iterator[tuple[int, int]]:
    """First and end of the numbers that have a place in common."""
    first = 0
    while first < len(ascending):
        end = bisect_left(ascending, (place_of(ascending[first]) + 1) * SIZE, first)
        yield first, end
        first = end


def leading_bytes(count: int) -> int:
    """So many bytes of a block hold its first `count` columns, whatever their numbers."""
    return columns_end(SIZE, _WIDTH, count)


def result_values(data: bytes) -> Iterable[tuple[Any, ...]]:
    """Each result of a block: numbers of `RESULT_NAMES`, then the measures."""
    columns = unpack_columns(data, _WIDTH, _WIDTH)
    return zip(*(columns[place] for place in _RESULT_PLACES), strict=True)


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
    columns = unpack_columns(data, _WIDTH, _WIDTH)
    return [dict(zip(BLOCK_COLUMNS, values, strict=True)) for values in zip(*columns, strict=True)]


def sample_columns(data: bytes) -> list[Column]:
    """The `SAMPLE_COLUMNS` of a block's results."""
    return unpack_columns(data, _WIDTH, len(SAMPLE_COLUMNS))


def samples_of(data: bytes, tests: Iterable[int]) -> Iterator[list[int | None]]:
    """The `SAMPLE_COLUMNS` of those of these tests that the block holds."""
    columns: list[Any] = sample_columns(data)
    for test in tests:
        place = bisect_left(columns[0], test)
        if place < len(columns[0]) and columns[0][place] == test:
            yield [column[place] for column in columns]


def tests_in(data: bytes) -> Column:
    """The numbers of a block's tests, ascending."""
    return unpack_columns(data, _WIDTH, 1)[0]


def add_tests(numbers: "array[int]", blocks: Iterable[bytes]) -> None:
    """Add the numbers of the blocks' tests to those of tests with rows, which are ascending."""
    with_rows = len(numbers)
    for data in blocks:
        for test in tests_in(data):
            # Of a test with two results called its first, the last is in a block and the other has a row.
            place = bisect_left(numbers, test, 0, with_rows) if test is not None else with_rows
            if test is not None and (place == with_rows or numbers[place] != test):
                numbers.append(test)


def durations_in(data: bytes) -> list[Column]:
    """The numbers of a block's tests, and their wall times."""
    return unpack_columns(data, _WIDTH, 2)


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
        self._head, self._form = head_of(data, self._most), row_form(data, _WIDTH, self._most, row)
        return unpack_row(data, _WIDTH, self._most, row)
