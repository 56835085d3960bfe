"""The report on one made run, in every form, against the files beside."""

import json
import os
import time
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest

from lapwing.model.budget import Budget, JudgedBudget, LimitVerdict
from lapwing.model.comparison import ChangeVerdict, Comparison, RunComparison, Severity
from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, TestRecord
from lapwing.model.report import FlakyTest, Report
from lapwing.model.run import Machine, RecordedRun, Revision, Run
from lapwing.model.trend import Slope, Trend, TrendPoint
from lapwing.operations.make_report import ReportWish, report_on
from lapwing.report.documents import report_dict
from lapwing.report.pages.report import report_page
from lapwing.report.render.markdown import render_markdown
from lapwing.report.render.plain import render_plain
from lapwing.report.render.terminal import render_terminal

MS = 1_000_000
SECOND = 1_000_000_000
START = 1_790_000_000 * SECOND
FOLDER = Path(__file__).parent

HOSTILE = "tests/unit/test_names.py::test_any[a|b-`c`-<!-- d -->-@team-\x1b[31m]"


@pytest.fixture
def utc(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    """Local time is UTC."""
    monkeypatch.setenv("TZ", "UTC")
    time.tzset()
    yield
    monkeypatch.undo()
    time.tzset()


def recorded() -> RecordedRun:
    waits = TestRecord(
        nodeid="tests/api/test_orders.py::TestOrders::test_a_slow_gateway_is_given_up",
        outcome=Outcome.PASSED,
        category="api",
        setup_ns=520 * MS,
        shared_fixture_ns=500 * MS,
        call_ns=4_200 * MS,
        call_cpu_ns=200 * MS,
        setup_cpu_ns=500 * MS,
        teardown_ns=2 * MS,
        counters={"sleep": Count(3, 3_600 * MS)},
        run_delay_ns=40 * MS,
        involuntary_switches=120,
    )
    computes = TestRecord(
        nodeid="tests/unit/test_search.py::test_every_word_is_found",
        outcome=Outcome.PASSED,
        setup_ns=30 * MS,
        call_ns=1_600 * MS,
        call_cpu_ns=1_590 * MS,
        peak_bytes=12_500_000,
        gc_ns=90 * MS,
        gc_count=14,
    )
    again = TestRecord(nodeid="tests/unit/test_mail.py::test_sent", outcome=Outcome.FAILED, call_ns=20 * MS)
    return RecordedRun(
        run=Run(
            run_id="0192f3a1-7c11-7d2e-9f00-0123456789ab",
            started_at_ns=START,
            duration_ns=7_900 * MS,
            project="shop",
            revision=Revision(commit="c0ffee1234" * 4, branch="main", dirty=False),
            machine=Machine(
                cpu_model="chip", cores=4, memory_bytes=16_000_000_000, system="Linux", cpu_limit=2.0
            ),
            python="3.12.1",
            is_complete=True,
            load_average=0.75,
            startup_ns=150 * MS,
        ),
        tests=(
            waits,
            computes,
            again,
            again._replace(attempt=2, outcome=Outcome.PASSED),
            TestRecord(nodeid=HOSTILE, outcome=Outcome.FAILED, call_ns=3 * MS),
            TestRecord(nodeid="tests/unit/test_later.py::test_later", outcome=Outcome.SKIPPED),
            TestRecord(nodeid="tests/unit/test_cart.py::test_total", outcome=Outcome.PASSED, call_ns=5 * MS),
        ),
        fixtures=(
            *[FixtureRecord("database", "function", "tests/conftest.py:12", waits.nodeid, setup_ns=25 * MS)]
            * 6,
            FixtureRecord("server", "session", "tests/api/conftest.py:3", waits.nodeid, setup_ns=350 * MS),
        ),
        collection=(CollectRecord("tests/unit/test_search.py", duration_ns=640 * MS),),
    )


def judgment() -> RunComparison:
    slower = Comparison(
        nodeid="tests/unit/test_search.py::test_every_word_is_found",
        metric="wall",
        unit="ns",
        before=1_120 * MS,
        after=1_630 * MS,
        ratio=1.455,
        interval=(1.38, 1.53),
        p=2.4e-5,
        q=1e-4,
        verdict=ChangeVerdict.REGRESSED,
        severity=Severity.WARNING,
        baseline_runs=20,
        judged_runs=1,
    )
    faster = slower._replace(
        nodeid="tests/unit/test_cart.py::test_total",
        before=11 * MS,
        after=5 * MS,
        ratio=0.4545,
        interval=(0.41, 0.5),
        verdict=ChangeVerdict.IMPROVED,
        severity=Severity.NONE,
    )
    return RunComparison(
        verdict=ChangeVerdict.REGRESSED,
        comparisons=(slower, faster),
        machine_factor=1.1,
        machine_factors=(("wall", 1.1),),
        baseline_runs=20,
        baseline_why="the last 20 complete runs of main on this machine class",
    )


@pytest.fixture
def report() -> Report:
    points = tuple(
        TrendPoint(
            f"0192f3a1-7c11-7d2e-9f00-{at:012x}", START - (5 - at) * 86_400 * SECOND, None, 6, total * MS
        )
        for at, total in enumerate((5_800, 5_950, 6_050, 6_180, 6_300, 6_382))
    )
    return report_on(
        recorded(),
        ReportWish(slow_ns=2 * SECOND),
        source="run",
        comparison=judgment(),
        trend=Trend(points=points, slope=Slope(118 * MS, 100 * MS, 130 * MS, 0.0048)),
        flaky=(
            FlakyTest("tests/api/test_orders.py::test_stock", failed=1, passed=4, commit="c0ffee1234" * 4),
        ),
        judged=judged(),
    )


def judged() -> tuple[JudgedBudget, ...]:
    """The limits of two tests, one of them broken."""
    waits, computes, *_ = recorded().tests
    mark = Budget("time", 2 * SECOND, "@perf_budget at tests/api/test_orders.py:12")
    return (
        JudgedBudget(waits.nodeid, "api", mark, waits.duration_ns, LimitVerdict.BROKEN),
        JudgedBudget(
            computes.nodeid, "unit", Budget("time", 2 * SECOND), computes.duration_ns, LimitVerdict.KEPT
        ),
    )


FORMS: dict[str, Callable[[Report], str]] = {
    "report.txt": lambda report: render_plain(report_page(report), 100),
    "report.terminal.txt": lambda report: render_terminal(report_page(report), 80),
    "report.md": lambda report: render_markdown(report_page(report)),
    "report.json": lambda report: json.dumps(report_dict(report), indent=1) + "\n",
}


@pytest.mark.usefixtures("utc")
@pytest.mark.parametrize("name", FORMS)
def test_the_report_is_as_it_was(name: str, report: Report) -> None:
    text = FORMS[name](report)

    if os.environ.get("RENEW_GOLDEN"):
        (FOLDER / name).write_bytes(text.encode("utf-8"))
    assert (FOLDER / name).read_bytes().decode("utf-8") == text
