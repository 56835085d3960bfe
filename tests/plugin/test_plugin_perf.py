"""The `perf` fixture and measured tests under pytest: what is kept, what fails, with whom it works."""

import json
import sys

import pytest

SORTING = """
    def test_sorting(perf):
        result = perf.benchmark(sorted, list(range(100)), iterations=5, name="sorting")
        assert (result.name, result.iterations, result.regressions) == ("sorting", 5, ())
"""


def measured(recorded):
    return {(each.name, each.metric): each for each in recorded.benchmarks}


def test_a_benchmark_is_kept_with_its_test(project):
    project.pytester.makepyfile(test_a=SORTING)

    project.run().assert_outcomes(passed=1)

    found = measured(project.recorded())
    assert set(found) == {("sorting", "wall"), ("sorting", "cpu"), ("sorting", "peak_bytes")}
    wall = found["sorting", "wall"]
    assert (wall.nodeid, wall.source, wall.unit) == ("test_a.py::test_sorting", "lapwing", "ns")
    assert (len(wall.samples), wall.iterations, wall.warmup) == (5, 1, 1)


def test_without_tracking_the_fixture_works_and_keeps_nothing(project):
    project.pytester.makepyfile(SORTING)

    project.run(tracked=False).assert_outcomes(passed=1)

    assert project.all_recorded() == []
    assert not project.root.joinpath(".lapwing").exists()


def test_workers_of_xdist_keep_what_their_tests_measure(project):
    project.pytester.makepyfile(test_a=SORTING, test_b=SORTING)

    project.run("-n2", plugins=["xdist"]).assert_outcomes(passed=2)

    assert {each.nodeid for each in project.recorded().benchmarks} == {
        "test_a.py::test_sorting",
        "test_b.py::test_sorting",
    }


def test_a_limit_that_is_broken_fails_the_test_and_keeps_the_result(project):
    project.pytester.makepyfile(
        """
        import time

        def test_slow(perf):
            perf.benchmark(time.sleep, 0.002, iterations=2, max_avg_time="1ms", name="nap")
        """
    )

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*nap takes * ms on average (limit: 1.00 ms), over 2 iterations*"])
    result.stdout.no_fnmatch_line("*def _taken*")
    assert ("nap", "wall") in measured(project.recorded())


def test_the_limits_of_a_mark_hold_for_the_benchmarks_of_the_fixture(project):
    project.pytester.makepyfile(
        """
        import pytest, time

        @pytest.mark.perf_benchmark(max_avg_time="1ms")
        def test_slow(perf):
            perf.benchmark(time.sleep, 0.002, iterations=1)

        @pytest.mark.perf_benchmark(max_avg_time="10s", max_p95="10s")
        def test_fast(perf):
            perf.benchmark(sorted, [1], iterations=1)
        """
    )

    project.run(tracked=False).assert_outcomes(passed=1, failed=1)


def test_a_marked_test_without_the_fixture_is_a_benchmark_as_a_whole(project):
    project.pytester.makepyfile(
        """
        import pytest

        calls = []

        @pytest.mark.perf_benchmark(max_avg_time="10s", iterations=3, warmup=1)
        class TestAll:
            def test_it(self, tmp_path):
                calls.append(tmp_path)

        def test_after():
            assert len(calls) == 4
        """
    )

    project.run().assert_outcomes(passed=2)

    (wall,) = [each for each in project.recorded().benchmarks if each.metric == "wall"]
    assert (wall.name, len(wall.samples), wall.warmup) == ("test_it", 3, 1)


@pytest.mark.parametrize("arguments", ["max_time=1", "max_avg_time='soon'", "'100ms'"])
def test_a_mark_that_cannot_be_read_is_told(project, arguments):
    project.pytester.makepyfile(
        f"""
        import pytest

        @pytest.mark.perf_benchmark({arguments})
        def test_it():
            pass
        """
    )

    result = project.run(tracked=False)

    assert result.ret != 0
    result.stderr.fnmatch_lines(["*@perf_benchmark of *test_it*"])


