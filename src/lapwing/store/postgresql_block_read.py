"""Reading results out of blocks of a PostgreSQL store, and taking blocks apart."""

from collections.abc import Collection, Iterable, Iterator, Sequence
from functools import partial
from itertools import groupby
from typing import Any, Final

from lapwing.model.record import Outcome, TestRecord
from lapwing.store.block_reading import (
    leading_bytes,
    packed_rows,
    records_of,
    result_values,
    tests_in,
)
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_copy import copy_lines
from lapwing.store.postgresql_identities import names
from lapwing.store.postgresql_text import for_copy
from lapwing.store.result_blocks import place_of
from lapwing.store.samples_finder import SamplesFinder

_OF_RUN: Final = "SELECT facts FROM result_block WHERE run = %s ORDER BY place"
# Run by run: with a list of runs each partition would be searched for the blocks of all of them. Those that
# hold none of the runs are not looked at, for which their bounds are told, too. Each place is asked for
# by itself (OFFSET 0): with old statistics places would be a filter, and all blocks of a run be read.
_OF_RUNS: Final = """
    SELECT wanted.run, at.place, found.facts FROM unnest(%s::bigint[]) AS wanted (run)
    CROSS JOIN unnest(%s::bigint[]) AS at (place)
    CROSS JOIN LATERAL (
        SELECT {} AS facts FROM result_block
        WHERE result_block.run = wanted.run AND result_block.run BETWEEN %s AND %s
        AND result_block.place = at.place OFFSET 0
    ) AS found
"""
_AT_PLACE: Final = """
    SELECT run.id, found.facts FROM run
    CROSS JOIN LATERAL (
        SELECT facts FROM result_block WHERE result_block.run = run.id AND place = %s
    ) AS found
"""
_TESTS: Final = f"SELECT substring(facts FOR {leading_bytes(1)}) FROM result_block"
_TESTS_OF_RUN: Final = f"{_TESTS} WHERE run = %s"
DURATIONS: Final = (
    f"SELECT run, place, substring(facts FOR {leading_bytes(2)}) FROM result_block WHERE run = %s"
)
"""The blocks of a run, as far as `durations_of` reads them."""
# Numbers of runs are never missing: those without are the rows.
_BOTH: Final = """
    SELECT NULL::bigint AS run, NULL::bigint AS place, NULL::bytea AS facts, one.* FROM ({rows}) AS one
    UNION ALL SELECT other.* {missing} FROM ({blocks}) AS other
"""
_AT_ONCE: Final = 2_000  # rows that are held at once where all are looked at


def blocks_of(connection: Connection, run: int) -> Iterator[bytes]:
    """The blocks of the run numbered `run`."""
    for (facts,) in _read(connection, _OF_RUN, run):
        yield facts


def beginnings_of(connection: Connection, run: int) -> Iterator[bytes]:
    """The blocks of the run numbered `run`, as far as the numbers of their tests."""
    for (facts,) in _read(connection, _TESTS_OF_RUN, run):
        yield facts


def result_in_blocks(
    connection: Connection, blocks: Iterable[bytes], test: int
) -> Iterator[tuple[int, TestRecord]]:
    """Place and record of the test numbered `test`, if it is in one of these blocks of a run."""
    rows = [row for facts in blocks for row in result_values(facts) if row[1] == test]
    yield from records_of(rows, partial(names, connection))


def samples_in_blocks(
    connection: Connection, runs: Sequence[int], tests: Collection[int]
) -> Iterator[tuple[int, Sequence[int | None]]]:
    """Run and `SAMPLE_COLUMNS` of these tests in these runs, as far as they are kept in blocks."""
    find = SamplesFinder(tests)
    statement, values = blocks_of_runs("facts", runs, find.places)
    for run, place, facts in _read(connection, statement, *values):
        for sample in find(place, facts):
            yield run, sample


Asked = tuple[str, tuple[Any, ...]]
"""A statement and its values."""


def rows_and_blocks(
    connection: Connection, rows: Asked, width: int, blocks: Asked
) -> tuple[list[tuple[Any, ...]], list[tuple[int, int, bytes]]]:
    """What `rows`, of so many columns, and `blocks` give, asked at once: each question is a way and a wait.

    A block is its run, place and facts.
    """
    both = _BOTH.format(rows=rows[0], blocks=blocks[0], missing=", NULL" * width)
    found, packed = [], []
    for row in _read(connection, both, *rows[1], *blocks[1]):
        if row[0] is None:
            found.append(row[3:])
        else:
            packed.append(row[:3])
    return found, packed


def leading(columns: int) -> str:
    """The blocks as far as their first columns go, as a column of `blocks_of_runs`."""
    return f"substring(facts FOR {leading_bytes(columns)})"


def blocks_of_runs(facts: str, runs: Sequence[int], places: Sequence[int]) -> Asked:
    """The statement that gives run, place and `facts` of the blocks at these places, and its values."""
    # One statement for all runs: planning it, and the way there and back, cost more than the rows.
    return _OF_RUNS.format(facts), (list(runs), list(places), *bounds(runs))


def bounds(runs: Collection[int]) -> tuple[int, int]:
    """The smallest and the largest of these numbers of runs; of none, bounds that hold nothing."""
    return min(runs, default=0), max(runs, default=-1)


def runs_with(connection: Connection, test: int) -> set[int]:
    """The runs that keep a result of the test numbered `test` in a block."""
    return {run for run, facts in _read(connection, _AT_PLACE, place_of(test)) if test in tests_in(facts)}


def all_tests_in_blocks(connection: Connection) -> set[Any]:
    """The numbers of all tests that have a result in a block, in a transaction."""
    found: set[Any] = set()
    with connection.cursor("blocks", binary=True) as cursor:
        cursor.itersize = _AT_ONCE
        for (facts,) in cursor.execute(_TESTS):
            found.update(tests_in(facts))
    return found


def take_apart(connection: Connection, tests: Collection[int]) -> None:
    """Make rows of `result` out of the blocks that hold results of these tests, in a transaction."""
    for place, numbers in groupby(sorted(tests), place_of):
        asked = set(numbers)
        blocks = _read(connection, _AT_PLACE, place)
        runs = {run for run, facts in blocks if not asked.isdisjoint(tests_in(facts))}
        for run, facts in blocks:
            if run in runs:
                _put_back(connection, run, facts)
        connection.execute("DELETE FROM result_block WHERE run = ANY(%s) AND place = %s", (list(runs), place))


def _put_back(connection: Connection, run: int, facts: bytes) -> None:
    rows = [
        {**row, "run": run, "is_last": "t", "outcome": Outcome.PASSED.value, "attempt": 1}
        for row in packed_rows(facts)
    ]
    lines = ("\t".join(map(for_copy, row.values())) for row in rows)
    copy_lines(connection, "result", list(rows[0]), lines)


def _read(connection: Connection, sql: str, *values: Any) -> list[tuple[Any, ...]]:
    with connection.cursor(binary=True) as cursor:  # as text each byte would come as two
        return cursor.execute(sql, values).fetchall()
