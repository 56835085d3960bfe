"""Thresholds of some tests only."""

import pytest

from lapwing.analysis.compare import compare_runs
from lapwing.analysis.limits import Limits
from lapwing.analysis.sums import compare_sums
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.metric import CPU, SUITE_WALL, WALL
from lapwing.model.thresholds import ChangeThresholds, ThresholdRule

LONG = "tests/test_0.py::t7"


def limits(*rules, categories=None):
    return Limits(ChangeThresholds(rules=rules), categories or {})


@pytest.mark.parametrize(
    ("pattern", "is_meant"),
    [
        ("tests", True),
        ("tests/", True),
        ("tests/test_0.py", True),
        ("tests/test_0.py::t7", True),
        ("*::t7", True),
        ("tests/test_?.py", True),
        ("tests/test_0", False),  # the beginning of a name is no folder
        ("test_0.py", False),
        ("tests/test_0.py::t", False),
    ],
)
def test_what_a_glob_of_tests_means(pattern, is_meant):
    found = limits(ThresholdRule("a", tests=(pattern,), warning=0.7)).of(LONG, WALL)

    assert (found.warning == 0.7) is is_meant


def test_brackets_in_a_glob_are_themselves():
    rule = ThresholdRule("a", tests=("a.py::t[1-x]",), warning=0.7)

    assert limits(rule).of("a.py::t[1-x]", WALL).warning == 0.7
    assert limits(rule).of("a.py::t1", WALL).warning == 0.2


def test_a_glob_of_a_test_means_it_with_all_its_parameters():
    assert limits(ThresholdRule("a", tests=("a.py::t",), warning=0.7)).of("a.py::t[3]", WALL).warning == 0.7


def test_a_later_rule_wins_and_leaves_the_rest():
    found = limits(
        ThresholdRule("a", warning=0.5, critical=0.9),
        ThresholdRule("b", tests=("tests",), warning=0.3),
    ).of(LONG, WALL)

    assert (found.warning, found.critical) == (0.3, 0.9)


def test_a_rule_of_a_category_means_its_tests():
    rule = ThresholdRule("a", categories=("api",), warning=0.7)
    found = limits(rule, categories={LONG: "api"})

    assert found.of(LONG, WALL).warning == 0.7
    assert found.of("tests/test_0.py::t8", WALL).warning == 0.2


def test_a_rule_of_a_metric_means_no_other():
    found = limits(ThresholdRule("a", metrics=("cpu",), warning=0.7))

    assert (found.of(LONG, CPU).warning, found.of(LONG, WALL).warning) == (0.7, 0.2)


def test_sums_are_meant_only_where_they_are_named():
    every, named = ThresholdRule("a", warning=0.7), ThresholdRule("b", metrics=("suite_wall",), warning=0.7)

    assert limits(every).of("suite", SUITE_WALL).suite_warning == 0.15
    assert limits(named).of("suite", SUITE_WALL).suite_warning == 0.7


def test_a_rule_decides_on_its_tests_alone(suite):
    rules = (ThresholdRule("a", tests=(LONG,), warning=2.0, critical=3.0),)

    compared = compare_runs(
        suite.runs(10), suite.runs(3, slower={7: 2.0, 8: 2.0}), ChangeThresholds(rules=rules)
    )

    assert {one.nodeid for one in compared.comparisons if one.verdict is ChangeVerdict.REGRESSED} == {
        "tests/test_0.py::t8"
    }


def test_a_stricter_rule_finds_what_is_under_the_general_threshold(suite):
    rules = (ThresholdRule("a", tests=(LONG,), warning=0.05, critical=0.1),)
    thresholds = ChangeThresholds(rules=rules)

    compared = compare_runs(
        suite.runs(10, noise=0.01), suite.runs(3, noise=0.01, slower={7: 1.15}), thresholds
    )

    found = next(one for one in compared.comparisons if one.nodeid == LONG and one.metric == "wall")
    assert (found.verdict, found.severity) == (ChangeVerdict.REGRESSED, Severity.CRITICAL)


def test_a_rule_for_the_suite_decides_on_its_sum(suite):
    before, after = suite.runs(10), suite.runs(3, slower=dict.fromkeys(range(0, 150, 3), 1.8))
    rule = ThresholdRule("a", metrics=("suite_wall",), warning=5.0)

    def verdict(thresholds):
        return compare_sums("suite", SUITE_WALL, before, after, thresholds, lambda _: "suite")[0].verdict

    assert verdict(ChangeThresholds()) is ChangeVerdict.REGRESSED
    assert verdict(ChangeThresholds(rules=(rule,))) is ChangeVerdict.UNCHANGED