def test_measured_tests_keep_their_fixtures_parameters_and_category(project):
    project.pytester.makepyfile(
        """
        import pytest
        from lapwing import benchmark_test, performance_test

        @pytest.mark.parametrize("n", [1, 2])
        @performance_test(iterations=2, budget="10s", test_type="api_test", metadata={"rows": 7})
        def test_it(n, tmp_path):
            assert n in (1, 2)

        @benchmark_test(max_avg_time="10s")
        def test_other():
            pass
        """
    )

    project.run("--strict-markers").assert_outcomes(passed=3)

    recorded = project.recorded()
    assert {each.category for each in recorded.tests} == {"api", "unit"}
    walls = [each for each in recorded.benchmarks if each.metric == "wall" and each.name == "test_it"]
    assert [len(each.samples) for each in walls] == [2, 2]
    assert walls[0].metadata == {"rows": "7"}


def test_over_its_budget_a_measured_test_fails(project):
    project.pytester.makepyfile(
        """
        import time
        from lapwing import performance_test

        @performance_test(budget="1ms")
        def test_it():
            time.sleep(0.002)
        """
    )

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*test_it takes * ms on average (limit: 1.00 ms), over 1 iteration"])


def test_a_failing_measured_test_fails_as_ever(project):
    project.pytester.makepyfile(
        """
        from lapwing import performance_test

        @performance_test(iterations=3)
        def test_it():
            assert 1 == 2
        """
    )

    result = project.run()

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*assert 1 == 2*"])
    assert project.recorded().benchmarks == ()


def test_async_functions_are_measured_with_and_without_a_running_loop(project):
    pytest.importorskip("pytest_asyncio")
    project.pytester.makepyfile(
        """
        import asyncio, pytest
        from lapwing import performance_test

        async def work():
            await asyncio.sleep(0)

        def test_plain(perf):
            assert perf.benchmark(work, iterations=3, name="plain").iterations == 3

        @pytest.mark.asyncio
        async def test_inside(perf):
            result = await perf.benchmark(work, iterations=3, name="inside")
            assert result.iterations == 3

        @pytest.mark.asyncio
        @performance_test(iterations=2)
        async def test_decorated():
            await work()
        """
    )

    project.pytester.makeini("[pytest]\nasyncio_default_fixture_loop_scope = function\n")  # else it warns

    project.run(plugins=["pytest_asyncio.plugin"]).assert_outcomes(passed=3)

    assert {each.name for each in project.recorded().benchmarks} == {"plain", "inside", "test_decorated"}


def test_metrics_of_ones_own_are_kept_and_judged(project):
    project.pytester.makepyfile(
        """
        def test_rows(perf):
            perf.record("rows", 120, unit="rows", higher_is_better=True, budget=100)
            perf.record("import", 1.5, unit="s")

        def test_few(perf):
            perf.record("rows", 90, unit="rows", higher_is_better=True, budget=100)
        """
    )

    result = project.run()

    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*rows is 90 rows (limit: at least 100 rows)*"])
    found = {(each.nodeid.partition("::")[2], each.metric): each for each in project.recorded().benchmarks}
    assert found["test_rows", "rows"].higher_is_better
    assert found["test_rows", "import"].samples == (1.5e9,)
    assert found["test_rows", "import"].unit == "ns"
    assert ("test_few", "rows") in found


def test_the_ratio_of_two_functions_is_kept(project):
    project.pytester.makepyfile(
        """
        def test_it(perf):
            perf.compare(lambda: sum(range(2000)), lambda: sum(range(6000)), pairs=10, name="longer")
        """
    )

    project.run().assert_outcomes(passed=1)

    (kept,) = project.recorded().benchmarks
    assert (kept.name, kept.metric, kept.unit, len(kept.samples)) == ("longer", "ratio", "times", 10)
    assert sorted(kept.samples)[5] > 1.5


