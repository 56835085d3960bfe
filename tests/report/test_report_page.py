"""The report's page: every section is there, and says what was recorded."""

import time
from collections.abc import Callable

import pytest

from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, Severity
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.report import FlakyTest, Report
from lapwing.model.run import RecordedRun, Run
from lapwing.model.suggestion import Confidence, Suggestion
from lapwing.model.trend import Slope, Trend, TrendPoint
from lapwing.operations.make_report import ReportWish, empty_report
from lapwing.report.page import Page, Section, Tone
from lapwing.report.pages.report import report_page

MS = 1_000_000
SLUGS = (
    "summary",
    "categories",
    "folders",
    "limits",
    "slowest",
    "time",
    "fixtures",
    "collection",
    "trend",
    "steps",
    "regressions",
    "improvements",
    "sums",
    "flaky",
    "flaky-time",
    "benchmarks",
    "loads",
    "system",
    "recommendations",
)


def section(page: Page, slug: str) -> Section:
    return next(each for each in page.sections if each.slug == slug)


def text(page: Page, slug: str) -> str:
    return " ".join(section(page, slug).sentences)


def change(nodeid: str, verdict: ChangeVerdict, after: float) -> Comparison:
    return Comparison(
        nodeid=nodeid,
        metric="wall",
        unit="ns",
        before=100 * MS,
        after=after * MS,
        ratio=after / 100,
        interval=(after / 110, after / 90),
        p=1e-4,
        q=1e-3,
        verdict=verdict,
        severity=Severity.CRITICAL if verdict is ChangeVerdict.REGRESSED else Severity.NONE,
    )


def judged(*comparisons: Comparison, verdict: ChangeVerdict) -> RunComparison:
    return RunComparison(
        verdict=verdict,
        comparisons=comparisons,
        machine_factor=1.0,
        baseline_runs=20,
        baseline_why="the last 20 complete runs of main",
    )


def trend(*totals_ms: int, slope: Slope | None) -> Trend:
    points = tuple(
        TrendPoint(run_id=f"run{at}", started_at_ns=at, commit=None, tests=4, total_ns=total * MS)
        for at, total in enumerate(totals_ms)
    )
    return Trend(points=points, slope=slope)


def test_every_section_is_there_in_its_order(report_of: Callable[..., Report]) -> None:
    assert tuple(each.slug for each in report_page(report_of()).sections) == SLUGS


@pytest.mark.parametrize("source", ["run", "file", "baseline"])
def test_without_tests_every_section_has_one_plain_sentence(
    report_of: Callable[..., Report], source: str
) -> None:
    nothing = RecordedRun(run=Run(run_id="0192f3a1", started_at_ns=0, duration_ns=0))

    page = report_page(report_of(recorded=nothing, source=source))

    assert tuple(each.slug for each in page.sections) == SLUGS
    assert all(len(each.sentences) == 1 and each.table is None for each in page.sections)
    assert all(each.sentences[0].strip() for each in page.sections)


def test_where_nothing_is_recorded_every_section_says_so() -> None:
    page = report_page(empty_report(ReportWish(slow_ns=1)))

    assert page.verdict == "No run is recorded yet: there is nothing to report."
    assert tuple(each.slug for each in page.sections) == SLUGS
    assert all(len(each.sentences) == 1 for each in page.sections)


def test_the_summary_counts_outcomes_times_and_slow_tests(report_of: Callable[..., Report]) -> None:
    said = text(report_page(report_of()), "summary")

    assert "4 tests: 2 passed, 1 failed, 1 skipped; success rate 67%" in said
    assert "3.52 s in tests: mean 880 ms, median 250 ms" in said
    assert "1 test is slow (over 1.00 s)" in said


def test_without_a_slow_test_the_longest_are_shown_all_the_same(report_of: Callable[..., Report]) -> None:
    page = report_page(report_of(wish=ReportWish(slow_ns=30_000 * MS)))

    slowest = section(page, "slowest")
    assert slowest.sentences[0].startswith("None over 30.0 s")
    assert slowest.table is not None
    assert slowest.table.rows[0][-1] == "tests/api/test_web.py::test_wait[a|b]"


def test_lists_of_tests_keep_to_their_limit(report_of: Callable[..., Report]) -> None:
    slowest = section(report_page(report_of(), most=2), "slowest")

    assert slowest.table is not None
    assert len(slowest.table.rows) == 2


def test_categories_and_folders_have_success_and_share(report_of: Callable[..., Report]) -> None:
    page = report_page(report_of())

    categories, folders = section(page, "categories").table, section(page, "folders").table
    assert categories is not None
    assert folders is not None
    assert [row[0] for row in categories.rows] == ["api", "unit"]
    assert categories.rows[0][-1] == "50%"
    assert [row[0] for row in folders.rows] == ["tests/api", "tests/unit", "tests"]


def test_the_parts_of_the_time_leave_out_what_hardly_counts(report_of: Callable[..., Report]) -> None:
    time = section(report_page(report_of()), "time").table

    assert time is not None
    assert [row[0] for row in time.rows] == ["start-up", "collection", "calls, computing", "calls, waiting"]


def test_a_regression_comes_first_and_with_its_evidence(report_of: Callable[..., Report]) -> None:
    judgment = judged(
        change("tests/unit/test_cart.py::test_total", ChangeVerdict.REGRESSED, 200),
        change("tests/api/test_web.py::test_fails", ChangeVerdict.IMPROVED, 50),
        verdict=ChangeVerdict.REGRESSED,
    )

    page = report_page(report_of(comparison=judgment))

    assert page.tone is Tone.BAD
    assert page.verdict.startswith("1 slower, 1 faster")
    assert "test_total: 100 ms → 200 ms, +100%" in text(page, "regressions")
    assert "1 test" in text(page, "improvements")


