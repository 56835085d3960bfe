"""Fingerprints: what a text of SQL asks, whatever the values."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.measure.probes.sql.statement import statement


def fingerprint(sql):
    return statement(sql).fingerprint


@pytest.mark.parametrize(
    "others",
    [
        ("SELECT a FROM t WHERE id = 1", "SELECT a FROM t WHERE id=-25", "SELECT a\n FROM t  WHERE id = ?"),
        ("SELECT 1 FROM t WHERE x = %s", "SELECT 2 FROM t WHERE x = $1", "SELECT ? FROM t WHERE x = %(x)s"),
        (
            "SELECT a FROM t WHERE n = 'it''s'",
            "SELECT a FROM t WHERE n = :name",
            "SELECT a FROM t WHERE n=E'\\''",
        ),
        (
            "SELECT a FROM t WHERE x IN (1, 2)",
            "SELECT a FROM t WHERE x IN (?,?,?)",
            "SELECT a FROM t WHERE x IN (?)",
        ),
        ("INSERT INTO t VALUES (1, 2)", "INSERT INTO t VALUES (?, ?), (?, ?)"),
        (
            "SELECT a FROM t WHERE x = 1.5e3",
            "SELECT a FROM t -- why\nWHERE x = .5",
            "SELECT a /* x */ FROM t WHERE x = 0xFF",
        ),
        ("SELECT $$a 'b$$", "SELECT $tag$ $$ $tag$"),
    ],
)
def test_texts_that_differ_in_values_only_are_one(others):
    assert len({fingerprint(sql) for sql in others}) == 1


@pytest.mark.parametrize(
    ("one", "two"),
    [
        ("SELECT a FROM t1", "SELECT a FROM t2"),
        ('SELECT "a" FROM t', "SELECT 'a' FROM t"),
        ("SELECT a - 1 FROM t", "SELECT a + 1 FROM t"),
        ("SELECT a::int FROM t", "SELECT a::text FROM t"),
        ("SELECT `1` FROM t", "SELECT `2` FROM t"),
    ],
)
def test_texts_that_ask_something_else_differ(one, two):
    assert fingerprint(one) != fingerprint(two)


@pytest.mark.parametrize(
    ("sql", "is_watched"),
    [
        ("select 1", True),
        ("SELECT 1 FROM t WHERE a IN (1)", True),
        ("SELECT 1 FROM t WHERE a IN (1, 2)", False),
        ("SELECT 1 -- lapwing: allow n-plus-one", False),
        ("/* why */ (SELECT 1) UNION (SELECT 2)", True),
        ("WITH x AS (SELECT 1) SELECT * FROM x FOR UPDATE", True),
        ("WITH x AS (DELETE FROM t RETURNING *) SELECT * FROM x", False),
        ("UPDATE t SET a = 1", False),
        ("", False),
    ],
)
def test_selects_of_one_set_of_values_are_watched(sql, is_watched):
    assert statement(sql).is_watched is is_watched


@pytest.mark.parametrize("sql", ["BEGIN", "savepoint s1", "COMMIT", "ROLLBACK TO SAVEPOINT s1"])
def test_transactions_are_told_apart(sql):
    assert statement(sql).is_control


@given(st.lists(st.integers(), min_size=1), st.lists(st.text(st.characters(exclude_characters="\\"))))
def test_no_value_is_left_in_a_fingerprint(numbers, texts):
    values = [*map(str, numbers), *("'" + text.replace("'", "''") + "'" for text in texts)]

    assert (
        fingerprint(f"SELECT a FROM t WHERE x IN ({', '.join(values)})") == "SELECT a FROM t WHERE x IN ( ? )"
    )


@given(st.text())
def test_any_text_has_a_fingerprint(text):
    assert len(fingerprint(text).split()) <= len(text) + 1
