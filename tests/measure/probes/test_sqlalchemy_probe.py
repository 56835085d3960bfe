"""SQLAlchemy: one statement is one query, whatever driver is below."""

import pytest
import sqlalchemy
from sqlalchemy import event
from sqlalchemy.exc import OperationalError


@pytest.fixture
def engine():
    engine = sqlalchemy.create_engine("sqlite://", poolclass=sqlalchemy.StaticPool)
    yield engine
    engine.dispose()


def ask(engine, sql="SELECT 1", *parameters):
    with engine.connect() as connection:
        return connection.execute(sqlalchemy.text(sql), *parameters)


def test_a_statement_counts_once_above_a_driver_that_counts_too(engine, counted):
    engine.connect().close()

    assert counted(lambda: ask(engine)) == {"sql_queries": 1}


def test_an_engine_that_was_there_before_counts(engine, counted):
    with engine.connect() as connection:
        counts = counted(lambda: connection.execute(sqlalchemy.text("SELECT 1")))

    assert counts == {"sql_queries": 1}


def test_a_statement_that_fails_counts_and_the_next_one_does(engine, counted):
    engine.connect().close()

    def act():
        with pytest.raises(OperationalError):
            ask(engine, "SELECT * FROM missing")
        ask(engine)

    assert counted(act) == {"sql_queries": 2}


def test_many_rows_in_one_statement_are_one_query(engine, counted):
    ask(engine, "CREATE TABLE t (x)")

    rows = [{"x": 1}, {"x": 2}]

    assert counted(lambda: ask(engine, "INSERT INTO t VALUES (:x)", rows)) == {"sql_queries": 1}


def test_removed_nobody_listens(engine, libraries):
    def listeners():
        events = engine.dispatch
        errors = engine.dialect.dispatch.handle_error
        return [
            len(list(each)) for each in (events.before_cursor_execute, events.after_cursor_execute, errors)
        ]

    during = listeners()
    libraries.remove()

    assert [one - two for one, two in zip(during, listeners(), strict=True)] == [1, 1, 1]


def test_listeners_of_a_user_see_what_they_saw(engine, counted):
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    counted(lambda: ask(engine, "SELECT 42"))

    assert "SELECT 42" in seen
