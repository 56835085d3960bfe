"""Blocks whose queries are counted and monitored parts, inside of each other: all see the same queries."""

import sqlite3

import pytest

from lapwing import start_test_monitoring, stop_test_monitoring
from lapwing.api.database import queries
from lapwing.measure import present_recording


def ask(connection, count):
    for number in range(count):
        connection.execute("SELECT ?", (number,))


def counted(metrics):
    return {name: each.count for name, each in metrics.counters.items() if "sql" in name}


@pytest.fixture(autouse=True)
def untracked(monkeypatch):
    """As where nobody records, though this suite itself may be recorded: what counts is then made here."""
    monkeypatch.setattr(present_recording, "_recordings", [])


@pytest.fixture
def connect():
    """() -> a connection to an empty database, closed at the end."""
    made = []

    def connection():
        made.append(sqlite3.connect(":memory:"))
        return made[-1]

    yield connection
    for each in made:
        each.close()


def test_a_block_in_a_monitored_part(connect):
    ref = start_test_monitoring("outer")
    connection = connect()
    ask(connection, 1)
    with queries() as block:
        ask(connection, 4)
    metrics = stop_test_monitoring(ref)

    assert (block.result.queries, len(block.result.n_plus_one)) == (4, 1)
    assert counted(metrics) == {"sql_queries": 5, "sql_n_plus_one": 1}


def test_a_monitored_part_in_a_block_and_a_block_after_it(connect):
    with queries() as block:
        connection = connect()
        ask(connection, 1)
        ref = start_test_monitoring("inner")
        ask(connection, 4)
        metrics = stop_test_monitoring(ref)
        with queries() as inner:
            ask(connection, 2)

    assert counted(metrics) == {"sql_queries": 4, "sql_n_plus_one": 1}
    assert (block.result.queries, inner.result.queries) == (7, 2)


def test_two_monitored_parts(connect):
    outer, inner = start_test_monitoring("a"), start_test_monitoring("b")
    ask(connect(), 2)

    assert counted(stop_test_monitoring(inner)) == {"sql_queries": 2}
    assert counted(stop_test_monitoring(outer)) == {"sql_queries": 2}


def test_nothing_is_left_of_a_monitor_that_ended_after_the_one_around_it(connect):
    outer, inner = start_test_monitoring("a"), start_test_monitoring("b")
    stop_test_monitoring(outer)
    stop_test_monitoring(inner)

    with queries() as block:
        ask(connect(), 2)

    assert block.result.queries == 2
