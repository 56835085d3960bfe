"""What is an N+1, what is a duplicate query, and what is neither: the hard cases."""

import json
import sqlite3

import pytest

from lapwing.measure.clock import CLOCKS
from lapwing.measure.probes.sql import queries

ONE = "SELECT name FROM author WHERE id = ?"


@pytest.fixture
def shop(libraries):
    """A connection to authors 1 to 9."""
    connection = sqlite3.connect(":memory:")
    connection.execute("CREATE TABLE author (id INTEGER PRIMARY KEY, name TEXT, parent INTEGER)")
    rows = [(number, f"author {number}", number - 1) for number in range(1, 10)]
    connection.executemany("INSERT INTO author VALUES (?, ?, ?)", rows)
    yield connection
    connection.close()


@pytest.fixture
def patterns(counted):
    """(act) -> numbers of N+1 and of duplicate queries."""

    def of(act):
        counts = counted(act)
        return counts.get("sql_n_plus_one", 0), counts.get("sql_duplicates", 0)

    return of


def author(shop, number):
    return shop.execute(ONE, (number,)).fetchone()


def test_a_loop_that_asks_row_by_row_is_one(shop, patterns):
    def act():
        for number in range(1, 6):
            author(shop, number)

    assert patterns(act) == (1, 0)


def test_its_time_has_what_is_done_for_each_row_and_no_pause_of_one_of_them(counters, monkeypatch):
    times = iter([0, 100, 200, 5000, 5100])
    monkeypatch.setattr(queries, "CLOCKS", CLOCKS._replace(wall=lambda: next(times)))
    asked = queries.Queries(counters, {"sql_queries", "sql_n_plus_one"})
    counters.begin()
    asked.begin(None, counters.serial)

    for number in range(5):
        asked.add(ONE, (number,), 7, skip=-1)
    asked.end()

    assert json.loads(counters.end())["sql_n_plus_one"] == [1, 500]


def test_a_comprehension_is_one(shop, patterns):
    assert patterns(lambda: [author(shop, number) for number in range(1, 6)]) == (1, 0)


def test_a_recursion_is_one_however_deep(shop, patterns):
    def ancestors(number):
        (parent,) = shop.execute("SELECT parent FROM author WHERE id = ?", (number,)).fetchone()
        return [] if parent == 0 else [parent, *ancestors(parent)]

    assert patterns(lambda: ancestors(6)) == (1, 0)


def test_code_that_is_made_anew_each_time_is_another_way(shop, patterns):
    def act():
        for number in range(1, 6):
            exec(compile(f"shop.execute(ONE, ({number},))", __file__, "exec"), {"shop": shop, "ONE": ONE})

    assert patterns(act) == (0, 0)


def test_one_helper_called_on_three_lines_is_none(shop, patterns):
    def act():
        author(shop, 1)
        author(shop, 2)
        author(shop, 3)

    assert patterns(act) == (0, 0)


def test_three_calls_on_one_line_are_none(shop, patterns):
    assert patterns(lambda: (author(shop, 1), author(shop, 2), author(shop, 3))) == (0, 0)


def test_polling_for_the_same_is_a_duplicate_query(shop, patterns):
    def act():
        for _ in range(4):
            author(shop, 1)

    assert patterns(act) == (0, 1)


def test_values_written_into_the_text_are_parameters(shop, patterns):
    def act(values):
        for value in values:
            shop.execute(f"SELECT name FROM author WHERE id = {value}").fetchone()

    assert patterns(lambda: act([1, 2, 3])) == (1, 0)
    assert patterns(lambda: act([1, 1, 1])) == (0, 1)


def test_chunks_of_in_are_none(shop, patterns):
    def act():
        for first in (1, 4, 7):
            chunk = (first, first + 1, first + 2)
            shop.execute("SELECT name FROM author WHERE id IN (?, ?, ?)", chunk).fetchall()

    assert patterns(act) == (0, 0)


