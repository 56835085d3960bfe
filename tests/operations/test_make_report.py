"""The report on a run of the store, on a data file, on a baseline file."""

from collections.abc import Iterator
from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.baseline import BaselineEntry, BaselineFile
from lapwing.model.load import LoadResult, LoadStep, LoadUnit, StoredLoad
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import FixtureRecord, Outcome, TestRecord
from lapwing.model.run import RecordedRun, Revision, Run
from lapwing.operations.find_run import FoundRun, find_run
from lapwing.operations.make_report import ReportWish, make_report
from lapwing.operations.read_run import records_of
from lapwing.report.documents import report_dict
from lapwing.report.pages.report import report_page
from lapwing.report.pages.report_charts import charted_report_page
from lapwing.report.render.html_document import render_document
from lapwing.report.render.markdown import render_markdown
from lapwing.store.baseline_file import write_baseline_file
from lapwing.store.open_store import open_store
from lapwing.store.protocol import Store

MS = 1_000_000
SECOND = 1_000_000_000
START = 1_790_000_000 * SECOND
WISH = ReportWish(slow_ns=SECOND)


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "tests").mkdir()
    return load_settings(tmp_path, flags={}, environ={})._replace(project="shop", base_branch="main")


@pytest.fixture
def store(tmp_path: Path) -> Iterator[Store]:
    with open_store(str(tmp_path / "store.sqlite"), create=True) as opened:
        yield opened


def made_run(
    number: int,
    *,
    tests: int = 40,
    failing: tuple[int, ...] = (),
    commit: str = "c0ffee",
    dirty: bool = False,
    slow: float = 1.0,
) -> RecordedRun:
    """Run number `number` of tests of 100 ms, a day after the one before."""
    return RecordedRun(
        run=Run(
            run_id=f"0192f3a1-7c11-7d2e-9f00-{number:012x}",
            started_at_ns=START + number * 86_400 * SECOND,
            duration_ns=5 * SECOND,
            project="shop",
            revision=Revision(commit=commit, branch="main", dirty=dirty),
            is_complete=True,
        ),
        tests=tuple(
            TestRecord(
                nodeid=f"tests/{'api' if at % 2 else 'unit'}/test_a.py::t{at}",
                outcome=Outcome.FAILED if at in failing else Outcome.PASSED,
                category="api" if at % 2 else "unit",
                markers=("quick",) if at < 10 else (),
                call_ns=round(100 * MS * slow) + at * MS,
                call_cpu_ns=round(100 * MS * slow) + at * MS,
            )
            for at in range(tests)
        ),
        fixtures=(
            FixtureRecord("one", "function", "tests/conftest.py:1", "tests/unit/test_a.py::t0", setup_ns=MS),
            FixtureRecord("two", "function", "tests/conftest.py:9", "tests/api/test_a.py::t1", setup_ns=MS),
        ),
    )


def stored(store: Store, *runs: RecordedRun) -> FoundRun:
    for recorded in runs:
        store.write_run(recorded)
    return FoundRun(name="latest", run=runs[-1].run)


def test_a_stored_run_is_reported_with_comparison_and_trend(settings: Settings, store: Store) -> None:
    found = stored(store, *(made_run(number) for number in range(4)))

    report = make_report(settings, store, found, WISH)

    assert report.summary.tests == 40
    assert report.comparison is not None
    assert report.trend is not None
    assert [point.total_ns for point in report.trend.points] == [report.summary.total_ns] * 4


def test_runs_of_another_part_of_the_suite_are_no_trend(settings: Settings, store: Store) -> None:
    found = stored(store, made_run(0, tests=20), made_run(1, tests=38), made_run(2))

    report = make_report(settings, store, found, WISH)

    assert report.trend is not None
    assert [point.tests for point in report.trend.points] == [38, 40]


def test_later_runs_are_not_in_the_trend(settings: Settings, store: Store) -> None:
    earlier = made_run(1)
    stored(store, made_run(0), earlier, made_run(2))

    report = make_report(settings, store, FoundRun(name="x", run=earlier.run), WISH)

    assert report.trend is not None
    assert len(report.trend.points) == 2


def test_a_file_needs_no_store(settings: Settings) -> None:
    report = make_report(settings, None, FoundRun(name="data.json", recorded=made_run(0)), WISH)

    assert report.source == "file"
    assert report.comparison is None
    assert report.summary.tests == 40


def test_a_file_is_compared_with_the_baseline_file(settings: Settings) -> None:
    recorded = made_run(0, slow=3.0)
    entries = {
        each.nodeid: BaselineEntry(nodeid=each.nodeid, duration_ns=100 * MS, threshold_ns=120 * MS)
        for each in recorded.tests
    }
    write_baseline_file(settings.baseline_file, BaselineFile(date="2026-01-01", tests=entries))

    report = make_report(settings, None, FoundRun(name="data.json", recorded=recorded), WISH)

    assert report.comparison is not None
    assert "2026-01-01" in report.comparison.baseline_why


def test_the_baseline_file_is_taken_on_request_even_where_history_is_preferred(
    settings: Settings, store: Store
) -> None:
    found = stored(store, made_run(0), made_run(1))
    wish = WISH._replace(against_file=True)

    report = make_report(settings._replace(baseline="history"), store, found, wish)

    assert report.comparison is None


