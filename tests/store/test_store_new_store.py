"""A new store is put in its place as a whole, and is what the steps of the schema make."""

import os
import sqlite3
from contextlib import closing

import pytest

from lapwing.store import new_store
from lapwing.store.new_store_file import is_new_store_file_current
from lapwing.store.sqlite import SqliteStore


def rows(path, sql):
    with closing(sqlite3.connect(path)) as connection:
        return connection.execute(sql).fetchall()


def test_the_ready_made_file_holds_what_all_steps_make():
    assert is_new_store_file_current()


def test_a_new_store_is_in_wal_mode_and_says_when_it_was_made(tmp_path):
    path = tmp_path / "store.sqlite"

    SqliteStore(path, create=True).close()

    assert rows(path, "PRAGMA journal_mode") == [("wal",)]
    assert rows(path, "PRAGMA auto_vacuum") == [(2,)]
    assert min(at for (at,) in rows(path, "SELECT applied_at_ns FROM migration")) > 0
    assert os.listdir(tmp_path) == ["store.sqlite"]


def test_without_the_ready_made_file_the_same_store_is_made_step_by_step(tmp_path, monkeypatch):
    SqliteStore(tmp_path / "whole.sqlite", create=True).close()
    monkeypatch.setattr(new_store, "READY_MADE", tmp_path / "missing.bin")

    SqliteStore(tmp_path / "steps.sqlite", create=True).close()

    tables = "SELECT type, name, sql FROM sqlite_master ORDER BY type, name"
    assert rows(tmp_path / "steps.sqlite", tables) == rows(tmp_path / "whole.sqlite", tables)
    assert rows(tmp_path / "steps.sqlite", "PRAGMA journal_mode") == [("wal",)]


def test_a_store_that_is_there_is_left_alone(tmp_path):
    path = tmp_path / "store.sqlite"
    path.write_bytes(b"mine")

    assert new_store.place_new_store(path) is False
    assert path.read_bytes() == b"mine"
    assert os.listdir(tmp_path) == ["store.sqlite"]


def test_where_nothing_can_be_written_nothing_is_left(tmp_path):
    assert new_store.place_new_store(tmp_path / "no folder" / "store.sqlite") is False
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("ready_made", [True, False])
def test_a_store_put_in_its_place_and_never_opened_is_taken_up(tmp_path, ready_made):
    path = tmp_path / "store.sqlite"
    if ready_made:
        assert new_store.place_new_store(path)

    store = SqliteStore(path, create=True)

    assert store.run_count() == 0
    store.close()