def test_many_regressions_are_a_table_and_the_worst_have_evidence(report_of: Callable[..., Report]) -> None:
    slower = [change(f"tests/a.py::t{at}", ChangeVerdict.REGRESSED, 200 + at) for at in range(6)]

    page = report_page(report_of(comparison=judged(*slower, verdict=ChangeVerdict.REGRESSED)))

    regressions = section(page, "regressions")
    assert regressions.table is not None
    assert len(regressions.table.rows) == 6
    assert [line.partition(":")[0] for line in regressions.sentences[1:]] == ["tests/a.py"] * 3


def test_without_a_change_both_sections_say_so(report_of: Callable[..., Report]) -> None:
    page = report_page(report_of(comparison=judged(verdict=ChangeVerdict.UNCHANGED)))

    assert text(page, "regressions").startswith("No test became slower.")
    assert text(page, "improvements") == "No test became faster."


@pytest.mark.parametrize(
    ("totals", "slope", "said"),
    [
        ((100, 200), Slope(100 * MS, 100 * MS, 100 * MS, 0.3), "too few to tell a trend from chance"),
        ((100, 120, 90, 110, 100), Slope(0.0, -10 * MS, 10 * MS, 0.9), "no trend that can be told"),
        ((100, 110, 120, 130, 140), Slope(10 * MS, 9 * MS, 11 * MS, 0.014), "growing by 10.0 ms per run"),
        ((140, 130, 120, 110, 100), Slope(-10 * MS, -11 * MS, -9 * MS, 0.014), "shrinking by 10.0 ms"),
    ],
)
def test_a_trend_is_told_with_its_certainty(
    report_of: Callable[..., Report], totals: tuple[int, ...], slope: Slope, said: str
) -> None:
    assert said in text(report_page(report_of(trend=trend(*totals, slope=slope))), "trend")


def test_one_run_is_no_trend(report_of: Callable[..., Report]) -> None:
    page = report_page(report_of(trend=trend(100, slope=None)))

    assert text(page, "trend") == "There is no history yet: a trend needs two complete runs."


def test_flaky_tests_name_where_they_were_seen(report_of: Callable[..., Report]) -> None:
    flaky = FlakyTest(nodeid="tests/a.py::t", failed=1, passed=3, commit="c0ffee12" * 5)

    table = section(report_page(report_of(flaky=[flaky])), "flaky").table

    assert table is not None
    assert table.rows == (("1", "3", "runs of c0ffee12c0", "tests/a.py::t"),)


def test_system_health_tells_load_waits_memory_and_collector(report_of: Callable[..., Report]) -> None:
    said = text(report_page(report_of()), "system")

    assert "Load average 0.50 on 1 processor " in said
    assert "they were interrupted 3 times" in said
    assert "2.00 MB, in tests/unit/test_cart.py::test_total" in said
    assert "garbage collector took 989 µs (0.5% of what tests compute)" in said


def test_recommendations_name_evidence_and_cost(report_of: Callable[..., Report]) -> None:
    said = text(report_page(report_of()), "recommendations")

    assert "Sleeps take 2.50 s (68%) in 1 test, most in tests/api/test_web.py::test_wait[a|b]" in said


def test_advice_is_told_with_its_gain_and_place(report_of: Callable[..., Report]) -> None:
    advice = Suggestion(
        "wider-fixture", "fixture db is set up 9 times", "", 1500 * MS, 0, 0, Confidence.HIGH, where="a.py:3"
    )

    said = text(report_page(report_of()._replace(advice=(advice,))), "recommendations")

    assert "fixture db is set up 9 times: about 1.50 s of wall time (a.py:3)." in said


def test_the_title_names_the_run_and_the_filter(report_of: Callable[..., Report]) -> None:
    wish = ReportWish(slow_ns=1, markers=("quick",), categories=("unit",))

    title = report_page(report_of(wish=wish)).title

    assert "0192f3a1-7c11" in title
    assert "only marker quick, category unit" in title


@pytest.mark.parametrize("zone", ["America/Los_Angeles", "Asia/Tokyo"])
def test_the_title_of_a_baseline_names_the_day_of_its_file(
    report_of: Callable[..., Report],
    monkeypatch: pytest.MonkeyPatch,
    request: pytest.FixtureRequest,
    zone: str,
) -> None:
    monkeypatch.setenv("TZ", zone)
    time.tzset()
    request.addfinalizer(time.tzset)
    request.addfinalizer(monkeypatch.undo)
    midnight = 1_795_305_600 * 1_000 * MS
    run = Run(run_id="baseline", started_at_ns=midnight, duration_ns=MS)

    title = report_page(report_of(recorded=RecordedRun(run=run, tests=()), source="baseline")).title

    assert title == "Performance report: baseline, 2026-11-22"


def test_a_baseline_is_reported_without_a_comparison(report_of: Callable[..., Report]) -> None:
    tests = (TestRecord(nodeid="tests/a.py::t", outcome=Outcome.UNKNOWN, call_ns=2_000 * MS),)
    of_baseline = RecordedRun(
        run=Run(run_id="baseline", started_at_ns=0, duration_ns=2_000 * MS), tests=tests
    )

    page = report_page(report_of(recorded=of_baseline, source="baseline"))

    assert page.verdict == "A baseline of 1 test that takes 2.00 s."
    assert "no outcome is known" in text(page, "summary")
    assert "nothing to compare it with" in text(page, "regressions")
