"""The gate as tests, in a project of its own."""

import pytest

from lapwing.cli.main import main

SUITE = ("--pyargs", "lapwing.regression_suite")
SLEEPY = "import time\ndef test_a(): time.sleep({})\n" + "".join(f"def test_{n}(): pass\n" for n in range(35))


@pytest.fixture
def run(pytester, monkeypatch):
    """Runs pytest in a process of its own."""
    monkeypatch.setenv("PYTEST_DISABLE_PLUGIN_AUTOLOAD", "1")
    monkeypatch.delenv("UPDATE_PERFORMANCE_BASELINE", raising=False)
    pytester.makeini("[pytest]")
    always = ("-p", "no:cacheprovider", "-p", "lapwing.plugin", "-rs")
    return lambda *words: pytester.runpytest_subprocess(*always, *words, timeout=50)


def record(run, pytester, seconds):
    pytester.makepyfile(test_it=SLEEPY.format(seconds))
    run("--track-performance", "test_it.py")


def test_without_data_they_skip_and_say_what_to_do(run):
    result = run(*SUITE)

    result.assert_outcomes(skipped=3)
    result.stdout.fnmatch_lines(
        ["*No performance data found. Run tests with '--track-performance' flag first."]
    )


def test_without_a_baseline_they_skip_and_say_what_to_do(run, pytester):
    record(run, pytester, 0)

    result = run(*SUITE)

    result.assert_outcomes(skipped=3)
    result.stdout.fnmatch_lines(
        ["*Baseline not found. Run 'lapwing baseline update' to create initial baseline."]
    )


def test_with_a_target_in_the_makefile_that_is_named(run, pytester):
    pytester.path.joinpath("Makefile").write_text("performance-baseline:\n\ttrue\n")
    record(run, pytester, 0)

    result = run(*SUITE)

    result.stdout.fnmatch_lines(["*Run 'make performance-baseline' to create initial baseline."])


@pytest.mark.slow_suite
def test_a_test_over_its_limit_fails_by_name_and_an_update_makes_a_baseline(run, pytester, monkeypatch):
    # A limit, as no machine is steady enough for a single run to be told from its baseline.
    monkeypatch.setenv("UNIT_TEST_THRESHOLD", "0.3")
    record(run, pytester, 0.5)
    monkeypatch.setenv("UPDATE_PERFORMANCE_BASELINE", "true")

    result = run(*SUITE)

    result.assert_outcomes(failed=1, passed=2)
    result.stdout.fnmatch_lines(["test_it.py::test_a: *5?? ms*threshold 300 ms*UNIT_TEST_THRESHOLD*"])
    assert "test_it.py::test_a" in (pytester.path / ".performance_baseline.json").read_text()


def test_a_file_of_ones_own_may_import_it_and_is_not_tracked(run, pytester):
    source = "from lapwing.regression_suite import TestPerformanceRegression"
    pytester.makepyfile(test_performance_regression=source)

    result = run("--track-performance", "test_performance_regression.py")

    result.assert_outcomes(skipped=3)
    assert main(["--root", str(pytester.path), "runs"]) == 2
