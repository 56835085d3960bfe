"""What a user's pytest loads because Lapwing is installed."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

START_MODULES = {
    "lapwing",
    "lapwing.config",
    "lapwing.config.switch",
    "lapwing.plugin",
    "lapwing.plugin.entry",
    "lapwing.plugin.markers",
    "lapwing.plugin.plain_imports",
}

MODULES_WHILE_TESTS_RUN = 70
MODULES_AT_THE_END = 125

SUITE = """\
def test_nothing():
    pass
"""

CONFTEST = """\
import os
import sys


def dump(moment):
    worker = os.environ.get("PYTEST_XDIST_WORKER", "main")
    with open(f"{moment}-{worker}.txt", "w") as file:
        file.write("\\n".join(sorted(sys.modules)))


def pytest_runtest_logfinish():
    dump("running")


def pytest_unconfigure():
    dump("end")
"""


@pytest.fixture
def modules_of(tmp_path):
    """Runs pytest in a process of its own: (arguments) -> {moment-worker: names of modules}."""

    def run(*arguments: str) -> dict[str, set[str]]:
        folder = tmp_path / f"run{len(list(tmp_path.iterdir()))}"
        folder.mkdir()
        (folder / "test_one.py").write_text(SUITE)
        (folder / "conftest.py").write_text(CONFTEST)
        (folder / "pytest.ini").write_text("[pytest]\n")
        astray = ("PYTEST", "LAPWING", "COVERAGE_")  # coverage measures children with a database of its own
        kept = (name for name in os.environ if not name.startswith(astray))
        environ = {name: os.environ[name] for name in kept} | {
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PERFORMANCE_MONITORING": "",
        }
        command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", *arguments]
        done = subprocess.run(command, cwd=folder, env=environ, capture_output=True, text=True, timeout=60)
        assert done.returncode == 0, done.stdout + done.stderr
        return {path.stem: set(path.read_text().split("\n")) for path in Path(folder).glob("*.txt")}

    return run


def ours(modules: set[str]) -> set[str]:
    return {name for name in modules if name.partition(".")[0] == "lapwing"}


def foreign(modules: set[str]) -> set[str]:
    """Modules that are neither ours nor of the standard library."""
    roots = {name.partition(".")[0] for name in modules}
    return roots - {"lapwing"} - sys.stdlib_module_names


def test_installed_and_off_only_the_start_modules_are_loaded(modules_of):
    bare = modules_of("-p", "no:lapwing")["end-main"]

    off = modules_of("-p", "lapwing")["end-main"]

    assert off - bare == START_MODULES


def test_tracking_loads_few_modules_no_library_and_no_database_while_tests_run(modules_of):
    bare = modules_of("-p", "no:lapwing")["running-main"]

    tracked = modules_of("-p", "lapwing", "--track-performance")["running-main"] - bare

    assert "lapwing.record.recorder" in tracked
    assert foreign(tracked) == set()
    assert "sqlite3" not in tracked
    assert len(ours(tracked)) <= MODULES_WHILE_TESTS_RUN


def test_a_tracked_run_ends_within_its_budget_of_modules(modules_of):
    bare = modules_of("-p", "no:lapwing")["end-main"]

    tracked = modules_of("-p", "lapwing", "--track-performance")["end-main"] - bare

    assert foreign(tracked) == set()
    assert len(ours(tracked)) <= MODULES_AT_THE_END


def test_a_worker_never_opens_the_store(modules_of):
    pytest.importorskip("xdist")

    tracked = modules_of("-p", "xdist", "-n", "1", "-p", "lapwing", "--track-performance")["end-gw0"]

    assert "lapwing.record.recorder" in tracked
    assert "sqlite3" not in tracked
    assert not {name for name in tracked if name.startswith("lapwing.analysis")}
