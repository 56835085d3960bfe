"""What a tracked run tells while it goes on, and adds to a JUnit file."""

import xml.etree.ElementTree

SLOW = "[tool.lapwing]\nslow_test_threshold_seconds = 0.0\n"
SUITE = """
import pytest
def test_quick(): pass
@pytest.mark.integration
def test_two(): pass
"""


def test_a_slow_test_is_told_as_it_ends_when_verbose(pytester):
    pytester.makefile(".toml", pyproject=SLOW)
    pytester.makepyfile(SUITE)

    result = pytester.runpytest("--track-performance", "-v", "-p", "no:cacheprovider", "-p", "no:asyncio")

    result.stdout.fnmatch_lines(["*lapwing: slow: * (over 0 s) *::test_quick"])


def test_slow_tests_are_not_told_without_being_asked(pytester):
    pytester.makefile(".toml", pyproject=SLOW)
    pytester.makepyfile(SUITE)

    result = pytester.runpytest("--track-performance", "-p", "no:cacheprovider", "-p", "no:asyncio")

    assert "slow:" not in result.stdout.str()


def test_a_junit_file_carries_category_and_limit_of_each_case(pytester):
    pytester.makepyfile(SUITE)

    pytester.runpytest(
        "--track-performance", "--junit-xml=report.xml", "-p", "no:cacheprovider", "-p", "no:asyncio"
    )

    cases = xml.etree.ElementTree.parse(pytester.path / "report.xml").iter("testcase")
    told = {
        case.get("name"): {each.get("name"): each.get("value") for each in case.iter("property")}
        for case in cases
    }
    assert told == {
        "test_quick": {"lapwing.category": "unit", "lapwing.budget": "1.00 s"},
        "test_two": {"lapwing.category": "integration", "lapwing.budget": "5.00 s"},
    }


def test_a_limit_of_the_session_is_in_the_junit_file_as_it_is_judged(pytester):
    pytester.makepyfile(SUITE)
    pytester.makeconftest("import lapwing; lapwing.set_performance_budget('integration', '150ms')")
    quiet = ("--track-performance", "--junit-xml=report.xml", "-p", "no:cacheprovider", "-p", "no:asyncio")

    def budgets(*arguments):
        pytester.runpytest_subprocess(*quiet, *arguments)
        found = xml.etree.ElementTree.parse(pytester.path / "report.xml").iter("property")
        return [each.get("value") for each in found if each.get("name") == "lapwing.budget"]

    assert budgets() == ["1.00 s", "150 ms"]
    assert budgets("--performance-budget=70") == ["70.0 ms", "70.0 ms"]


def test_a_single_line_counts_the_tests_that_could_not_be_compared(project):
    project.pytester.makepyfile("def test_one(): pass\ndef test_two(): pass")
    project.run()

    result = project.run("-k", "one")

    result.stdout.fnmatch_lines(["lapwing: * 1 of the baseline did not run or pass"])

    project.pytester.makepyfile(test_new="def test_three(): pass")

    result = project.run("-k", "one or two or three")

    result.stdout.fnmatch_lines(["lapwing: * 1 new, not in the baseline"])


def test_a_run_of_which_all_tests_are_left_out_says_so(project):
    project.pytester.makepyprojecttoml('[tool.lapwing]\nexclude = ["test_*.py"]')
    project.pytester.makepyfile("def test_a(): pass")

    result = project.run()

    result.stdout.fnmatch_lines(["lapwing: nothing recorded: `exclude` leaves out every test"])


def test_a_run_that_ends_in_its_collection_says_that_nothing_is_recorded(project):
    project.pytester.makepyfile("import nothing_of_this_name")

    result = project.run()

    result.stdout.fnmatch_lines(["lapwing: nothing recorded: the run ended before a test was recorded"])


def test_a_collection_alone_that_fails_says_nothing(project):
    project.pytester.makepyfile("import nothing_of_this_name")

    result = project.run("--collect-only")

    result.stdout.no_fnmatch_line("lapwing: *")


def test_one_slow_test_is_told_as_one(pytester):
    pytester.makepyfile(test_before="def test_it(): pass", test_after="def test_it(): sum(range(500_000))")
    plain = ("--track-performance", "-p", "no:cacheprovider", "-p", "no:asyncio")
    pytester.runpytest(*plain, "test_before.py")

    result = pytester.runpytest(*plain, "test_after.py")

    result.stdout.fnmatch_lines(["slowest: this one takes * of the time"])
