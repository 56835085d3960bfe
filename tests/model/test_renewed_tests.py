"""Tests whose parameters changed, as documents name them."""

from lapwing.model.codec import run_comparison_dict
from lapwing.model.comparison import ChangeVerdict, RunComparison


def named(new: tuple[str, ...], gone: tuple[str, ...]) -> list[str]:
    judgment = RunComparison(
        verdict=ChangeVerdict.UNCHANGED,
        comparisons=(),
        machine_factor=None,
        baseline_runs=5,
        judged_runs=1,
        new_tests=new,
        gone_tests=gone,
    )
    return run_comparison_dict(judgment)["tests_with_other_parameters"]


def test_a_test_with_new_and_gone_cases_is_named_once_without_its_parameters() -> None:
    assert named(("t.py::b[x]", "t.py::a[1]", "t.py::a[2]"), ("t.py::a[3]", "t.py::b[y]")) == [
        "t.py::a",
        "t.py::b",
    ]


def test_a_test_that_is_only_new_or_has_no_parameters_is_not_named() -> None:
    assert named(("t.py::a[1]", "t.py::b"), ("t.py::c[1]", "t.py::b2")) == []