def test_values_of_one_name_are_samples_of_the_test_that_ran(project):
    project.pytester.makepyfile(
        """
        import pytest

        @pytest.fixture
        def cleaned(perf):
            yield
            perf.record("rows", 9)

        @pytest.mark.parametrize("first", [1, 5])
        def test_rows(perf, first, cleaned):
            for number in range(first, first + 3):
                perf.record("rows", number)

        @pytest.mark.parametrize("value", [float("nan"), float("inf"), -1])
        def test_no_number(perf, value):
            with pytest.raises(ValueError):
                perf.record("rows", value)
        """
    )

    result = project.run()

    result.assert_outcomes(passed=5)
    kept = {each.nodeid.partition("::")[2]: each.samples for each in project.recorded().benchmarks}
    assert kept == {"test_rows[1]": (1, 2, 3, 9), "test_rows[5]": (5, 6, 7, 9)}


def test_a_metric_that_became_worse_is_called_that(project, monkeypatch):
    project.pytester.makepyfile(
        """
        import os

        def test_rows(perf):
            perf.record("rows", float(os.environ["ROWS"]), unit="rows", higher_is_better=True)
        """
    )
    monkeypatch.setenv("ROWS", "120")
    monkeypatch.setenv("UPDATE_PERFORMANCE_BASELINE", "true")
    project.run()
    monkeypatch.delenv("UPDATE_PERFORMANCE_BASELINE")
    monkeypatch.setenv("ROWS", "40")

    said = project.run().stdout.str()
    answer = project.pytester.run(sys.executable, "-m", "lapwing", "check").stdout.str()

    assert "1 worse in a metric of its own" in said
    assert "FAILED: 1 worse in a metric of its own" in answer
    assert "-17%" in answer  # the limit, which is as far down as 20% is up


def let_it_work(project, times):
    """A project whose benchmark computes `times` as much as at first."""
    project.pytester.makepyfile(
        test_a=f"""
        import json
        from lapwing import PerformanceRegressionTester

        def work():
            return sum(range(int(20_000 * {times})))

        def test_it():
            tester = PerformanceRegressionTester()
            tester.detector.thresholds["duration"]["warning"] = 1.4
            result = tester.benchmark(work, "work", iterations=30)
            baseline = tester.detector.get_baseline("work")
            with open("told.json", "w") as file:
                json.dump([result.as_dict(), None if baseline is None else baseline.as_dict()], file)
        """
    )


def told(project):
    return json.loads(project.root.joinpath("told.json").read_text())


def test_the_baseline_is_made_on_wish_and_what_is_worse_is_told_and_gated(project, monkeypatch):
    let_it_work(project, 1)
    monkeypatch.setenv("UPDATE_PERFORMANCE_BASELINE", "true")
    project.run().assert_outcomes(passed=1)
    monkeypatch.delenv("UPDATE_PERFORMANCE_BASELINE")
    first, before = told(project)
    let_it_work(project, 8)

    project.run().assert_outcomes(passed=1)

    second, baseline = told(project)
    assert (first["regressions"], before) == ([], None)
    assert baseline["mean_duration"] == pytest.approx(first["duration"]["mean"], rel=0.01)
    worse = {each["metric_type"]: each for each in second["regressions"]}
    assert worse["cpu"]["severity"] == "critical"
    assert 3 < worse["cpu"]["regression_factor"] < 20
    assert worse["cpu"]["confidence"] > 0.9
    checked = project.pytester.run(sys.executable, "-m", "lapwing", "check", "--format", "json")
    (breach,) = [each for each in json.loads("\n".join(checked.outlines))["broken"] if "work" in each["what"]]
    assert checked.ret == 1
    assert (breach["nodeid"], breach["severity"]) == ("test_a.py::test_it", "critical")


def test_thresholds_that_are_no_ratios_are_refused(project, monkeypatch):
    project.pytester.makepyfile(
        test_a="""
        def test_it(perf):
            perf.detector.thresholds["duration"]["warning"] = 0.2
            perf.benchmark(sorted, [1], name="sorted", iterations=1)
        """
    )
    project.pytester.makepyfile(test_b=SORTING)
    monkeypatch.setenv("UPDATE_PERFORMANCE_BASELINE", "true")
    project.run("test_b.py").assert_outcomes(passed=1)

    result = project.run("test_a.py")

    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["*write 1.2 for 20% more than the baseline*"])
