"""Reading results out of blocks, and taking blocks apart."""

import sqlite3
from collections.abc import Collection, Iterator, Sequence
from functools import partial
from typing import Any, Final

from lapwing.model.record import Outcome, TestRecord
from lapwing.store.block_reading import packed_rows, records_of, result_values, tests_in
from lapwing.store.result_blocks import place_of
from lapwing.store.samples_finder import SamplesFinder
from lapwing.store.sqlite_identities import names

_OF_RUN: Final = "SELECT facts FROM result_block WHERE run = ? ORDER BY place"
_AT: Final = "SELECT facts FROM result_block WHERE run = ? AND place = ?"
_WITH: Final = "SELECT rowid, run, facts FROM result_block WHERE place = ?"
_PUT_BACK: Final = "INSERT INTO result ({}) VALUES ({})"


def blocks_of(connection: sqlite3.Connection, run: int) -> Iterator[bytes]:
    """The blocks of the run numbered `run`."""
    for (facts,) in connection.execute(_OF_RUN, (run,)):
        yield facts


def result_in_block(connection: sqlite3.Connection, run: int, test: int) -> Iterator[tuple[int, TestRecord]]:
    """Place and record of the test numbered `test`, if the run keeps it in a block."""
    blocks = connection.execute(_AT, (run, place_of(test)))
    rows = [row for (facts,) in blocks for row in result_values(facts) if row[1] == test]
    yield from records_of(rows, partial(names, connection))


def samples_in_blocks(
    connection: sqlite3.Connection, run: int, find: SamplesFinder
) -> Iterator[Sequence[int | None]]:
    """The samples that `find` looks for, as far as the run keeps them in blocks."""
    for place in find.places:
        for (facts,) in connection.execute(_AT, (run, place)):
            yield from find(place, facts)


def runs_with(connection: sqlite3.Connection, test: int) -> set[int]:
    """The runs that keep a result of the test numbered `test` in a block."""
    return {run for _, run, facts in connection.execute(_WITH, (place_of(test),)) if test in tests_in(facts)}


def all_tests_in_blocks(connection: sqlite3.Connection) -> set[Any]:
    """The numbers of all tests that have a result in a block."""
    found: set[Any] = set()
    for (facts,) in connection.execute("SELECT facts FROM result_block"):
        found.update(tests_in(facts))
    return found


def take_apart(connection: sqlite3.Connection, tests: Collection[int]) -> None:
    """Make rows of `result` out of the blocks that hold results of these tests, in a transaction."""
    for test in tests:
        for number, run, facts in connection.execute(_WITH, (place_of(test),)).fetchall():
            if test in tests_in(facts):
                _put_back(connection, run, facts)
                connection.execute("DELETE FROM result_block WHERE rowid = ?", (number,))


def _put_back(connection: sqlite3.Connection, run: int, facts: bytes) -> None:
    rows = [
        {
            **row,
            "run": run,
            "is_last": 1,
            "outcome": Outcome.PASSED.value,
            "attempt": 1,
        }
        for row in packed_rows(facts)
    ]
    columns = list(rows[0])
    connection.executemany(
        _PUT_BACK.format(", ".join(columns), ", ".join(f":{name}" for name in columns)), rows
    )
