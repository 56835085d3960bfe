"""SQLAlchemy: one statement is one query, whatever driver is below."""

import pytest
import sqlalchemy
from sqlalchemy import create_engine, event
from sqlalchemy.dialects import registry
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


def test_removed_every_method_is_what_it_was(engine, libraries):
    def methods():
        return [engine.dialect.do_execute, engine.dialect.do_executemany, type(engine).__init__]

    assert all(hasattr(method, "__wrapped__") for method in methods()[:2])
    libraries.remove()

    assert not any(hasattr(method, "__wrapped__") for method in methods())


def test_an_engine_asks_for_no_listeners_because_of_us(engine):
    assert not engine._has_events


def test_a_dialect_with_a_method_of_its_own_counts_once(libraries, counted):
    from sqlalchemy.dialects.sqlite.pysqlite import SQLiteDialect_pysqlite

    class Own(SQLiteDialect_pysqlite):
        supports_statement_cache = True

        def do_execute(self, cursor, statement, parameters, context=None):
            super().do_execute(cursor, statement, parameters, context)

    class Lone(SQLiteDialect_pysqlite):
        supports_statement_cache = True

        def do_executemany(self, cursor, statement, parameters, context=None):
            cursor.executemany(statement, parameters)

    registry.register("sqlite.own", __name__, "OWN")
    registry.register("sqlite.lone", __name__, "LONE")
    globals().update(OWN=Own, LONE=Lone)
    own, lone = create_engine("sqlite+own://"), create_engine("sqlite+lone://")
    own.connect().close()
    ask(lone, "CREATE TABLE t (x)")

    assert counted(lambda: ask(own)) == {"sql_queries": 1}
    assert counted(lambda: ask(lone, "INSERT INTO t VALUES (:x)", [{"x": 1}, {"x": 2}])) == {"sql_queries": 1}
    own.dispose()
    lone.dispose()


def test_listeners_of_a_user_see_what_they_saw(engine, counted):
    seen = []
    event.listen(engine, "before_cursor_execute", lambda *args: seen.append(args[2]))

    counted(lambda: ask(engine, "SELECT 42"))

    assert "SELECT 42" in seen
