from contextlib import closing

import pytest
from shop import migrations
from shop.database import open_database, transaction
from shop.migrations import MIGRATIONS, Migration, migrate


@pytest.fixture
def empty(tmp_path):
    with closing(open_database(tmp_path / "empty.db", durable=False)) as connection:
        yield connection


def test_a_new_database_gets_every_migration_in_order(empty):
    assert migrate(empty) == [migration.name for migration in MIGRATIONS]


def test_a_migrated_database_needs_nothing(database):
    assert migrate(database) == []


def test_a_failed_migration_leaves_the_database_at_the_one_before(empty, monkeypatch):
    def breaks(connection):
        connection.execute("CREATE TABLE half (id INTEGER)")
        raise RuntimeError("power cut")

    monkeypatch.setattr(migrations, "MIGRATIONS", (MIGRATIONS[0], Migration("0002_breaks", breaks)))

    with pytest.raises(RuntimeError):
        migrate(empty)

    tables = {row["name"] for row in empty.execute("SELECT name FROM sqlite_master WHERE type = 'table'")}
    assert tables == {"migrations", "customers", "sessions"}


def test_a_transaction_that_fails_changes_nothing(database):
    def half_a_change():
        with transaction(database):
            database.execute("INSERT INTO products VALUES ('A', 'A', 'A', 'A', 1)")
            raise KeyError

    with pytest.raises(KeyError):
        half_a_change()

    assert database.execute("SELECT count(*) FROM products").fetchone()[0] == 0
