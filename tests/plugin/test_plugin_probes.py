"""Probes of libraries in a tracked run: on by category, through conftest, fixtures and workers."""

SUITE = """
import sqlite3

import pytest

@pytest.fixture
def shop():
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE author (id INTEGER)")
    yield connection
    connection.close()

def test_loop(shop):
    for number in range(4):
        shop.execute("SELECT * FROM author WHERE id = ?", (number,)).fetchall()

@pytest.mark.integration
def test_marked(shop):
    for number in range(4):
        shop.execute("SELECT * FROM author WHERE id = ?", (number,)).fetchall()
"""


def counts(project):
    return {
        name: {kind: value.count for kind, value in record.counters.items() if kind != "file"}
        for name, record in project.tests().items()
    }


def test_queries_count_in_tests_of_a_category_that_wants_them(project):
    project.pytester.makepyfile(SUITE)

    project.run()

    assert counts(project) == {
        "test_loop": {},
        "test_marked": {"sql_queries": 5, "sql_n_plus_one": 1},
    }


def test_a_category_can_be_given_other_probes(project):
    project.pytester.makepyfile(SUITE)
    project.pytester.makepyprojecttoml('[tool.lapwing.categories.unit]\nprobes = ["sql"]\n')

    project.run()

    assert counts(project)["test_loop"] == {"sql_queries": 5, "sql_n_plus_one": 1}
