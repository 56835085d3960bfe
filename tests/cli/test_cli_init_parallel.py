"""What `lapwing init` says of running in parallel, over runs that pytest really made."""

import os
import socket
import subprocess
import sys
from pathlib import Path

import pytest

from lapwing.cli.main import main

PROJECT = '[project]\nname = "shop"\nrequires-python = ">=3.11"\n'
OFFER = "pip install 'lapwing[parallel]', then pytest -n auto --dist loadgroup"
SHARING = """
import socket, sqlite3
from pathlib import Path

def serve():
    with socket.create_server(("127.0.0.1", {port})):
        pass

def test_serves(): serve()
def test_serves_again(): serve()

def test_writes(): Path("till.txt").write_text("3")
def test_writes_too(): Path("till.txt").write_text("4")

def test_asks(): sqlite3.connect("till.db").close()
def test_asks_too(): sqlite3.connect("till.db").close()

def test_adds(): assert 1 + 1 == 2
def test_serves_anywhere():
    socket.create_server(("127.0.0.1", 0)).close()
"""
APART = "def test_adds(tmp_path): (tmp_path / 'till.txt').write_text('3')\n"


def tracked(root: Path, suite: str) -> Path:
    """A project of `suite` after a tracked run."""
    (root / "tests").mkdir()
    (root / "pyproject.toml").write_text(PROJECT)
    (root / "tests" / "test_till.py").write_text(suite)
    command = [sys.executable, "-m", "pytest", "-q", "-p", "lapwing.plugin", "--track-performance"]
    alone = os.environ | {"PYTEST_DISABLE_PLUGIN_AUTOLOAD": "1"}
    subprocess.run(command, cwd=root, env=alone, check=True, capture_output=True)
    return root


@pytest.fixture(scope="module")
def free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as server:
        return int(server.getsockname()[1])


@pytest.fixture(scope="module")
def sharing(tmp_path_factory: pytest.TempPathFactory, free_port: int) -> Path:
    """A project whose tests share a port, a file and a database; read only."""
    suite = SHARING.format(port=free_port)
    return tracked(tmp_path_factory.mktemp("sharing"), suite)


@pytest.fixture
def told(capsys: pytest.CaptureFixture[str]):
    """(project) -> the words of `lapwing init --dry-run`, on one line."""

    def of(root: Path) -> str:
        main(["init", "--dry-run", "--root", str(root)])
        return " ".join(capsys.readouterr().out.split())

    return of


@pytest.mark.parametrize(
    ("shared", "tests"),
    [
        ("port:{port}", ("test_serves", "test_serves_again")),
        ("writes:till.txt", ("test_writes", "test_writes_too")),
        ("database:till.db", ("test_asks", "test_asks_too")),
    ],
)
def test_tests_that_share_are_named_with_a_mark(told, sharing, free_port, shared, tests):
    said = told(sharing)

    group = said.partition(f"{shared.format(port=free_port)} is shared: ")[2]
    mark, _, named = group.partition(" above ")
    assert mark.startswith('@pytest.mark.xdist_group("')
    assert named.startswith(", ".join(f"tests/test_till.py::{test}" for test in tests))


def test_tests_that_share_nothing_are_not_named(told, sharing):
    said = told(sharing)

    assert f"{OFFER}, and keep together what must not meet:" in said
    assert "test_adds" not in said
    assert "test_serves_anywhere" not in said


def test_where_nothing_is_shared_it_says_so(told, tmp_path):
    said = told(tracked(tmp_path, APART))

    assert f"{OFFER}. In the newest run no tests shared a port, a file or a database." in said


def test_before_the_first_run_it_says_that_marks_take_one(told, tmp_path):
    (tmp_path / "pyproject.toml").write_text(PROJECT)

    assert f"{OFFER}. After a tracked run this command names" in told(tmp_path)


@pytest.mark.parametrize("option", ["-n 4", "--numprocesses=auto", "--dist=loadfile"])
def test_a_project_that_has_chosen_workers_is_told_nothing(told, tmp_path, option):
    options = f'[tool.pytest.ini_options]\naddopts = "-q {option}"\n'
    (tmp_path / "pyproject.toml").write_text(PROJECT + options)

    assert "To run in parallel" not in told(tmp_path)
