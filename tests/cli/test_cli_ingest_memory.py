"""What `lapwing ingest` holds in memory."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = [pytest.mark.integration, pytest.mark.slow_suite]


def peak_bytes(folder: Path, cases: int) -> int:
    """The highest resident memory of the process that stores a report of so many cases."""
    folder.mkdir()
    report = folder / "junit.xml"
    with report.open("w") as file:
        file.write('<testsuites><testsuite name="pytest">')
        for at in range(cases):
            file.write(
                f'<testcase classname="tests.test_{at // 100}" name="test_{at}" time="0.{at % 97}" />\n'
            )
        file.write("</testsuite></testsuites>")
    process = subprocess.Popen(
        [sys.executable, "-m", "lapwing", "ingest", str(report)], cwd=folder, stdout=subprocess.DEVNULL
    )
    _, status, usage = os.wait4(process.pid, 0)
    process.returncode = os.waitstatus_to_exitcode(status)
    assert process.returncode == 0
    return usage.ru_maxrss * 1024


def test_memory_does_not_grow_with_the_tests_that_are_stored(tmp_path):
    few, many = peak_bytes(tmp_path / "few", 40_000), peak_bytes(tmp_path / "many", 120_000)

    assert many - few < 40_000_000  # 500 bytes a test; held whole, one takes 1,700
