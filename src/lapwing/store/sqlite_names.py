"""Which tests a run has, out of an SQLite store."""

import sqlite3
from array import array

from lapwing.store.block_reading import add_tests
from lapwing.store.sqlite_block_read import blocks_of
from lapwing.store.sqlite_read import run_key


def test_numbers(connection: sqlite3.Connection, run_id: str, *, where: str) -> "array[int]":
    """The numbers of the tests that a run has, each once. Raises NoDataError that names `where`."""
    key = run_key(connection, run_id, where=where)
    rows = connection.execute(
        "SELECT DISTINCT test FROM result WHERE run = ? AND attempt > 0 ORDER BY test", (key,)
    )
    numbers = array("q", (test for (test,) in rows))
    add_tests(numbers, blocks_of(connection, key))
    return numbers
