"""Ten suites, each with a disease and the same suite with its remedy.

Waits that stand for a server or a container are waits for an event: no probe sees them, as none sees a
container start.
"""

from typing import NamedTuple


class Sick(NamedTuple):
    """A suite by its files, before and after."""

    advisor: str  # whose advice must come first
    sick: dict[str, str]
    cured: dict[str, str]
    arguments: tuple[str, ...] = ()
    cured_arguments: tuple[str, ...] | None = None  # None: the same
    before: tuple[str, ...] | None = None  # arguments of an earlier run of the sick suite


_WAIT = "import threading\nimport pytest\n\n\ndef wait(seconds):\n    threading.Event().wait(seconds)\n\n\n"


def _tests(count: int, body: str, argument: str = "") -> str:
    return "".join(f"def test_{at}({argument}):\n    {body}\n\n\n" for at in range(count))


def _container(scope: str) -> dict[str, str]:
    decorator = "@pytest.fixture" if scope == "function" else f"@pytest.fixture(scope={scope!r})"
    fixture = f"{decorator}\ndef server():\n    wait(0.2)\n    return 'http://localhost'\n"
    tests = "def wait(): pass\n\n\n" + _tests(10, "assert server.startswith('http')", "server")
    return {"conftest.py": _WAIT + fixture, "test_orders.py": tests, "test_carts.py": tests}


def _sleeps(seconds: str) -> dict[str, str]:
    return {"test_jobs.py": f"import time\n\n\n{_tests(20, f'time.sleep({seconds})')}"}


_SHOP = """import sqlite3
import pytest

pytestmark = pytest.mark.integration


@pytest.fixture(scope="session")
def shop(tmp_path_factory):
    db = sqlite3.connect(tmp_path_factory.mktemp("shop") / "shop.db")
    db.execute("CREATE TABLE orders (id INTEGER, customer INTEGER)")
    db.execute("CREATE TABLE customers (id INTEGER, name TEXT)")
    db.executemany("INSERT INTO orders VALUES (?, ?)", [(at, at % 3000) for at in range(400)])
    db.executemany("INSERT INTO customers VALUES (?, ?)", [(at, f"c{at}" * 4) for at in range(60000)])
    return db


@pytest.mark.parametrize("number", range(6))
def test_names(shop, number):
"""
_ONE_BY_ONE = """    names = []
    for (customer,) in shop.execute("SELECT customer FROM orders").fetchall():
        names += shop.execute("SELECT max(name) FROM customers WHERE id = ?", (customer,)).fetchall()
    assert len(names) == 400
"""
_JOINED = """    shop.execute("CREATE INDEX IF NOT EXISTS by_id ON customers (id)")
    names = shop.execute("SELECT name FROM orders JOIN customers ON customers.id = customer").fetchall()
    assert len(names) == 400
"""

_PROGRAM = "import sys\n\n\ndef main(number):\n    print(number)\n    return 0\n\n\n"
_START = "assert subprocess.run([sys.executable, 'program.py', '1'], cwd=HERE, check=True).returncode == 0"


def _program(is_started: bool) -> dict[str, str]:
    head = "import subprocess, sys\nfrom pathlib import Path\n\n"
    head += "HERE = Path(__file__).parent\nsys.path.insert(0, str(HERE))\n"
    body = _START if is_started else "import program\n    assert program.main('1') == 0"
    tail = "if __name__ == '__main__':\n    raise SystemExit(main(sys.argv[1]))\n"
    return {"program.py": _PROGRAM + tail, "test_program.py": f"{head}\n\n{_tests(40, body)}"}


_HEAVY = "total = 0\nfor at in range(25_000_000):\n    total += at\n"


def _imports(is_heavy: bool) -> dict[str, str]:
    return {
        "heavy.py": _HEAVY,
        "conftest.py": "import heavy\n" if is_heavy else "import json\n",
        "pytest.ini": "[pytest]\npythonpath = .\n",
        "test_light.py": _tests(20, "assert True"),
    }


def _huge(parts: int) -> dict[str, str]:
    long = "".join(f"def test_all_{at}():\n    wait({6.0 / parts})\n\n\n" for at in range(parts))
    return {"test_many.py": _WAIT + _tests(30, "wait(0.1)"), "test_one.py": _WAIT + long}


_IMBALANCE = {
    "test_big.py": _WAIT + _tests(30, "wait(0.25)"),
    **{f"test_small_{name}.py": _WAIT + _tests(3, "wait(0.1)") for name in "abc"},
}

_PARSE = """def count(words):
    found = 0
    for word in range(words):
        if word % 3:
            found += 1
        elif word % 5:
            found += 2
        else:
            found -= 1
        found = found ^ word
    return found
"""
_COVERED = {
    "pytest.ini": "[pytest]\npythonpath = .\naddopts = --cov=parse --cov-report=\n",
    "parse.py": _PARSE,
    "test_parse.py": "import parse\n\n\n" + _tests(12, "assert parse.count(400_000) >= 0"),
}


_FILES = "abcdefgh"


def _duplicates(is_shared: bool) -> dict[str, str]:
    body = "def catalog():\n    wait(0.6)\n    return {'tea': 3}\n\n\n"
    tests = _tests(4, "assert catalog['tea'] == 3", "catalog")
    if is_shared:
        files = {f"test_{name}.py": tests for name in _FILES}
        return {"conftest.py": f"{_WAIT}@pytest.fixture(scope='session')\n{body}", **files}
    own = f"{_WAIT}@pytest.fixture(scope='module')\n{body}{tests}"
    return {f"test_{name}.py": own for name in _FILES}


_ALL = """@pytest.mark.parametrize("size", range(6))
@pytest.mark.parametrize("color", range(5))
@pytest.mark.parametrize("shape", range(4))
def test_draws(size, color, shape):
    wait(0.05)
"""
_PAIRS = """PAIRS = [(size, color, (size + color) % 4) for size in range(6) for color in range(5)]


@pytest.mark.parametrize(("size", "color", "shape"), PAIRS)
def test_draws(size, color, shape):
    wait(0.05)
"""

SUITES = {
    "container per test": Sick("wider-fixture", _container("function"), _container("session")),
    "sleeps": Sick("sleeping", _sleeps("0.2"), _sleeps("0")),
    "N+1": Sick("repeated-queries", {"test_shop.py": _SHOP + _ONE_BY_ONE}, {"test_shop.py": _SHOP + _JOINED}),
    "process per test": Sick("subprocesses", _program(True), _program(False)),
    "heavy import in conftest": Sick("heavy-imports", _imports(True), _imports(False)),
    "one huge test": Sick("long-test", _huge(1), _huge(8), ("-n", "4", "--dist", "load")),
    "loadscope imbalance": Sick(
        "distribution",
        _IMBALANCE,
        _IMBALANCE,
        ("-n", "4", "--dist", "loadscope"),
        ("-n", "4", "--dist", "worksteal"),
    ),
    "coverage": Sick("coverage", _COVERED, _COVERED, (), ("--no-cov",), before=("--no-cov",)),
    "set-up written twice": Sick("duplicate-setup", _duplicates(False), _duplicates(True)),
    "parameter explosion": Sick(
        "parameter-explosion", {"test_draw.py": _WAIT + _ALL}, {"test_draw.py": _WAIT + _PAIRS}
    ),
}
