"""`make` tells what it can do."""

import shutil
import subprocess
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]

PROMISED = {
    "everyday": ("help", "setup", "demo", "test", "check", "bench", "docs"),
    "performance": (
        "test-performance",
        "performance-report",
        "performance-update-docs",
        "performance-baseline",
        "performance-regression",
    ),
    "development": (
        "test-fast",
        "test-ROOM",
        "format",
        "format-check",
        "lint",
        "lint-fix",
        "type-check",
    ),
}


@pytest.mark.skipif(shutil.which("make") is None, reason="make is not installed")
@pytest.mark.parametrize("group", PROMISED)
def test_make_alone_lists_every_promised_target(group):
    done = subprocess.run(["make"], cwd=ROOT, capture_output=True, text=True, check=True, timeout=60)

    listed = {line.split()[0] for line in done.stdout.splitlines() if line.startswith("  ")}

    assert [target for target in PROMISED[group] if target not in listed] == []
