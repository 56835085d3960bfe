"""What is said of tests that only one side of a comparison has."""

from lapwing.model.comparison import ChangeVerdict, RunComparison
from lapwing.report.pages.changes import one_side_text


def told(new: tuple[str, ...], gone: tuple[str, ...]) -> str:
    return one_side_text(
        RunComparison(
            verdict=ChangeVerdict.UNCHANGED,
            comparisons=(),
            machine_factor=None,
            baseline_runs=5,
            judged_runs=1,
            new_tests=new,
            gone_tests=gone,
        )
    )


def test_a_test_with_other_parameters_is_told_once_however_many_cases_it_has() -> None:
    said = told(("tests/t.py::a[1]", "tests/t.py::a[2]"), ("tests/t.py::a[3]",))

    assert said.endswith("; 1 test with other parameters than in the baseline")


def test_new_and_gone_cases_of_different_tests_are_not_the_same_test() -> None:
    said = told(("tests/t.py::a[1]", "tests/t.py::b"), ("tests/t.py::c[1]", "tests/t.py::b2"))

    assert said == "2 new, not in the baseline; 2 of the baseline did not run or pass"
