"""The small suite that is killed and put into trouble by `survival.py`."""

import random
from pathlib import Path

TESTS = 60
FILES = 4

_HEAD = """
import os, subprocess, time
import pytest

@pytest.fixture(scope="module", autouse=True)
def shared():
    time.sleep(0.004)
    yield
    time.sleep(0.004)

@pytest.fixture
def own():
    yield 1
    time.sleep(0.001)
"""

_DAMAGE = """
def test_damage():
    if os.path.exists("damage.sh"):
        subprocess.run(["sh", "damage.sh"], check=True)
"""


def write_suite(folder: Path) -> None:
    """`TESTS` tests of 1 to 15 ms in `FILES` files; none fails.

    One of them, in the middle, runs `damage.sh` of the project if there is one.
    """
    chance = random.Random(0)
    tests = folder / "tests"
    tests.mkdir(parents=True)
    (folder / "pytest.ini").write_text("[pytest]\ntestpaths = tests\n")
    for file in range(FILES):
        parts = [_HEAD]
        for number in range(TESTS // FILES):
            if (file, number) == (FILES // 2, 0):
                parts.append(_DAMAGE)
                continue
            mark, body = "", f"time.sleep({chance.uniform(0.001, 0.015):.4f})"
            if number % 7 == 3:
                mark, body = "@pytest.mark.xfail\n", f"{body}; assert False"
            elif number % 7 == 5:
                body = f"{body}; pytest.skip('so')"
            parts.append(f"{mark}def test_{number:02d}(own):\n    {body}\n")
        (tests / f"test_part_{file}.py").write_text("\n".join(parts))


def expected_outcome(nodeid: str) -> str:
    """How a test of the suite ends, in the words of the store."""
    number = nodeid.rpartition("_")[2]
    if not number.isdigit():
        return "passed"
    return {3: "xfailed", 5: "skipped"}.get(int(number) % 7, "passed")
