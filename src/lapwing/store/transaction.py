"""Transactions on an SQLite connection that commits by itself otherwise."""

from __future__ import annotations

import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager


@contextmanager
def transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Write all of the block or nothing of it.

    The lock is taken at once: a transaction that reads first and writes later is refused, not
    made to wait, when another process wrote in between.
    """
    with _until_commit(connection, "BEGIN IMMEDIATE"):
        yield


@contextmanager
def unchecked_transaction(connection: sqlite3.Connection) -> Iterator[None]:
    """Like `transaction`, for statements that keep references whole by themselves.

    For each name that goes, SQLite would look through all facts for one that refers to it.
    """
    connection.execute("PRAGMA foreign_keys = OFF")
    try:
        with transaction(connection):
            yield
    finally:
        connection.execute("PRAGMA foreign_keys = ON")


@contextmanager
def snapshot(connection: sqlite3.Connection) -> Iterator[None]:
    """Read one state of the store in the whole block, whatever others write meanwhile.

    Inside of another it is that one.
    """
    if connection.in_transaction:
        yield
        return
    with _until_commit(connection, "BEGIN"):
        yield


@contextmanager
def _until_commit(connection: sqlite3.Connection, begin: str) -> Iterator[None]:
    connection.execute(begin)
    try:
        yield
        connection.execute("COMMIT")
    finally:
        if connection.in_transaction:
            connection.execute("ROLLBACK")
