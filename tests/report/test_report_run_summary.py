"""The summary at the end of pytest: what is sure has room, what may be chance is told in a few lines."""

import pytest

from lapwing.analysis.where_time_went import attribution
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, Severity
from lapwing.model.metric import Unit
from lapwing.report.pages.changes import sums_section
from lapwing.report.pages.compare import compare_page
from lapwing.report.pages.run_summary import run_summary
from lapwing.report.pages.verdict import told
from lapwing.report.render.plain import plain_lines


def compared(subject, verdict, after_ms):
    return Comparison(
        nodeid=subject,
        metric="wall",
        unit=Unit.NS,
        before=1e6,
        after=after_ms * 1e6,
        ratio=after_ms,
        interval=None,
        p=0.01,
        q=0.02,
        verdict=verdict,
        severity=Severity.NONE,
        noise_floor=1.2,
        baseline_runs=7,
        judged_runs=1,
        worth_a_look=verdict is ChangeVerdict.CANNOT_TELL,
        reason="chance",
    )


@pytest.fixture
def summary(recorded):
    """The lines of a summary of a run with these changes of tests and of sums."""

    def lines(tests, sums=(), **more):
        judgment = RunComparison(
            verdict=ChangeVerdict.CANNOT_TELL,
            comparisons=tuple(tests),
            machine_factor=1.0,
            baseline_runs=7,
            judged_runs=1,
            suite=tuple(sums),
        )
        page = run_summary(recorded, judgment, use=attribution(recorded), slowest=(), **more)
        return "\n".join(plain_lines(page, 100))

    return lines


def test_of_what_may_be_chance_the_three_that_lost_most_are_shown_and_how_to_be_sure(summary):
    said = summary([compared(f"t.py::test_{ms}", ChangeVerdict.CANNOT_TELL, ms) for ms in range(5, 13)])

    assert "worth a look: 8 tests, 5 not shown" in said
    assert [ms for ms in range(5, 13) if f"t.py::test_{ms} " in said] == [10, 11, 12]
    assert "--confirm 5" in said


def test_what_was_run_again_already_is_made_sure_of_in_another_way(summary):
    said = summary([compared("t.py::test_a", ChangeVerdict.CANNOT_TELL, 5)], confirmed=True)

    assert "--confirm 5" not in said
    assert "to be sure of them: lapwing confirm" in said


def test_what_is_slower_for_sure_is_shown_and_asks_for_no_confirmation(summary):
    said = summary([compared(f"t.py::test_{ms}", ChangeVerdict.REGRESSED, ms) for ms in range(5, 13)])

    assert all(f"t.py::test_{ms} " in said for ms in range(5, 13))
    assert "--confirm" not in said


def test_a_sum_that_may_be_chance_is_left_to_the_whole_comparison(summary):
    sums = [
        compared("tests/unit", ChangeVerdict.CANNOT_TELL, 3),
        compared("tests/api", ChangeVerdict.REGRESSED, 2),
    ]

    said = summary([], sums)

    assert "1 changed as a whole" in said
    assert "tests/api" in said
    assert "tests/unit " not in said


def test_a_sum_that_may_be_chance_is_not_told_as_changed():
    judgment = RunComparison(
        verdict=ChangeVerdict.CANNOT_TELL,
        comparisons=(),
        machine_factor=1.0,
        baseline_runs=7,
        judged_runs=1,
        suite=(
            compared("tests/unit", ChangeVerdict.CANNOT_TELL, 3),
            compared("tests/api", ChangeVerdict.REGRESSED, 2),
        ),
    )

    section = sums_section(judgment, most=5)

    assert section.sentences == ("1 changed as a whole; 1 may have changed as a whole",)


def small_suite(verdict):
    return RunComparison(
        verdict=verdict,
        comparisons=(compared("t.py::test_a", verdict, 5),),
        machine_factor=1.0,
        baseline_runs=7,
        judged_runs=1,
        reason="cannot tell a slower machine from slower code",
    )


@pytest.mark.parametrize(
    ("verdict", "said"),
    [(ChangeVerdict.REGRESSED, "1 slower: "), (ChangeVerdict.IMPROVED, "1 faster: ")],
)
def test_what_is_sure_in_a_suite_of_few_tests_heads_what_cannot_be_told(recorded, verdict, said):
    heading = told(recorded, small_suite(verdict))[0]

    assert heading.startswith(said)
    assert heading.endswith("; cannot tell a slower machine from slower code")


def test_a_comparison_of_few_tests_names_what_is_sure_before_what_cannot_be_told(recorded):
    page = compare_page("a", "b", small_suite(ChangeVerdict.REGRESSED))

    assert page.verdict == "b against a: 1 slower; cannot tell a slower machine from slower code"
