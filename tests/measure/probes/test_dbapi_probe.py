"""Drivers of PEP 249 that are named in the settings: of Python, of C, and below one that is known."""

import _sqlite3
import json
import types

import psycopg
import pytest

from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.sql import dbapi
from lapwing.measure.probes.sql.queries import Queries


@pytest.fixture
def counted_by():
    """(driver, act) -> what `act(driver)` counts, the driver being wrapped meanwhile."""

    def count(driver, act):
        counters, patches = Counters(), []
        queries = Queries(counters, ["sql"])
        counters.join(queries)
        dbapi.instrument(driver, queries, patches.append)
        counters.begin()
        try:
            act(driver)
        finally:
            text = counters.end()
            while patches:
                patches.pop().restore()
        return {name: events for name, (events, _) in json.loads(text).items()}

    return count


@pytest.fixture
def c_driver():
    """A driver whose connections and cursors are of C: sqlite3 below its Python part."""
    driver = types.ModuleType("driver_of_c")
    driver.connect, driver.Connection = _sqlite3.connect, _sqlite3.Connection
    return driver


def ask_row_by_row(connection, text):
    cursor = connection.cursor()
    for number in range(4):
        cursor.execute(text, (number,))
        cursor.fetchone()
    cursor.executemany("INSERT INTO author VALUES (" + text[-2:].strip() + ")", [(10,), (11,)])
    cursor.close()


def test_a_driver_whose_classes_are_of_python_is_wrapped(postgresql, counted_by):
    driver = types.ModuleType("driver_of_python")
    driver.connect = psycopg.connect
    before = psycopg.Cursor.execute

    def act(driver):
        with driver.connect(postgresql) as connection, connection.cursor() as cursor:
            cursor.execute("CREATE TEMPORARY TABLE author (id int)")
            ask_row_by_row(connection, "SELECT id FROM author WHERE id = %s")

    assert counted_by(driver, act) == {"sql_queries": 6, "sql_n_plus_one": 1}
    assert psycopg.Cursor.execute is before


def test_a_driver_whose_classes_are_of_c_gets_stand_ins(c_driver, counted_by):
    seen = []

    def act(driver):
        with driver.connect(":memory:") as connection:
            connection.row_factory = lambda cursor, row: list(row)
            connection.execute("CREATE TABLE author (id)")
            ask_row_by_row(connection, "SELECT id FROM author WHERE id = ?")
            cursor = connection.cursor()
            seen.extend([cursor.execute("SELECT id FROM author ORDER BY id") is cursor, list(cursor)])
            seen.append(isinstance(connection, _sqlite3.Connection) and cursor.connection == connection)
            connection.commit()
        connection.close()

    assert counted_by(c_driver, act) == {"sql_queries": 7, "sql_n_plus_one": 1}
    assert seen == [True, [[10], [11]], True]


def test_an_error_of_the_driver_comes_through_and_counts(c_driver, counted_by):
    def act(driver):
        connection = driver.connect(":memory:")
        with pytest.raises(_sqlite3.OperationalError):
            connection.cursor().execute("SELECT nothing FROM nowhere")
        connection.close()

    assert counted_by(c_driver, act) == {"sql_queries": 1}
