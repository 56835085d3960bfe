"""The load tests of the example shop hold."""

import shutil
import subprocess
import sys
from pathlib import Path

import pytest

SHOP = Path(__file__).parents[2] / "examples" / "shop"


@pytest.mark.slow_suite
def test_the_shop_holds_its_load(tmp_path):
    shop = tmp_path / "shop"
    shutil.copytree(SHOP, shop, ignore=shutil.ignore_patterns(".lapwing", "__pycache__", ".pytest_cache"))

    words = ["load", "-p", "no:locust", "-p", "no:cacheprovider", "-q"]
    done = subprocess.run(
        [sys.executable, "-m", "pytest", *words], cwd=shop, capture_output=True, text=True, timeout=300
    )

    assert done.returncode == 0, done.stdout + done.stderr
