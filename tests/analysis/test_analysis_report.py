"""What a report computes: figures, flaky tests, trends, health, recommendations."""

import pytest

from lapwing.analysis.flaky import flaky_attempts, flaky_on_a_commit
from lapwing.analysis.recommendations import recommendations
from lapwing.analysis.slowest import slowest_tests
from lapwing.analysis.suite_summary import (
    fixture_costs,
    module_costs,
    summarize,
    summarize_groups,
)
from lapwing.analysis.system_health import system_health
from lapwing.analysis.trends import group_trends, subject_trends, suite_trend
from lapwing.analysis.where_time_went import attribution
from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, TestRecord
from lapwing.model.report import FlakyTest, Recommendation
from lapwing.model.run import Machine, RecordedRun, Run
from lapwing.model.series import RunSamples
from lapwing.model.trend import TrendPoint

MS = 1_000_000


def one(name: str, call_ms: float | None = 10, outcome: Outcome = Outcome.PASSED) -> TestRecord:
    call_ns = None if call_ms is None else round(call_ms * MS)
    return TestRecord(nodeid=f"tests/a.py::{name}", outcome=outcome, call_ns=call_ns, call_cpu_ns=call_ns)


def run_of(*tests: TestRecord, cores: int = 1, workers: int = 0) -> RecordedRun:
    machine = Machine(cores=cores)
    return RecordedRun(
        Run(run_id="r", started_at_ns=0, duration_ns=0, machine=machine, workers=workers), tests
    )


def advised(recorded: RecordedRun) -> dict[str, Recommendation]:
    found = recommendations(
        recorded,
        slowest_tests(recorded, 10),
        attribution(recorded),
        fixture_costs(recorded.fixtures),
        module_costs(recorded.collection),
        system_health(recorded),
    )
    return {each.kind.value: each for each in found}


class TestFigures:
    def test_times_are_over_what_was_measured(self) -> None:
        figures = summarize([one("a", 10), one("b", 30), one("c", None)], slow_ns=20 * MS)

        assert (figures.tests, figures.slow_tests, figures.total_ns) == (3, 1, 40 * MS)
        assert (figures.mean_ns, figures.median_ns) == (20 * MS, 20 * MS)

    def test_a_test_of_just_the_limit_is_not_slow(self) -> None:
        assert summarize([one("a", 20)], slow_ns=20 * MS).slow_tests == 0

    @pytest.mark.parametrize(
        ("outcomes", "rate"),
        [
            ([], None),
            ([Outcome.SKIPPED, Outcome.UNKNOWN], None),
            ([Outcome.PASSED, Outcome.XFAILED, Outcome.SKIPPED], 1.0),
            ([Outcome.PASSED, Outcome.FAILED], 0.5),
            ([Outcome.ERROR, Outcome.TIMEOUT, Outcome.CRASHED], 0.0),
        ],
    )
    def test_success_is_counted_of_those_that_ran(self, outcomes: list[Outcome], rate: float | None) -> None:
        tests = [one(str(at), outcome=outcome) for at, outcome in enumerate(outcomes)]

        assert summarize(tests, slow_ns=MS).success_rate == rate

    def test_groups_come_with_the_longest_total_first(self) -> None:
        tests = [one("a", 10), one("b", 30), one("c", 10)]

        groups = summarize_groups(tests, MS, lambda record: record.nodeid[-1])

        assert [group.name for group in groups] == ["b", "a", "c"]

    def test_a_module_collected_twice_by_one_process_is_of_one_process(self) -> None:
        (cost,) = module_costs([CollectRecord("a.py", duration_ns=1), CollectRecord("a.py", duration_ns=2)])

        assert (cost.duration_ns, cost.processes) == (3, 1)


class TestFlaky:
    def test_a_rerun_that_passed_is_flaky(self) -> None:
        failed = one("a", outcome=Outcome.FAILED)
        passed = one("a")._replace(attempt=2)

        assert flaky_attempts([passed, failed]) == (FlakyTest("tests/a.py::a", failed=1, passed=1),)

    @pytest.mark.parametrize(
        "outcomes",
        [
            (Outcome.PASSED,),
            (Outcome.FAILED,),
            (Outcome.FAILED, Outcome.FAILED),
            (Outcome.PASSED, Outcome.FAILED),
            (Outcome.FAILED, Outcome.SKIPPED),
        ],
    )
    def test_other_attempts_are_not(self, outcomes: tuple[Outcome, ...]) -> None:
        tests = [one("a", outcome=each)._replace(attempt=at) for at, each in enumerate(outcomes, 1)]

        assert flaky_attempts(tests) == ()

    def test_pass_and_failure_on_one_commit_are_flaky(self) -> None:
        results = [("a", "c1", "passed"), ("a", "c1", "failed"), ("a", "c1", "passed"), ("a", "c2", "failed")]

        assert flaky_on_a_commit(results) == (FlakyTest("a", failed=1, passed=2, commit="c1"),)

    def test_a_failure_that_a_commit_mended_is_not(self) -> None:
        assert flaky_on_a_commit([("a", "c1", "failed"), ("a", "c2", "passed"), ("a", "c2", "skipped")]) == ()


