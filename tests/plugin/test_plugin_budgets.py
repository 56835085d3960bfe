"""Limits that tests carry, and what a session gives to all."""

import pytest

from lapwing.cli.main import main


def limits(project):
    """(name of test, metric) -> limit and origin, of the only run."""
    return {
        (each.nodeid.partition("::")[2], budget.metric): (budget.limit, budget.origin)
        for each in project.recorded().budgets
        for budget in each.budgets
    }


def test_a_mark_is_recorded_with_every_limit_and_where_it_stands(project):
    project.pytester.makepyfile("""
        import pytest

        @pytest.mark.perf_budget("500ms", memory="50MB", sql_queries=12)
        def test_it():
            pass
    """)

    project.run("--strict-markers")

    file = "test_a_mark_is_recorded_with_every_limit_and_where_it_stands.py"
    origin = f"@perf_budget at {file}:3"
    assert limits(project) == {
        ("test_it", "time"): (500_000_000, origin),
        ("test_it", "memory"): (50_000_000, origin),
        ("test_it", "sql_queries"): (12, origin),
    }


def test_tests_of_one_class_keep_limits_of_their_own(project):
    project.pytester.makepyfile("""
        import pytest
        class TestIt:
            @pytest.mark.perf_budget("1s")
            def test_a(self): pass
            @pytest.mark.perf_budget("2s")
            def test_b(self): pass
            def test_c(self): pass
    """)

    project.run()

    found = {name.rpartition("::")[2]: limit for (name, _), (limit, _) in limits(project).items()}
    assert found == {"test_a": 1_000_000_000, "test_b": 2_000_000_000}


def test_the_nearest_mark_wins_metric_by_metric(project):
    project.pytester.makepyfile("""
        import pytest
        pytestmark = pytest.mark.perf_budget("9s", memory="1MB")
        @pytest.mark.perf_budget("1s")
        def test_a(): pass
    """)

    project.run()

    assert limits(project)["test_a", "time"][0] == 1_000_000_000
    assert limits(project)["test_a", "memory"][0] == 1_000_000


def test_an_explicit_timeout_is_deadline_and_budget_unless_another_is_named(project):
    project.pytester.makepyfile("""
        import pytest
        @pytest.mark.timeout(10)
        def test_a(): pass
        @pytest.mark.timeout(10)
        @pytest.mark.perf_budget("1s")
        def test_b(): pass
    """)

    project.run(plugins=["pytest_timeout"])

    found = limits(project)
    assert found["test_a", "time"][0] == found["test_a", "deadline"][0] == 10_000_000_000
    assert found["test_a", "time"][1].startswith("@timeout at ")
    assert found["test_b", "time"][0] == 1_000_000_000
    assert found["test_b", "deadline"][0] == 10_000_000_000


def test_a_limit_that_cannot_be_read_is_told_and_left_out(project):
    project.pytester.makepyfile("""
        import pytest
        @pytest.mark.perf_budget("soon")
        def test_a(): pass
    """)

    result = project.run()

    result.assert_outcomes(passed=1)
    result.stdout.fnmatch_lines(["*a limit is left out*'soon' is not a duration*"])
    assert project.recorded().run.is_complete
    assert limits(project) == {}


def test_a_budget_set_in_code_is_recorded_for_its_category(project):
    project.pytester.makeconftest("import lapwing\nlapwing.set_performance_budget('api_test', '1s')")
    project.pytester.makepyfile("def test_a(): pass")

    project.run()

    (each,) = project.recorded().budgets
    assert (each.nodeid, each.category, each.budgets[0].limit) == ("", "api", 1_000_000_000)


QUERIES = """
    import sqlite3
    import pytest

    def ask(count):
        connection = sqlite3.connect(":memory:")
        for number in range(count):
            connection.execute("SELECT ?", (number,)).fetchall()
        connection.close()

    @pytest.mark.perf_budget(sql_queries=2)
    def test_not_watched(): ask(5)

    @pytest.mark.integration
    @pytest.mark.perf_budget(sql_queries=2)
    def test_without_queries(): pass

    @pytest.mark.integration
    @pytest.mark.perf_budget(sql_queries=2)
    def test_with_queries(): ask({asked})
"""


