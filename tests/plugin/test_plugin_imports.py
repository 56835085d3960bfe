"""`--track-imports`: the slowest imports of collection, stored and shown."""

import subprocess
import sys

import pytest

from lapwing.config.root import store_path
from lapwing.store.open_store import open_store

QUIET = ("-p", "no:cacheprovider", "-p", "no:benchmark", "-p", "no:asyncio", "-p", "no:schemathesis")


@pytest.fixture
def suite(pytester):
    pytester.makepyfile(
        lw_heavy="import lw_inner\nsum(range(2_000_000))\n",
        lw_inner="sum(range(2_000_000))\n",
        conftest="one = 1\ntwo = 2\nimport lw_heavy\n",
        test_suite="import lw_heavy, lw_inner, lw_later\ndef test_one():\n    import lw_within\n",
        lw_later="",
        lw_within="",
    )
    return pytester


def imports_of(suite):
    with open_store(str(store_path(suite.path)), create=False) as store:
        (digest,) = store.runs()
        return {each.module: each for each in store.read_run(digest.run.run_id).imports}


@pytest.mark.parametrize("workers", [(), ("-n", "2")])
def test_who_imported_first_is_recorded_with_both_times(suite, workers):
    result = suite.runpytest_subprocess(*QUIET, "--track-imports", *workers)

    result.assert_outcomes(passed=1)
    found = imports_of(suite)
    assert found["lw_heavy"].imported_by == "conftest.py:3"
    assert found["lw_inner"].imported_by == "lw_heavy.py:1"
    assert found["lw_later"].imported_by == "test_suite.py:1"
    assert found["lw_heavy"].cumulative_ns > found["lw_heavy"].own_ns
    assert "lw_within" not in found  # no import of collection


def test_show_why_and_report_have_them(suite):
    suite.runpytest_subprocess(*QUIET, "--track-imports")

    for verb in ("show", "why", "report"):
        said = subprocess.run(
            [sys.executable, "-m", "lapwing", verb],
            capture_output=True,
            text=True,
            cwd=suite.path,
            check=False,
        ).stdout
        assert "Slowest imports" in said
        assert "conftest.py:3" in said


def test_without_the_flag_nothing_of_it_is_recorded(suite):
    suite.runpytest_subprocess(*QUIET, "--track-performance")

    assert imports_of(suite) == {}


def test_a_broken_import_is_told_as_without_us(suite):
    suite.makepyfile(test_suite="import lw_nowhere\n")

    plain = suite.runpytest_subprocess(*QUIET)
    watched = suite.runpytest_subprocess(*QUIET, "--track-imports")

    def said(result):
        return [line for line in result.outlines if line.startswith(("E ", "test_suite.py:", "/", "<"))]

    assert watched.ret == plain.ret == 2
    assert said(watched) == said(plain)
