"""`pytest --shard K/N`."""

import json
import re

import pytest

SUITE = """
import pytest

@pytest.mark.parametrize("number", range(12))
def test_each(number):
    pass

@pytest.mark.xdist_group("till")
def test_opens():
    pass

@pytest.mark.xdist_group(name="till")
def test_closes():
    pass
"""
QUIET = ("-p", "no:cacheprovider", "-p", "no:benchmark", "-p", "no:asyncio", "-vv")


def ran(result):
    return re.findall(
        r"(?m)^(?:\[gw\d\].*PASSED )?(test_suite\.py::\S+?)(?:@till)?(?: PASSED.*| *)$", result.stdout.str()
    )


@pytest.fixture
def suite(pytester):
    pytester.makefile(".py", test_suite=SUITE)
    return pytester


def test_shards_together_are_the_suite_and_groups_stay_together(suite):
    shards = [ran(suite.runpytest_subprocess(*QUIET, "--shard", f"{at}/3")) for at in (1, 2, 3)]

    together = [name for shard in shards for name in shard]
    assert len(together) == len(set(together)) == 14
    with_till = [shard for shard in shards if "test_suite.py::test_opens" in shard]
    assert len(with_till) == 1
    assert "test_suite.py::test_closes" in with_till[0]


def test_times_of_a_file_decide(suite):
    seconds = {"test_suite.py::test_each[3]": 100.0}
    suite.makefile(".json", times=json.dumps(seconds))

    result = suite.runpytest_subprocess(
        *QUIET, "--shard", "1/2", "--shard-times", "times.json", "-k", "test_each"
    )

    result.assert_outcomes(passed=6, deselected=8)
    result.stdout.fnmatch_lines(["lapwing: shard 1/2: 6 of 12 tests, about *by times.json*; plan ????????"])


def test_workers_run_the_shard_and_the_controller_tells_it(suite):
    result = suite.runpytest_subprocess(*QUIET, "--shard", "2/2", "-n2")

    alone = suite.runpytest_subprocess(*QUIET, "--shard", "2/2")
    assert set(ran(result)) == set(ran(alone))
    result.stdout.fnmatch_lines(
        ["lapwing: shard 2/2: * of 14 tests; no times are recorded, split by number; plan *"]
    )


def test_a_shard_without_a_test_is_no_failure(suite):
    result = suite.runpytest_subprocess(*QUIET, "--shard", "14/14")

    assert result.ret == 0


@pytest.mark.parametrize("text", ["2", "0/3", "4/3", "1/0", "a/b", "1/99999999", "²/3", "-1/3"])
def test_what_is_no_shard_is_refused(suite, text):
    result = suite.runpytest_subprocess(*QUIET, f"--shard={text}")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--shard: *"])


def test_a_broken_file_of_times_is_told(suite):
    suite.makefile(".json", times="[")

    result = suite.runpytest_subprocess(*QUIET, "--shard", "1/2", "--shard-times", "times.json")

    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines(["*--shard: times.json: is not a file of durations*"])