@pytest.mark.parametrize(("asked", "code"), [(0, 0), (2, 0), (3, 1)])
def test_a_limit_on_queries_is_judged_where_they_are_counted(project, capsys, asked, code):
    project.pytester.makepyfile(QUERIES.format(asked=asked))
    project.run()

    assert main(["--root", str(project.root), "check"]) == code

    told = " ".join(capsys.readouterr().out.split())
    assert "::test_not_watched (" not in told
    assert (
        "sql_queries: not measured in 1 test with a limit of it; "
        'to count it: [tool.lapwing.categories.unit] probes = ["time", "cpu", "memory", "sql"]'
    ) in told
    assert ("::test_with_queries (sql_queries)" in told) == bool(code)


@pytest.mark.parametrize("parallel", [(), ("-n", "2")])
def test_a_budget_for_every_test_fails_the_run_and_names_who_is_over_it(project, parallel):
    project.pytester.makepyfile("""
        import time, pytest
        def test_slow(): time.sleep(0.15)
        def test_fast(): pass
        @pytest.mark.perf_budget("5s")
        def test_own(): time.sleep(0.15)
    """)

    result = project.run("--performance-budget", "100", *parallel, plugins=["xdist"], alone=True)

    result.assert_outcomes(passed=3)
    assert result.ret == 1
    result.stdout.fnmatch_lines(["lapwing: 1 test over budget", "*::test_slow: * (limit: 100 ms) [[]unit[]]"])


def test_within_that_budget_the_run_passes(project):
    project.pytester.makepyfile("def test_fast(): pass")

    assert project.run("--performance-budget", "5s").ret == 0


def test_a_wrong_budget_is_refused_before_any_test(project):
    project.pytester.makepyfile("def test_fast(): pass")

    result = project.run("--performance-budget", "soon", alone=True)

    assert result.ret == 4
    result.stderr.fnmatch_lines(["*'soon' is not a duration*"])


@pytest.mark.parametrize("parallel", [(), ("-n", "2")])
def test_a_limit_that_cannot_be_read_is_told_once_and_left_out(project, parallel):
    project.pytester.makepyfile("""
        import pytest
        @pytest.mark.perf_budget("soon")
        def test_it(): pass
    """)

    result = project.run(*parallel, plugins=["xdist"], alone=True)

    result.assert_outcomes(passed=1)
    assert result.stdout.str().count("a limit is left out") == 1
    assert project.recorded().run.is_complete
    assert not project.recorded().budgets


def test_the_summary_names_who_is_over_a_limit(project):
    project.pytester.makepyfile("""
        import time, pytest
        @pytest.mark.perf_budget("10ms")
        def test_slow(): time.sleep(0.05)
        def test_fast(): pass
    """)

    result = project.run()

    assert result.ret == 0
    result.stdout.fnmatch_lines(["*; 1 over a limit", "over a limit: 50% of 2 tests within budget.*"])
    result.stdout.fnmatch_lines(["*::test_slow *10.0 ms*unit*@perf_budget at *"])


def test_a_quiet_summary_counts_who_is_over_a_limit(project):
    project.pytester.makepyfile("""
        import time, pytest
        @pytest.mark.perf_budget("10ms")
        def test_slow(): time.sleep(0.05)
    """)

    result = project.run("-qq")

    result.stdout.fnmatch_lines(["lapwing: *; 1 over a limit: lapwing check*"])


def test_a_hit_ratio_becomes_a_limit_on_misses(project):
    project.pytester.makepyfile("""
        import pytest
        @pytest.mark.perf_budget(cache_hit_ratio="80%")
        def test_it(): pass
    """)

    project.run()

    (limit, _) = limits(project)["test_it", "cache_miss_share"]
    assert limit == 200_000
