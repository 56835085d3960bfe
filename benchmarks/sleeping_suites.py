"""Suites that mostly sleep: with them two processors show what many workers do."""

from pathlib import Path
from typing import NamedTuple

_HEAD = """import time
import pytest


@pytest.fixture(scope="module")
def table():
    time.sleep({module})
    yield
    time.sleep({module} / 4)


@pytest.fixture
def row(table):
    time.sleep({function})


@pytest.mark.parametrize("seconds", {seconds})
def test_row(row, seconds):
    time.sleep(seconds)
"""

_CONFTEST = """import time
import pytest


@pytest.fixture(scope="session", autouse=True)
def database():
    time.sleep({session})
"""


class Shape(NamedTuple):
    """Files, tests in each, and sleeps in seconds."""

    files: int
    tests: int
    session: float
    module: float
    function: float
    longest: float  # of one test; the others sleep for between 0.02 and 0.3 s


SLEEPING = {
    "sleeping, even": Shape(files=10, tests=24, session=0.4, module=0.3, function=0.02, longest=0.3),
    "sleeping, one long": Shape(files=6, tests=30, session=0.2, module=0.8, function=0.0, longest=6.0),
}


def write_suite(folder: Path, shape: Shape) -> Path:
    """Write the suite of `shape` into `folder`, which is made."""
    folder.mkdir(parents=True)
    (folder / "pyproject.toml").write_text('[tool.pytest.ini_options]\ntestpaths = ["."]\n')
    (folder / "conftest.py").write_text(_CONFTEST.format(session=shape.session))
    for file in range(shape.files):
        seconds = [0.02 + 0.28 * ((at * 37 + file * 11) % 50) / 50 for at in range(shape.tests)]
        if file == shape.files - 1:
            seconds[-2] = shape.longest
        text = _HEAD.format(
            module=shape.module, function=shape.function, seconds=[round(s, 3) for s in seconds]
        )
        (folder / f"test_rows_{file}.py").write_text(text)
    return folder
