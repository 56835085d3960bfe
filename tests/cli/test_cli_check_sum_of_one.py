"""A sum that one test alone moved says no more than that test does."""

import pytest

MS = 1_000_000


@pytest.fixture
def alone(make_run):
    """Run `number`, in which test 7 alone is of another category and waits for so many milliseconds."""

    def made(number, wait_ms):
        run = make_run(number)
        tests = [
            each._replace(category="integration" if at == 7 else "unit") for at, each in enumerate(run.tests)
        ]
        tests[7] = tests[7]._replace(call_ns=tests[7].call_ns + wait_ms * MS)
        return run._replace(tests=tuple(tests))

    return made


def told(shop, name_of):
    code = shop.run("check", "--format", "json")
    document = shop.json("compare")
    (whole,) = [each for each in document["suite"] if each["nodeid"] == "integration"]
    (test,) = [
        each for each in document["comparisons"] if (each["nodeid"], each["metric"]) == (name_of(7), "wall")
    ]
    return code, whole, test


def test_a_category_of_one_test_is_not_called_where_the_test_is_not(shop, alone, name_of):
    shop.record(*(alone(number, 0) for number in range(7)), alone(7, 45))

    code, whole, test = told(shop, name_of)

    assert (test["verdict"], test["worth_a_look"]) == ("cannot_tell", True)
    assert "so far in a single run" in test["reason"]
    assert (whole["verdict"], whole["severity"], whole["worth_a_look"]) == ("cannot_tell", "none", True)
    assert whole["reason"] == f"only {name_of(7)} moved, and by itself it is not called slower"
    assert code == 0


def test_it_is_called_where_the_test_is(shop, alone, name_of):
    shop.record(*(alone(number, 0) for number in range(7)), alone(7, 200))

    code, whole, test = told(shop, name_of)

    assert (test["verdict"], whole["verdict"], code) == ("regressed", "regressed", 1)
