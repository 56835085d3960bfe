"""Which tests a run has, out of an SQLite store."""

import sqlite3
from array import array
from bisect import bisect_left

from lapwing.store.result_blocks import tests_in
from lapwing.store.sqlite_block_read import blocks_of
from lapwing.store.sqlite_read import run_key


def test_numbers(connection: sqlite3.Connection, run_id: str, *, where: str) -> "array[int]":
    """The numbers of the tests that a run has, each once. Raises NoDataError that names `where`."""
    key = run_key(connection, run_id, where=where)
    rows = connection.execute(
        "SELECT DISTINCT test FROM result WHERE run = ? AND attempt > 0 ORDER BY test", (key,)
    )
    numbers = array("q", (test for (test,) in rows))
    with_rows = len(numbers)
    for facts in blocks_of(connection, key):
        for test in tests_in(facts):
            # Of a test with two results called its first, the last is in a block and the other has a row.
            if test is not None and not _has(numbers, test, with_rows):
                numbers.append(test)
    return numbers


def _has(numbers: "array[int]", number: int, end: int) -> bool:
    place = bisect_left(numbers, number, 0, end)
    return place < end and numbers[place] == number
