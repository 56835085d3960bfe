"""What is read from reports, on disk until all of it is read.

A database without a name: SQLite gives it a file when it grows beyond a few megabytes, where
temporary files of the system go (SQLITE_TMPDIR, TMPDIR); nobody else can open it, and it is gone
with the process. Entries are numbered by their place among all that were read, and names are known
by their hashes. What an entry is, only the caller knows.
"""

import sqlite3
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from typing import Any, Final, NamedTuple

from lapwing.errors import StoreError

_CACHE_KIB: Final = 8_192

_TABLES: Final = """\
CREATE TABLE batch (first INTEGER PRIMARY KEY, report INTEGER, size INTEGER, entries BLOB);
CREATE TABLE names (first INTEGER PRIMARY KEY, names BLOB);
CREATE TABLE name (place INTEGER PRIMARY KEY, hash INTEGER);
CREATE TABLE repeated (place INTEGER PRIMARY KEY);
CREATE TABLE entry (hash INTEGER, report INTEGER, place INTEGER, data BLOB);
CREATE TABLE test (hash INTEGER, rank INTEGER, place INTEGER, data BLOB);
CREATE TABLE settled (place INTEGER PRIMARY KEY, data BLOB, whole BLOB);
"""


class Batch(NamedTuple):
    """Entries of one report that follow one another."""

    first: int  # place of the first
    report: int  # number of the report
    size: int  # how many they are
    entries: bytes


class NamedBatch(NamedTuple):
    """A batch whose names are known."""

    batch: Batch
    names: bytes


class Entry(NamedTuple):
    """An entry that shares its name."""

    hash: int  # of the name
    report: int
    place: int
    data: bytes


class Test(NamedTuple):
    """A test made of such entries."""

    hash: int  # of its name, which may be another one by now
    rank: int  # the tests of one name follow one another by it, then by their places
    place: int  # of its first entry
    data: bytes


class Settled(NamedTuple):
    """The test at the place of its first entry."""

    place: int
    data: bytes
    whole: bytes | None  # all tests of its name, at the first of their places; nothing at the others


class Scratch:
    """The tables, empty at first. Every method may raise StoreError."""

    def __init__(self) -> None:
        with _translated():
            self._connection = sqlite3.connect("", isolation_level=None)
            self._connection.executescript(
                "PRAGMA journal_mode = OFF; PRAGMA synchronous = OFF;"
                f"PRAGMA cache_size = -{_CACHE_KIB}; {_TABLES} BEGIN;"
            )

    def add_batch(self, batch: Batch) -> None:
        """Keep a batch. They come in the order of their places, without a gap."""
        self._add("batch", batch)

    def add_names(self, first: int, names: bytes, hashes: Sequence[int]) -> None:
        """Keep the names of the batch at place `first`, and the hash of each."""
        self._add("names", (first, names))
        with _translated():
            self._connection.executemany("INSERT INTO name VALUES (?, ?)", enumerate(hashes, first))

    def batches(self, first: int) -> Iterator[Batch]:
        """The batches from place `first` on."""
        rows = self._rows("SELECT * FROM batch WHERE first >= ? ORDER BY first", first)
        return map(Batch._make, rows)

    def named_batches(self) -> Iterator[NamedBatch]:
        """All batches in the order of their places."""
        rows = self._rows("SELECT batch.*, names FROM batch JOIN names USING (first) ORDER BY first")
        return (NamedBatch(Batch._make(row[:-1]), row[-1]) for row in rows)

    def find_repeated(self) -> None:
        """Look which entries share their names. To be called when all names are there."""
        with _translated():
            self._connection.execute("CREATE INDEX name_by_hash ON name (hash)")
            self._connection.execute(
                "INSERT INTO repeated SELECT place FROM name WHERE hash IN"
                " (SELECT hash FROM name GROUP BY hash HAVING count(*) > 1) ORDER BY place"
            )

    def repeated(self) -> Iterator[int]:
        """The places of the entries that share their names, ascending."""
        return (place for (place,) in self._rows("SELECT place FROM repeated ORDER BY place"))

    def has_name(self, name_hash: int) -> bool:
        """Whether an entry has that name."""
        return any(self._rows("SELECT 1 FROM name WHERE hash = ?", name_hash))

    def add_entry(self, entry: Entry) -> None:
        """Keep an entry that shares its name."""
        self._add("entry", entry)

    def entries(self) -> Iterator[Entry]:
        """The entries kept, by names, then places."""
        return map(Entry._make, self._rows("SELECT * FROM entry ORDER BY hash, place"))

    def add_test(self, test: Test) -> None:
        """Keep a test made of such entries."""
        self._add("test", test)

    def tests(self) -> Iterator[Test]:
        """The tests kept, by names, then ranks and places."""
        return map(Test._make, self._rows("SELECT * FROM test ORDER BY hash, rank, place"))

    def settle(self, settled: Settled) -> None:
        """Keep what stands at a place."""
        self._add("settled", settled)

    def settled(self) -> Iterator[Settled]:
        """What was settled, in the order of places."""
        return map(Settled._make, self._rows("SELECT * FROM settled ORDER BY place"))

    def close(self) -> None:
        """Let go of the tables."""
        self._connection.close()

    def _add(self, table: str, row: tuple[Any, ...]) -> None:
        with _translated():
            self._connection.execute(f"INSERT INTO {table} VALUES ({', '.join('?' * len(row))})", row)

    def _rows(self, sql: str, *values: int) -> Iterator[tuple[Any, ...]]:
        with _translated():
            yield from self._connection.execute(sql, values)


@contextmanager
def _translated() -> Iterator[None]:
    """Turn every complaint of SQLite into a StoreError."""
    try:
        yield
    except sqlite3.Error as error:
        raise StoreError(
            f"what was read cannot be kept until it is stored ({error})",
            where="the folder for temporary files",
            mend="Free some space there, or name another folder: TMPDIR=PATH.",
        ) from error
