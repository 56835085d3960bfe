"""The hooks at stage pre-push, run as pre-commit runs them: their entry, split into words, then files."""

import os
import re
import shlex
import subprocess
import sys
from pathlib import Path

import pytest

MANIFEST = Path(__file__).parents[2] / ".pre-commit-hooks.yaml"


@pytest.fixture
def hook(shop):
    """Runs the hook of an id in the shop; returns the finished process."""
    scripts = Path(sys.executable).parent
    environ = {**os.environ, "PATH": f"{scripts}{os.pathsep}{os.environ['PATH']}"}

    def run(name, *files):
        part = next(each for each in MANIFEST.read_text().split("- id: ") if each.startswith(f"{name}\n"))
        entry = re.search(r"^  entry: (.*)$", part, re.MULTILINE)[1]
        words = [*shlex.split(entry), *files]
        return subprocess.run(words, cwd=shop.root, env=environ, capture_output=True, text=True)

    return run


@pytest.mark.slow_suite
def test_a_slower_run_stops_the_push(with_slower_test, hook):
    done = hook("lapwing-check")

    assert done.returncode == 1, done.stderr
    assert "FAILED" in done.stdout


@pytest.mark.slow_suite
def test_without_a_run_the_push_goes_on_and_it_says_why(shop, hook):
    done = hook("lapwing-check")

    assert done.returncode == 0
    assert "Record a run" in done.stderr


@pytest.mark.slow_suite
def test_changed_tests_are_run_and_recorded_without_slow_ones(shop, hook):
    (shop.root / "tests" / "test_a.py").write_text(
        "import pytest\n\ndef test_quick():\n    pass\n\n"
        "@pytest.mark.slow\ndef test_long():\n    assert False\n"
    )

    done = hook("lapwing-changed-tests", "tests/test_a.py")

    assert done.returncode == 0, done.stdout + done.stderr
    assert shop.json("runs")["runs"][0]["tests"] == 1


@pytest.mark.slow_suite
def test_where_only_slow_tests_changed_the_push_goes_on(shop, hook):
    (shop.root / "tests" / "test_a.py").write_text(
        "import pytest\n\n@pytest.mark.slow\ndef test_long():\n    assert False\n"
    )

    assert hook("lapwing-changed-tests", "tests/test_a.py").returncode == 0
