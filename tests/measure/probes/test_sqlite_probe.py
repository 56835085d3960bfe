"""sqlite3: what is executed is counted, and connections stay what they were."""

import sqlite3

import pytest


class OwnConnection(sqlite3.Connection):
    pass


class OwnCursor(sqlite3.Cursor):
    pass


def ask(connection):
    connection.execute("CREATE TABLE t (x)")
    connection.cursor().execute("SELECT 2")
    connection.cursor(OwnCursor).executemany("INSERT INTO t VALUES (?)", [])
    connection.executescript("SELECT 3; SELECT 4")
    connection.close()


@pytest.mark.parametrize("options", [{}, {"factory": OwnConnection}])
def test_each_way_to_ask_is_one_query(counted, options):
    assert counted(lambda: ask(sqlite3.connect(":memory:", **options))) == {"sql_queries": 4}


def test_transactions_are_no_queries(counted):
    def act():
        connection = sqlite3.connect(":memory:", isolation_level=None)
        connection.execute("BEGIN")
        connection.execute("COMMIT")
        connection.close()

    assert counted(act) == {}


def test_an_error_comes_through_and_counts(counted):
    connection = sqlite3.connect(":memory:")

    def act():
        with pytest.raises(sqlite3.OperationalError, match="no such table"):
            connection.execute("SELECT * FROM missing")
        with pytest.raises(TypeError):
            connection.execute()

    assert counted(act) == {"sql_queries": 1}
    connection.close()


def test_connections_and_cursors_answer_as_the_ones_asked_for(libraries):
    connection = sqlite3.connect(":memory:", factory=OwnConnection)
    cursor = connection.cursor(OwnCursor)

    assert isinstance(connection, OwnConnection)
    assert type(connection).__name__ == "OwnConnection"
    assert isinstance(cursor, OwnCursor)
    assert isinstance(connection.execute("SELECT 1"), sqlite3.Cursor)
    connection.close()


def test_a_factory_that_is_no_class_is_left_alone(libraries):
    made = []

    def factory(*args, **kwargs):
        made.append(sqlite3.Connection(*args, **kwargs))
        return made[-1]

    with pytest.raises(TypeError):
        sqlite3.connect(":memory:", factory=42)
    assert sqlite3.connect(":memory:", factory=factory) is made[0]
    made[0].close()


def test_removed_it_is_as_it_was_and_older_connections_go_on(libraries, counters):
    connection = sqlite3.connect(":memory:")
    counted = sqlite3.connect

    libraries.remove()

    assert sqlite3.connect is sqlite3.dbapi2.connect is counted.__wrapped__
    assert connection.execute("SELECT 1").fetchone() == (1,)
    connection.close()


def test_what_is_asked_between_tests_does_not_count(libraries, counters):
    connection = sqlite3.connect(":memory:")
    connection.execute("SELECT 1")
    connection.close()

    counters.begin()
    assert counters.end() == "{}"


def test_connections_and_cursors_take_no_attributes_as_without_us(libraries):
    connection = sqlite3.connect(":memory:")

    for it in (connection, connection.cursor()):
        with pytest.raises(AttributeError):
            it.note = 1
    connection.close()