class TestTrends:
    def test_the_suite_grows_by_its_slope(self) -> None:
        points = [TrendPoint(f"r{at}", at, None, 3, 100 + 10 * at) for at in range(6)]

        trend = suite_trend(points)

        assert trend.slope is not None
        assert trend.slope.per_run == 10

    def test_one_run_has_no_slope(self) -> None:
        assert suite_trend([TrendPoint("r", 0, None, 3, 100)]).slope is None

    def test_subjects_have_quantiles_and_their_last_values(self) -> None:
        runs = [RunSamples(f"r{at}", ("a",), ("main",), (at,), (None,)) for at in range(12)]

        trend = subject_trends(runs)["a"]

        assert (trend.runs, trend.p50, trend.last) == (12, 5.5, tuple(range(2, 12)))

    def test_groups_are_sums_and_runs_without_them_are_left_out(self) -> None:
        runs = [
            RunSamples("r1", ("a", "b"), ("m", "m"), (1, 2), (None, None), categories=("unit", "unit")),
            RunSamples("r2", ("c",), ("m",), (5,), (None,), categories=("api",)),
        ]

        trends = group_trends(runs, lambda samples, row: samples.categories[row])

        assert {name: trend.last for name, trend in trends.items()} == {"api": (5,), "unit": (3,)}


class TestHealth:
    def test_what_was_not_measured_is_none_and_not_zero(self) -> None:
        health = system_health(run_of(one("a")))

        assert (health.run_delay_ns, health.gc_ns, health.peak_bytes, health.load_average) == (None,) * 4

    def test_shares_are_of_the_time_in_tests_that_of_the_collector_of_what_they_compute(self) -> None:
        slowed = one("a", 100)._replace(
            run_delay_ns=25 * MS, call_cpu_ns=75 * MS, gc_ns=20 * MS, peak_bytes=7
        )

        health = system_health(run_of(slowed))

        assert (health.run_delay_share, health.gc_ns, health.gc_share) == (0.25, 15 * MS, 0.2)
        assert (health.peak_bytes, health.peak_nodeid) == (7, "tests/a.py::a")


class TestRecommendations:
    def test_sleeps_are_summed_over_tests_the_longest_named_first(self) -> None:
        tests = [
            one(name, 900)._replace(counters={"sleep": Count(1, ms * MS)})
            for name, ms in (("a", 200), ("b", 400))
        ]

        sleep = advised(run_of(*tests))["sleep"]

        assert (sleep.cost_ns, sleep.count) == (600 * MS, 2)
        assert sleep.subjects == ("tests/a.py::b", "tests/a.py::a")

    def test_sleeps_side_by_side_cost_no_more_than_their_test_took(self) -> None:
        test = one("a", 300)._replace(counters={"async_sleep": Count(9, 2_700 * MS)})

        assert advised(run_of(test))["sleep"].cost_ns == 300 * MS

    @pytest.mark.parametrize(
        ("scope", "location", "setups", "is_named"),
        [
            ("function", "tests/conftest.py:7", 5, True),
            ("function", "tests/conftest.py:7", 4, False),
            ("session", "tests/conftest.py:7", 5, False),
            ("function", "/usr/lib/python3/site-packages/plugin.py:7", 5, False),
        ],
    )
    def test_a_fixture_of_the_project_that_is_set_up_often_is_named(
        self, scope: str, location: str, setups: int, is_named: bool
    ) -> None:
        fixture = FixtureRecord("db", scope, location, "tests/a.py::a", setup_ns=100 * MS)
        test = one("a")._replace(setup_ns=500 * MS)

        found = advised(run_of(test)._replace(fixtures=(fixture,) * setups))

        assert ("fixture_repeated" in found) is is_named

    def test_a_test_that_is_a_tenth_of_a_suite_is_named(self) -> None:
        recorded = run_of(one("long", 500), *(one(str(at), 100) for at in range(8)))

        assert advised(recorded)["longest_test"].subjects == ("tests/a.py::long",)

    def test_what_costs_little_is_not_worth_a_word(self) -> None:
        test = one("a", 5_000)._replace(counters={"sleep": Count(1, 99 * MS)})

        assert "sleep" not in advised(run_of(test))

    def test_workers_are_advised_for_a_long_run_in_one_process_of_many_processors(self) -> None:
        tests = [one(str(at), 2_000) for at in range(8)]

        assert advised(run_of(*tests, cores=4))["parallel"].cost_ns == 12_000 * MS
        assert "parallel" not in advised(run_of(*tests, cores=1))
        assert "parallel" not in advised(run_of(*tests, cores=4, workers=4))

    def test_on_a_busy_machine_workers_are_not_advised(self) -> None:
        tests = [one(str(at), 2_000)._replace(run_delay_ns=500 * MS) for at in range(8)]

        found = advised(run_of(*tests, cores=4))

        assert "busy_machine" in found
        assert "parallel" not in found

    def test_the_largest_cost_comes_first(self) -> None:
        test = one("a", 1_000)._replace(
            counters={"sleep": Count(1, 200 * MS), "subprocess": Count(1, 700 * MS)}
        )

        assert list(advised(run_of(test))) == ["subprocess", "sleep"]