def test_a_baseline_file_is_reported_by_its_medians(settings: Settings) -> None:
    entry = BaselineEntry(nodeid="tests/a.py::t", duration_ns=2 * SECOND, threshold_ns=3 * SECOND)
    baseline = BaselineFile(date="2026-01-01", tests={entry.nodeid: entry})

    report = make_report(settings, None, FoundRun(name="baseline", baseline=baseline), WISH)

    assert report.source == "baseline"
    assert (report.summary.slow_tests, report.summary.success_rate) == (1, None)


def test_tests_of_a_baseline_file_have_the_categories_of_their_paths(settings: Settings) -> None:
    names = ("tests/api/a.py::t", "tests/b.py::t")
    entries = [BaselineEntry(nodeid=name, duration_ns=SECOND, threshold_ns=SECOND) for name in names]
    baseline = BaselineFile(date="2026-01-01", tests={entry.nodeid: entry for entry in entries})

    report = make_report(settings, None, FoundRun(name="baseline", baseline=baseline), WISH)

    assert {group.name for group in report.by_category} == {"api", "unit"}


def test_a_baseline_has_no_records_to_make_a_baseline_of() -> None:
    with pytest.raises(NoDataError, match="baseline file, not a recorded run"):
        records_of(None, FoundRun(name="baseline", baseline=BaselineFile(date="2026-01-01")))


@pytest.mark.parametrize(
    ("wish", "count"),
    [
        (WISH._replace(markers=("quick",)), 10),
        (WISH._replace(categories=("api",)), 20),
        (WISH._replace(categories=("api", "unit")), 40),
        (WISH._replace(markers=("quick",), categories=("api",)), 5),
        (WISH._replace(markers=("nope",)), 0),
    ],
)
def test_filters_keep_what_fits_all_of_them(
    settings: Settings, store: Store, wish: ReportWish, count: int
) -> None:
    report = make_report(settings, store, stored(store, made_run(0)), wish)

    assert report.summary.tests == count


def test_filters_reach_fixtures_and_comparisons(settings: Settings, store: Store) -> None:
    found = stored(store, *(made_run(number) for number in range(3)))

    report = make_report(settings, store, found, WISH._replace(categories=("api",)))

    assert [cost.name for cost in report.fixtures] == ["two"]
    assert report.comparison is not None
    assert {each.nodeid.split("/")[1] for each in report.comparison.comparisons} == {"api"}


def test_pass_and_failure_on_one_commit_are_found_in_the_history(settings: Settings, store: Store) -> None:
    found = stored(store, made_run(0, failing=(3,)), made_run(1), made_run(2, failing=(4,), commit="other"))

    (flaky,) = make_report(settings, store, found, WISH).flaky

    assert (flaky.nodeid, flaky.failed, flaky.passed) == ("tests/api/test_a.py::t3", 1, 1)
    assert flaky.commit == "c0ffee"


def test_uncommitted_changes_prove_no_test_flaky(settings: Settings, store: Store) -> None:
    found = stored(store, made_run(0, failing=(3,), dirty=True), made_run(1))

    assert make_report(settings, store, found, WISH).flaky == ()


def test_without_a_store_the_newest_run_is_not_found(settings: Settings) -> None:
    with pytest.raises(NoDataError, match="no run is recorded yet"):
        find_run(settings, None, "latest")


def played(name: str, after_days: float, *, p95: int = 5 * MS) -> StoredLoad:
    """A load test so many days after the first run."""
    step = LoadStep(
        load=5, users=5, duration_ns=SECOND, offered_rps=9, achieved_rps=9, requests=9, failures=0
    )
    result = LoadResult(
        name=name,
        target=name,
        unit=LoadUnit.USERS,
        wanted=5,
        steps=(step._replace(p95_ns=p95),),
        started_at_ns=START + round(after_days * 86_400) * SECOND,
    )
    return StoredLoad(result=result, project="shop", commit="c0ffee")


def test_the_newest_of_each_load_test_is_reported_as_of_the_run(settings: Settings, store: Store) -> None:
    earlier = made_run(1)
    newest = stored(store, made_run(0), earlier, made_run(2))
    for load in (played("GET /a", 0.1), played("GET /a", 0.2), played("GET /a", 9), played("GET /b", 9)):
        store.write_load(load)

    before = make_report(settings, store, FoundRun(name="x", run=earlier.run), WISH)
    now = make_report(settings, store, newest, WISH)

    assert [each.result.started_at_ns for each in before.loads] == [played("", 0.2).result.started_at_ns]
    assert sorted(each.result.name for each in now.loads) == ["GET /a", "GET /b"]
    assert {each.result.started_at_ns for each in now.loads} == {played("", 9).result.started_at_ns}


def test_what_performance_tests_measured_and_what_was_loaded_is_in_every_form(
    settings: Settings, store: Store
) -> None:
    recorded = made_run(0)
    benchmark = BenchmarkRecord("parse <b>", "tests/unit/test_a.py::t0", "lapwing", "ns", (2 * MS, 3 * MS))
    found = stored(store, recorded._replace(benchmarks=(benchmark,)))
    store.write_load(played("GET /<b>", 1, p95=7 * MS))

    report = make_report(settings, store, found, WISH)
    texts = render_markdown(report_page(report)), render_document(charted_report_page(report))
    document = report_dict(report)

    assert all("2.00 ms" in text and "7.00 ms" in text and "<b>" not in text for text in texts)
    assert [each["name"] for each in document["measured"]] == ["parse <b>"]
    assert [each["name"] for each in document["loads"]] == ["GET /<b>"]
