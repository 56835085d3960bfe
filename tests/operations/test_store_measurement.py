"""A script that measures itself is a run of its own."""

import os
import subprocess
import sys

import pytest

from lapwing.config.root import spool_path, store_path
from lapwing.store.open_store import open_store

SCRIPT = """
import os, sys
from lapwing import PerformanceRegressionTester, memory_leak_test

def work():
    return sum(range(int(sys.argv[1])))

if __name__ == "__main__":
    tester = PerformanceRegressionTester()
    result = tester.benchmark(work, "work", iterations=20)
    with tester.measure("block"):
        pass
    print([each.metric_type for each in result.regressions])
    if "kill" in sys.argv:
        os._exit(9)
"""


@pytest.fixture
def run_script(tmp_path):
    """Runs the script in a project: (*words) -> the process that has ended."""
    (tmp_path / "pyproject.toml").write_text("[tool.lapwing]\n")
    (tmp_path / "bench.py").write_text(SCRIPT)
    unset = ("PYTEST_CURRENT_TEST", "LAPWING_STORE", "PYTEST_XDIST_WORKER_COUNT")
    environ = {name: value for name, value in os.environ.items() if name not in unset}

    def run(*words):
        return subprocess.run(
            [sys.executable, *words], cwd=tmp_path, env=environ, capture_output=True, text=True, timeout=60
        )

    return run


def stored(root):
    with open_store(str(store_path(root)), create=False) as store:
        return [store.read_run(digest.run.run_id) for digest in store.runs()]


def test_what_a_script_measures_is_stored_when_it_ends(run_script, tmp_path):
    done = run_script("bench.py", "20000")

    assert (done.returncode, done.stdout, done.stderr) == (0, "[]\n", "")
    assert "command python bench.py 20000" in run_script("-m", "lapwing", "show").stdout
    (recorded,) = stored(tmp_path)
    assert (recorded.run.runner, recorded.run.is_complete, recorded.tests) == ("python", True, ())
    assert {(each.nodeid, each.name, each.metric) for each in recorded.benchmarks} >= {
        ("bench.py", "work", "wall"),
        ("bench.py", "work", "cpu"),
        ("bench.py", "block", "wall"),
    }


def test_the_runs_before_are_its_baseline(run_script):
    for _ in range(2):
        run_script("bench.py", "20000")

    assert "'cpu'" in run_script("bench.py", "400000").stdout
    checked = run_script("-m", "lapwing", "check")
    assert (checked.returncode, "work, cpu time" in checked.stdout or "(work)" in checked.stdout) == (1, True)


def test_a_script_that_is_killed_loses_nothing(run_script, tmp_path):
    assert run_script("bench.py", "20000", "kill").returncode == 9

    assert len(list(spool_path(tmp_path).iterdir())) == 1
    listed = run_script("-m", "lapwing", "runs", "--format", "json")
    assert listed.returncode == 0
    (recorded,) = stored(tmp_path)
    assert not recorded.run.is_complete
    assert recorded.benchmarks
