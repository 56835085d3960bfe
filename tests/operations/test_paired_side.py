"""One process of a side: what it runs, and what it tells."""

import os
import sys
import time
from pathlib import Path

import pytest

from lapwing.errors import ProjectError
from lapwing.operations.paired.side import PytestChoice, Side, Subject, has_passed, run_side

SUITE = """\
import pytest


@pytest.mark.parametrize("text", ["a b", "c::d[e]", "f/g", "é\\n", "x" * 10_000])
def test_named(text):
    pass


class TestOrders:
    def test_one(self):
        sum(range(100_000))

    def test_two(self):
        raise ValueError("out of stock")


def test_skipped():
    pytest.skip("no stock")
"""


@pytest.fixture
def side(tmp_path):
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "test_shop.py").write_text(SUITE)
    environ = {**os.environ, "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    return Side(
        name="here", tree=tmp_path / "shop", root=tmp_path / "shop", python=sys.executable, environ=environ
    )


def run(side, tmp_path, *names, **changes):
    return run_side(side, PytestChoice(names=names)._replace(**changes), tmp_path / "work")


def is_gone(pid):
    """Whether the process runs no more; its entry may wait for whoever adopted it."""
    try:
        return Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0] in "ZX"
    except FileNotFoundError:
        return True


def test_tests_with_any_name_are_found_again_by_it(side, tmp_path):
    every = run(side, tmp_path, "test_shop.py::test_named")

    again = run(side, tmp_path, *every.tests)

    assert len(every.tests) == 5
    assert list(again.tests) == list(every.tests)
    assert all(has_passed(again, nodeid) for nodeid in again.tests)


def test_a_class_stands_for_its_tests_and_nothing_else_runs(side, tmp_path):
    answer = run(side, tmp_path, "test_shop.py::TestOrders")

    assert list(answer.tests) == ["test_shop.py::TestOrders::test_one", "test_shop.py::TestOrders::test_two"]
    assert answer.tests["test_shop.py::TestOrders::test_one"].cpu_ns > 0
    assert answer.tests["test_shop.py::TestOrders::test_two"].reason == "ValueError: out of stock"
    assert not has_passed(answer, "test_shop.py::TestOrders::test_two")


def test_a_test_that_is_not_there_is_missing_in_the_answer(side, tmp_path):
    answer = run(side, tmp_path, "test_shop.py::test_skipped", "test_shop.py::test_gone", "gone.py::test_it")

    assert list(answer.tests) == ["test_shop.py::test_skipped"]
    assert answer.tests["test_shop.py::test_skipped"].outcome == "skipped"


def test_a_file_that_cannot_be_imported_is_named(side, tmp_path):
    (side.root / "test_broken.py").write_text("import nothing_of_this_name")

    answer = run(side, tmp_path, "test_broken.py::test_it")

    assert answer.tests == {}
    assert answer.errors[0].startswith("test_broken.py: ModuleNotFoundError")


def test_the_projects_own_options_write_nothing_into_the_checkout(side, tmp_path):
    (side.root / "pytest.ini").write_text("[pytest]\naddopts = --junitxml=junit.xml --exitfirst\n")
    before = sorted(path.name for path in side.root.iterdir())

    answer = run(side, tmp_path, "test_shop.py::TestOrders")

    assert len(answer.tests) == 2
    assert sorted(path.name for path in side.root.iterdir() if path.name != "__pycache__") == before


@pytest.mark.skipif(sys.platform != "linux", reason="reads /proc")
def test_a_process_that_hangs_is_ended_with_its_children(side, tmp_path):
    (side.root / "test_hang.py").write_text(
        "import os, subprocess, sys, time\n"
        "def test_it():\n"
        "    child = subprocess.Popen([sys.executable, '-c', 'import time; time.sleep(60)'])\n"
        f"    open({str(tmp_path / 'pid')!r}, 'w').write(str(child.pid))\n"
        "    time.sleep(60)\n"
    )

    with pytest.raises(ProjectError, match="ended after 3 s"):
        run(side, tmp_path, "test_hang.py::test_it", timeout_s=3.0)

    pid = int((tmp_path / "pid").read_text())
    for _ in range(1000):  # a signal sent to a busy machine takes its time
        if is_gone(pid):
            break
        time.sleep(0.01)
    assert is_gone(pid)


def test_a_process_that_dies_is_told_with_its_last_words(side, tmp_path):
    (side.root / "test_dies.py").write_text("import os\ndef test_it():\n    os._exit(3)\n")

    with pytest.raises(ProjectError, match="no answer on here \\(exit status 3\\)"):
        run(side, tmp_path, "test_dies.py::test_it")


def test_an_interpreter_without_pytest_is_told(side, tmp_path):
    with pytest.raises(ProjectError, match="cannot be started"):
        run(side._replace(python=str(tmp_path / "python")), tmp_path, "test_shop.py")


MEASURING = """\
import json
import os


def test_times(benchmark):
    benchmark.pedantic(lambda: None, rounds=3)
    with open(os.environ["LAPWING_MEASURED"], "a") as file:
        for samples in ([3e6, 1e6, 2e6], ["much", None, float("inf"), -1, 4e6], "none"):
            line = {"nodeid": "test_times.py::test_times", "name": "own", "metric": "wall"}
            file.write(json.dumps(line | {"samples": samples}) + "\\n")
        file.write('7\\n[]\\n{}\\n{"nodeid": 1}\\nnot json\\n{"nodeid": "test_')
"""


def test_what_benchmarks_measured_is_told_and_garbage_is_left_out(side, tmp_path):
    (side.root / "test_times.py").write_text(MEASURING)
    side = side._replace(environ={**side.environ, "PYTEST_PLUGINS": "pytest_benchmark.plugin"})

    answer = run(side, tmp_path, "test_times.py")

    nodeid = "test_times.py::test_times"
    own, foreign = (answer.benchmarks[Subject(nodeid, name)] for name in ("own", "test_times"))
    assert (own.wall_ns, own.cpu_ns) == (2.5e6, None)
    assert foreign.wall_ns > 0
    assert len(answer.benchmarks) == 2
