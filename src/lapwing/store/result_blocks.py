"""Results of the usual kind, many to a row: into blocks. No connection.

A row of thirty columns per test costs more to write than all the rest of recording it. A test that
passed at its first and last attempt, all phases measured, and in which no probe counted anything,
is numbers only: those whose own numbers have the same `place` are packed column by column into one
row of `result_block`, in the order of those numbers. Every other result has a row of `result`.

A run that is written in parts may have several blocks of one place.
"""

from __future__ import annotations

from bisect import bisect_left
from collections.abc import Callable, Container, Iterable, Iterator, Mapping, Sequence
from itertools import compress, pairwise
from operator import add, itemgetter
from typing import Any, Final

from lapwing.model.columned_tests import columns_of
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.value import Value
from lapwing.store.packed_columns import pack_columns
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


BLOCK_WIDTH: Final = len(BLOCK_COLUMNS)


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
    columns: dict[str, Sequence[Any]] = {"ordinal": ordinals, **columns_of(recorded)}
    odd = sorted(_odd_places(columns, last))
    if not odd:
        return Split(columns, [])
    are_few = len(odd) * _FEW < len(recorded)
    records = recorded if are_few else tuple(recorded)
    other = [(ordinals[place], records[place]) for place in odd]
    if are_few:
        edges = [-1, *odd, len(recorded)]
        gaps = [slice(before + 1, after) for before, after in pairwise(edges)]
        kept: dict[str, Sequence[Any]] = {}
        for name, column in columns.items():
            # An array stays one: it is packed as it is.
            left: Any = column[:0] if _is_array(column) else []
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
        if not _is_array(columns[name]) and None in columns[name]:
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
    named: dict[str, Sequence[Any]] = {
        **usual,
        "test": list(map(tests.__getitem__, usual["nodeid"])),
        "worker": list(map(workers.__getitem__, usual["worker"])),
        "category": list(map(categories.__getitem__, usual["category"])),
        "wall_ns": _sums([usual[name] for name in _PHASES]),
        "cpu_ns": _sums([usual[name] for name in _SPENT]),
        "marker_set": list(map(marker_sets.__getitem__, usual["markers"])),
    }
    columns = [named[name] for name in BLOCK_COLUMNS]
    numbers = columns[0]
    ascending = sorted(numbers)
    if numbers != ascending:
        taken = itemgetter(*sorted(range(len(numbers)), key=numbers.__getitem__))
        columns = [_taken(column, taken) for column in columns]
    stretches = list(_by_place(ascending))
    places = [place_of(ascending[first]) for first, _ in stretches]
    return [(run, place, packed) for place, packed in zip(places, _packed(columns, stretches), strict=True)]


def _sums(columns: Sequence[Sequence[int]]) -> list[int]:
    """The sum of each row."""
    total: Iterable[int] = columns[0]
    for column in columns[1:]:
        if any(column):  # many are 0 in all rows
            total = map(add, total, column)
    return list(total)


def _taken(column: Any, taken: Callable[[Any], Any]) -> Any:
    return column.__class__(column.typecode, taken(column)) if _is_array(column) else taken(column)


def _packed(columns: Sequence[Sequence[Any]], stretches: Sequence[tuple[int, int]]) -> Iterable[bytes]:
    if any(map(_is_array, columns)):
        from lapwing.store.packed_arrays import pack_stretches  # who records a run has no arrays

        return pack_stretches(columns, stretches)
    return [pack_columns([column[first:end] for column in columns]) for first, end in stretches]


def _is_array(column: object) -> bool:
    return hasattr(column, "typecode")


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