def test_in_with_one_value_is_one(shop, patterns):
    def act():
        for number in range(1, 4):
            shop.execute("SELECT name FROM author WHERE id IN (?)", (number,)).fetchall()

    assert patterns(act) == (1, 0)


def test_two_loops_are_two(shop, patterns):
    def act():
        for number in (1, 2, 3):
            author(shop, number)
        for number in (4, 5, 6):
            author(shop, number)

    assert patterns(act) == (2, 0)


def test_two_loops_of_two_are_none(shop, patterns):
    def act():
        for number in (1, 2):
            author(shop, number)
        for number in (3, 4):
            author(shop, number)

    assert patterns(act) == (0, 0)


def test_writes_row_by_row_are_none(shop, patterns):
    def act():
        for number in range(1, 6):
            shop.execute("UPDATE author SET name = ? WHERE id = ?", ("new", number))

    assert patterns(act) == (0, 0)


def test_executemany_is_one_query_and_no_pattern(shop, counted):
    rows = [("new", number) for number in range(1, 6)]

    counts = counted(lambda: shop.executemany("UPDATE author SET name = ? WHERE id = ?", rows))

    assert counts == {"sql_queries": 1}


def test_a_marked_line_may_repeat(shop, patterns):
    def act():
        for number in range(1, 6):
            author(shop, number)  # lapwing: allow n-plus-one rows are locked one by one

    assert patterns(act) == (0, 0)


def test_a_marked_query_may_repeat(shop, patterns):
    def act():
        for number in range(1, 6):
            shop.execute(ONE + " /* lapwing: allow n-plus-one */", (number,)).fetchone()

    assert patterns(act) == (0, 0)


def test_patterns_of_one_test_are_not_those_of_the_next(shop, patterns):
    def act():
        for number in (1, 2):
            author(shop, number)

    assert patterns(act) == (0, 0)
    assert patterns(act) == (0, 0)


@pytest.fixture
def books(libraries):
    """(loading strategy) -> reads the names of the authors of all books through SQLAlchemy's ORM."""
    sqlalchemy = pytest.importorskip("sqlalchemy")
    orm = pytest.importorskip("sqlalchemy.orm")
    registry = orm.registry()

    class Author:
        pass

    class Book:
        pass

    metadata, column = registry.metadata, sqlalchemy.Column
    integer, text = sqlalchemy.Integer, sqlalchemy.Text
    authors = sqlalchemy.Table(
        "author", metadata, column("id", integer, primary_key=True), column("name", text)
    )
    key = sqlalchemy.ForeignKey("author.id")
    written = sqlalchemy.Table(
        "book", metadata, column("id", integer, primary_key=True), column("author_id", integer, key)
    )
    registry.map_imperatively(Author, authors)
    registry.map_imperatively(Book, written, properties={"author": orm.relationship(Author)})
    engine = sqlalchemy.create_engine("sqlite://", poolclass=sqlalchemy.StaticPool)
    metadata.create_all(engine)
    with engine.begin() as connection:
        connection.execute(authors.insert(), [{"id": at, "name": f"author {at}"} for at in range(1, 6)])
        connection.execute(written.insert(), [{"id": at, "author_id": at} for at in range(1, 6)])

    def read(strategy=None):
        options = [getattr(orm, strategy)(Book.author)] if strategy else []
        with orm.Session(engine) as session:
            found = session.scalars(sqlalchemy.select(Book).options(*options)).all()
            assert [book.author.name for book in found] == [f"author {at}" for at in range(1, 6)]

    yield read
    engine.dispose()


def test_a_lazy_load_in_a_loop_is_one(books, counted):
    assert counted(books) == {"sql_queries": 6, "sql_n_plus_one": 1}


@pytest.mark.parametrize(("strategy", "queries"), [("selectinload", 2), ("joinedload", 1)])
def test_a_prefetch_that_works_is_none(books, counted, strategy, queries):
    assert counted(lambda: books(strategy)) == {"sql_queries": queries}
