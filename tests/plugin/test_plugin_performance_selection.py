"""Stress tests run on wish only, and benchmarks can run alone."""

SUITE = """
    import pytest
    from lapwing import performance_test

    def test_plain():
        pass

    def test_fixture(perf):
        pass

    @performance_test(iterations=2)
    def test_decorated():
        pass

    @pytest.mark.perf_benchmark
    def test_marked():
        pass

    @pytest.mark.stress
    def test_stress():
        pass

    @pytest.mark.stress_test
    def test_stress_by_the_longer_name():
        pass
"""
LONGER = "[pytest]\nmarkers = stress_test"


def test_stress_tests_are_skipped_with_a_word(project):
    project.pytester.makeini(LONGER)
    project.pytester.makepyfile(SUITE)

    result = project.run("--performance-skip-stress", "-rs", tracked=False)

    result.assert_outcomes(passed=4, skipped=2)
    result.stdout.fnmatch_lines(["*a stress test: lapwing run --stress-test runs it*"])


def test_plain_pytest_runs_are_untouched(project):
    project.pytester.makeini(LONGER)
    project.pytester.makepyfile(SUITE)

    project.run(tracked=False).assert_outcomes(passed=6)


def test_only_tests_that_measure_run_on_wish(project):
    project.pytester.makeini(LONGER)
    project.pytester.makepyfile(SUITE)

    result = project.run("--performance-benchmarks-only")

    result.assert_outcomes(passed=3, deselected=3)
    assert set(project.outcomes()) == {"test_fixture", "test_decorated", "test_marked"}
