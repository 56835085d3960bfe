"""`lapwing trend`."""

import pytest

from lapwing.model.run import Revision


@pytest.fixture
def growing(shop, make_run):
    """Twenty days; test 3 grows by 2% a day."""
    shop.record(*(make_run(number, factors={3: 1.02**number}) for number in range(20)))
    return shop


def test_a_growing_test_is_named_with_its_slope_a_week(growing, name_of):
    document = growing.json("trend")

    first = document["tests"][0]
    assert first["name"] == name_of(3)
    assert first["ratio"] == pytest.approx(1.02**7, rel=0.02)
    assert first["is_weekly"]
    assert len(document["runs"]) == 20
    assert {each["name"] for each in document["categories"]} == {"api", "unit"}
    assert {each["name"] for each in document["folders"]} == {"tests/api", "tests/unit"}


def test_the_page_names_only_tests_whose_trend_is_no_chance(growing, name_of):
    assert growing.run("trend") == 0

    assert name_of(3) in growing.out
    assert name_of(4) not in growing.out
    assert "20 runs" in growing.out


def test_a_new_runner_is_told_and_is_no_trend(shop, make_run):
    everything = dict.fromkeys(range(40), 1.3)
    shop.record(*(make_run(number, factors=everything if number >= 10 else {}) for number in range(20)))

    document = shop.json("trend")

    (step,) = document["machine_steps"]
    assert step["ratio"] == pytest.approx(1.3, abs=0.02)
    assert document["suite"]["ratio"] == pytest.approx(1, abs=0.01)


def test_few_runs_say_that_they_are_few(shop, make_run):
    shop.record(make_run(0), make_run(1))

    assert shop.run("trend") == 0

    assert "Too few runs to tell a trend" in shop.out


@pytest.mark.parametrize("tests", [5, 30])
def test_other_branches_and_parts_of_the_suite_are_left_out(growing, make_run, tests):
    part = make_run(30)
    assert len(part.tests) == 40
    growing.record(
        part._replace(tests=part.tests[:tests]),
        make_run(31, revision=Revision(commit="f" * 40, branch="try", dirty=False)),
    )

    assert len(growing.json("trend")["runs"]) == 20


def test_without_a_run_it_says_so(shop):
    shop.record()

    assert shop.run("trend") == 2
    assert "no complete run is recorded" in shop.err
