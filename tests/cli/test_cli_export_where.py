"""`lapwing export`: by owner, by what is surely slower, and safe to open."""

import pytest


@pytest.fixture
def exported(with_slower_test):
    """The names of the tests that a query leaves."""
    (with_slower_test.root / "CODEOWNERS").write_text("tests/api/ @acme/api\n")

    def ask(query):
        document = with_slower_test.json("export", "--where", query)
        return {each["nodeid"] for each in document["tests"]}

    return ask


def test_tests_of_an_owner_are_those_that_codeowners_gives_them(exported):
    found = exported("owner:api")

    assert found
    assert all(name.startswith("tests/api/") for name in found)
    assert exported("owner:nobody") == set()


def test_what_regressed_is_what_is_surely_slower(exported, name_of):
    assert exported("status:regressed") == {name_of(7)}


def test_no_name_in_a_csv_is_a_formula(shop, make_run):
    run = make_run(0)
    names = ("=cmd|' /C calc'!A0::t", "@sum::t", "tests/a.py::t")
    shop.record(run._replace(tests=tuple(run.tests[0]._replace(nodeid=name) for name in names)))

    assert shop.run("export", "--format", "csv") == 0

    assert sorted(line.partition(",")[0] for line in shop.out.splitlines()[1:]) == [
        "'=cmd|' /C calc'!A0::t",
        "'@sum::t",
        "tests/a.py::t",
    ]
