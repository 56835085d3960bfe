"""Limits of load tests: which are broken, and what cannot be told."""

import pytest

from lapwing.check.load_limits import load_breaches, untold_limits
from lapwing.model.load_limits import LoadFigures, LoadLimits
from lapwing.model.metric import Unit

MS = 1_000_000
FIGURES = LoadFigures("GET /items", "20 users", p50_ns=8 * MS, p95_ns=200 * MS, failures=0.01, rps=50.0)


def limits(name: str = "GET /items", **values: float) -> LoadLimits:
    return LoadLimits(name=name, origin=f"table {name}", **values)


@pytest.mark.parametrize(
    ("values", "broken"),
    [
        ({"p95_ns": 200 * MS}, []),  # a limit may be used up
        ({"p95_ns": 199 * MS}, ["latency p95"]),
        ({"p50_ns": 7 * MS, "p95_ns": 199 * MS}, ["latency p50", "latency p95"]),
        ({"failures": 0.01}, []),
        ({"failures": 0.0}, ["failures"]),
        ({"rps": 50.0}, []),
        ({"rps": 50.1}, ["requests a second, at least"]),
        ({"p99_ns": 1}, []),  # was not measured
    ],
)
def test_what_is_over_its_limit_is_broken(values, broken):
    assert [each.what for each in load_breaches([FIGURES], [limits(**values)])] == broken


def test_of_tables_that_fit_the_last_one_that_sets_a_limit_wins():
    tables = [limits("GET *", p95_ns=MS, rps=60.0), limits(p95_ns=300 * MS), limits("POST *", p95_ns=1)]

    (breach,) = load_breaches([FIGURES], tables)

    assert (breach.what, breach.origin) == ("requests a second, at least", "table GET *")


def test_excess_grows_with_how_far_a_rate_falls_short():
    (breach,) = load_breaches([FIGURES], [limits(rps=200.0)])

    assert (breach.excess, breach.current, breach.limit, breach.unit) == (4.0, 50.0, 200.0, Unit.COUNT)


def test_no_answer_at_all_is_infinitely_short_of_a_rate():
    (breach,) = load_breaches([FIGURES._replace(rps=0.0)], [limits(rps=1.0)])

    assert breach.excess == float("inf")


def test_a_share_of_failures_is_told_in_millionths_like_every_share():
    (breach,) = load_breaches([FIGURES], [limits(failures=0.005)])

    assert (breach.current, breach.limit, breach.unit) == (10_000, 5_000, Unit.SHARE)


def test_a_load_of_another_commit_says_so():
    figures = FIGURES._replace(commit="a" * 40)
    table = [limits(rps=51.0)]

    (of_other,) = load_breaches([figures], table, judged_commit="b" * 40)
    (of_same,) = load_breaches([figures], table, judged_commit="a" * 40)

    assert of_other.reason == "at 20 users, measured at commit aaaaaaaaaa"
    assert of_same.reason == "at 20 users"


def test_a_load_that_was_interrupted_breaks_nothing_and_is_told():
    cut = [FIGURES._replace(is_complete=False)]
    tables = [limits(rps=1000.0)]

    assert load_breaches(cut, tables) == []
    assert list(untold_limits(cut, tables)) == ["load: GET /items was not played to its end"]


def test_a_table_without_a_load_test_and_a_limit_without_a_measurement_are_told():
    tables = [limits("GET /item", rps=1.0), limits(p99_ns=1)]

    assert list(untold_limits([FIGURES], tables)) == [
        "load: nothing is kept of a load test that table GET /item is about",
        "load: not measured of GET /items: latency p99",
    ]
