"""`--profile-slow`: the slowest tests run again under a profiler, and the user's run stays what it was."""

import pytest

pytest.importorskip("pyinstrument")

SUITE = """
import os, pathlib, sys, time
import pytest

def note(name):
    with pathlib.Path("calls.txt").open("a") as file:
        print(name, "pyinstrument" in sys.modules, os.getpid(), file=file)

def test_quick():
    note("quick")

def test_slow():
    note("slow")
    time.sleep(0.05)

def test_slower_and_fails():
    note("slower")
    time.sleep(0.1)
    assert False

@pytest.mark.skip
def test_skipped():
    pass
"""
QUIET = ("-p", "no:cacheprovider", "-p", "no:benchmark", "-p", "no:asyncio")


@pytest.fixture
def suite(pytester):
    pytester.makefile(".py", test_suite=SUITE)
    return pytester


def calls(suite):
    return [line.split() for line in (suite.path / "calls.txt").read_text().splitlines()]


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_the_slowest_run_again_elsewhere_and_the_others_never_meet_a_profiler(suite, workers):
    result = suite.runpytest_subprocess(*QUIET, "--track-performance", "--profile-slow", "2", *workers)

    result.assert_outcomes(passed=2, failed=1, skipped=1)
    assert result.ret == 1
    made = calls(suite)
    assert sorted(name for name, is_profiled, _ in made if is_profiled == "False") == [
        "quick",
        "slow",
        "slower",
    ]
    assert sorted(name for name, is_profiled, _ in made if is_profiled == "True") == ["slow", "slower"]


def test_each_is_told_in_a_line_with_its_flame_graph(suite):
    result = suite.runpytest_subprocess(*QUIET, "--track-performance", "--profile-slow", "1")

    result.stdout.fnmatch_lines(
        ["*profiled 1 slow or slower test", "*test_slower_and_fails: * (failed): *through sleep; *.html"]
    )
    (page,) = suite.path.glob(".lapwing/profiles/*/*.html")
    assert "test_slower_and_fails" in page.read_text()


@pytest.mark.parametrize("words", [("-p", "no:cacheprovider"), ()])
def test_an_option_that_nobody_knows_there_is_not_given_with_a_strict_configuration(suite, words):
    addopts = "--strict-config" if words else "--strict-config -p no:cacheprovider"
    suite.makeini(f"[pytest]\naddopts = {addopts}\n")

    result = suite.runpytest_subprocess(
        *words, "-p", "no:asyncio", "--track-performance", "--profile-slow", "1"
    )

    result.stdout.fnmatch_lines(["*profiled 1 slow or slower test"])


def test_what_the_user_asked_to_be_written_is_written_once(suite):
    suite.runpytest_subprocess(
        *QUIET, "--track-performance", "--profile-slow", "1", "--junitxml", "report.xml", "--maxfail", "9"
    )

    assert 'tests="4"' in (suite.path / "report.xml").read_text()


def test_without_tracking_it_does_nothing(suite):
    result = suite.runpytest_subprocess(*QUIET, "--profile-slow", "1")

    result.assert_outcomes(passed=2, failed=1, skipped=1)
    assert len(calls(suite)) == 3


def test_a_missing_library_is_a_warning_and_no_more(suite):
    # A stand-in that cannot be found, as where the extra is not installed.
    suite.makepyfile(
        conftest="""
        import lapwing.profiling.profiler as profiler
        profiler.find_spec = lambda name: None
        """
    )

    result = suite.runpytest_subprocess(*QUIET, "--track-performance", "--profile-slow", "1")

    assert result.ret == 1
    result.stdout.fnmatch_lines(["*warning: the slow tests are not profiled: *pyinstrument*not installed*"])
    result.stdout.fnmatch_lines(["*pip install 'lapwing[[]profile]'*"])
