"""The page of a test asks a PostgreSQL store few things, all of one moment."""

from collections.abc import Callable

import psycopg
import pytest

from lapwing.serve import work
from lapwing.serve.answer import Answer
from lapwing.serve.config import ServeConfig
from lapwing.serve.desk import ServerDesk
from lapwing.store.open_store import open_store

RUNS = 14
MOST_STATEMENTS = 15  # beside those that begin and end the transaction


@pytest.fixture
def desk(tmp_path, postgresql_url, make_run, monkeypatch):
    """A desk at a store with a history of 40 tests."""
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n', encoding="utf-8")
    with open_store(postgresql_url, create=True) as store:
        for number in range(RUNS):
            store.write_run(make_run(number, days_ago=RUNS - number))
    made = ServerDesk(ServeConfig(root=tmp_path, store=postgresql_url))
    monkeypatch.setattr(work, "_desk", made)
    yield made
    made.let_go()


@pytest.fixture
def each_statement(monkeypatch):
    """What is called before each statement of this process, with what it says."""
    called: list[Callable[[str], None]] = []
    execute = psycopg.Cursor.execute

    def spied(cursor, query, *arguments, **options):
        for call in called:
            call(str(query))
        return execute(cursor, query, *arguments, **options)

    monkeypatch.setattr(psycopg.Cursor, "execute", spied)
    return called


def page_of(nodeid: str) -> Answer:
    return work.page("/test", {"project": "shop", "nodeid": nodeid})


def test_few_statements_make_the_page(desk, each_statement):
    said: list[str] = []
    each_statement.append(said.append)

    first = page_of("tests/test_shop.py::test_4")
    of_first = len(said)
    second = page_of("tests/test_shop.py::test_5")

    assert (first.status, second.status) == (200, 200)
    assert b"14 runs" in second.body
    assert of_first <= MOST_STATEMENTS + 4  # names that are kept from then on
    assert len(said) - of_first <= MOST_STATEMENTS


def test_what_changes_while_the_page_is_read_is_not_on_it(desk, each_statement, postgresql_url, make_run):
    name = "tests/test_shop.py::test_4"
    before = page_of(name)

    def change_once(said: str) -> None:
        if "ORDER BY id DESC" in said and change_once in each_statement:  # the test itself was found
            each_statement.remove(change_once)
            with open_store(postgresql_url, create=False) as other:
                other.rename(name, "tests/test_shop.py::test_four", project="shop")
                other.write_run(make_run(RUNS))

    each_statement.append(change_once)
    meanwhile = page_of(name)

    assert not each_statement
    assert (meanwhile.body, meanwhile.stamp) == (before.body, before.stamp)
    assert work.stamp("shop", "/test") != before.stamp
    assert page_of("tests/test_shop.py::test_four").body != before.body
