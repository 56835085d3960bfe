"""From a suite nobody measured to a slowdown that is named: track, report, baseline, slow down, check."""

import os
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

TESTS = 40
SLOWED = 17

SUITE = """\
import time

import pytest


def work(milliseconds):
    \"\"\"Use the processor for so long, however busy the machine is.\"\"\"
    end = time.process_time() + milliseconds / 1000
    while time.process_time() < end:
        pass


@pytest.mark.parametrize("number", range({tests}))
def test_part(number):
    work((10 + number % 5 * 2) * (4 if number in SLOW else 1))


SLOW = ()
"""

MAKEFILE = "help:\n\t@echo help\n"


class SmallProject:
    """A project of 40 tests of 10 to 18 ms of processor time each, by the words of the test."""

    def __init__(self, root: Path, workers: str) -> None:
        self.root = root
        self._suite = root / "tests" / "test_parts.py"
        inherited = {
            name: value
            for name, value in os.environ.items()
            if not name.startswith(
                ("PYTEST", "LAPWING", "PERFORMANCE", "UPDATE_PERF", "COVERAGE_", "MAKE", "MFLAGS")
            )
        }
        # The commands that the Makefile names are those of this interpreter.
        commands = Path(sys.executable).parent
        self._environ = inherited | {
            "PATH": f"{commands}{os.pathsep}{inherited.get('PATH', '')}",
            "PYTEST_ADDOPTS": f"-q -p no:cacheprovider {workers}",
            "PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1",
            "PYTEST_PLUGINS": "lapwing.plugin" + (",xdist.plugin" if workers else ""),
        }

    def write(self) -> None:
        """Put the project down as nobody measures it yet."""
        (self.root / "tests").mkdir(parents=True)
        self._suite.write_text(SUITE.format(tests=TESTS))
        (self.root / "pyproject.toml").write_text('[project]\nname = "parts"\nversion = "1"\n')
        (self.root / "Makefile").write_text(MAKEFILE)

    def slow_down(self) -> None:
        """Let one test do four times the work."""
        self._suite.write_text(self._suite.read_text().replace("SLOW = ()", f"SLOW = ({SLOWED},)"))

    def run(self, *command: str, code: int = 0) -> str:
        """Run a command in the project, which must end with `code`; returns what it said."""
        done = subprocess.run(
            command,
            cwd=self.root,
            env=self._environ,
            stdin=subprocess.DEVNULL,
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
            check=False,
            timeout=120,
        )
        assert done.returncode == code, done.stdout
        return done.stdout


@pytest.mark.slow_suite
@pytest.mark.parametrize("workers", ["", "-n 2"], ids=["one process", "two workers"])
@pytest.mark.parametrize("way", ["commands", "make"])
def test_a_slowed_test_is_found_by_name(tmp_path, workers, way):
    if workers:
        pytest.importorskip("xdist")
    if way == "make" and shutil.which("make") is None:
        pytest.skip("make is not installed")
    project = SmallProject(tmp_path / "parts", workers)
    project.write()
    lapwing = (sys.executable, "-m", "lapwing")
    if way == "make":
        record, report, baseline, check = (
            ("make", target)
            for target in (
                "test-performance",
                "performance-report",
                "performance-baseline",
                "performance-regression",
            )
        )
        failed = 2  # of make
    else:
        record = (sys.executable, "-m", "pytest", "--track-performance")
        report, baseline, check = (*lapwing, "report"), (*lapwing, "baseline", "update"), (*lapwing, "check")
        failed = 1
    project.run(*lapwing, "init", "--yes", "--make")
    if way == "make":
        assert "Run 'make test-performance' first" in project.run(*baseline, code=2)

    project.run(*record)
    reported = project.run(*report)
    project.run(*baseline)
    project.slow_down()
    project.run(*record)
    checked = project.run(*check, code=failed)

    assert "Slowest tests:" in reported
    assert "slower than the baseline" in checked
    assert f"test_part[{SLOWED}]" in checked
