"""A dashboard that `lapwing run` brings with it, and runs that pytest pushes to a server."""

import os
import re
import signal
import socket
import subprocess
import sys
import time
from pathlib import Path

import httpx
import pytest

SUITE = """
import time
from pathlib import Path

def test_quick(): pass

def test_waits():
    until = time.monotonic() + 60
    while not Path("go").exists() and time.monotonic() < until:
        time.sleep(0.02)
"""
QUIET = ("-q", "-p", "no:cacheprovider", "-p", "no:randomly")


@pytest.fixture
def suite(tmp_path: Path) -> Path:
    """A project whose second test waits for a file."""
    root = tmp_path / "project"
    root.mkdir()
    (root / "pyproject.toml").write_text('[tool.lapwing]\nproject = "pushed"\n')
    (root / "test_live.py").write_text(SUITE)
    return root


def until(look, seconds: float = 60):
    """What `look` finds, as soon as it finds anything."""
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.05)
    return found


def running_tests(client: httpx.Client) -> list[str]:
    """The node ids of what runs now, as the server shows it."""
    runs = client.get("/api/v1/live").json()["runs"]
    return [test["nodeid"] for run in runs for test in run["running"]]


def clean_environ(**more: str) -> dict[str, str]:
    return {name: value for name, value in os.environ.items() if name != "LAPWING_STORE"} | more


@pytest.mark.slow_suite
def test_run_prints_the_url_of_its_dashboard_before_the_first_test(suite):
    command = [sys.executable, "-m", "lapwing", "run", "--dashboard", "--port", "0", "--", *QUIET]
    process = subprocess.Popen(
        command, cwd=suite, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True, env=clean_environ()
    )
    try:
        assert process.stdout is not None
        first = process.stdout.readline()
        url, key = re.search(r"(http://\S+)/login\?key=(\S+)", first).groups()
        with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:
            until(lambda: "test_live.py::test_waits" in running_tests(client))
        (suite / "go").touch()
        rest, _ = process.communicate(timeout=60)
    finally:
        (suite / "go").touch()
        process.send_signal(signal.SIGTERM)
        process.wait(30)

    assert "2 passed" in rest
    assert process.returncode == 0
    with pytest.raises(httpx.ConnectError):  # off a terminal it ends with the tests
        httpx.get(url, timeout=5)


def test_a_dashboard_whose_port_is_taken_stops_before_the_tests(suite):
    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = str(taken.getsockname()[1])
        command = [sys.executable, "-m", "lapwing", "run", "--dashboard", "--port", port, "--", *QUIET]
        ended = subprocess.run(command, cwd=suite, capture_output=True, text=True, env=clean_environ())

    assert ended.returncode == 2
    assert f"port {port} is taken" in ended.stderr
    assert "passed" not in ended.stdout


@pytest.mark.slow_suite
def test_a_pushed_run_is_seen_live_and_is_there_when_it_has_ended(server, suite):
    command = [sys.executable, "-m", "pytest", *QUIET, "--push", server.url]
    environ = clean_environ(LAPWING_TOKEN=server.tokens["write"])
    with server.client("write") as client:
        others = [run["run_id"] for run in client.get("/api/v1/live").json()["runs"]]
    process = subprocess.Popen(
        command, cwd=suite, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, env=environ
    )
    try:
        with server.client("write") as client:

            def ours():
                runs = client.get("/api/v1/live").json()["runs"]
                return [run for run in runs if run["run_id"] not in others]

            live = until(ours)
            until(lambda: "test_live.py::test_waits" in running_tests(client))
            (suite / "go").touch()
            said, _ = process.communicate(timeout=60)
            stored = client.get("/api/v1/runs").json()["runs"]
            after = ours()
    finally:
        (suite / "go").touch()
        process.wait(60)

    assert live[0]["run_id"] in [run["run_id"] for run in stored]
    assert f"pushed this run to {server.url}" in said
    assert after == []
    assert process.returncode == 0


def test_a_server_that_is_down_changes_no_outcome_and_the_run_waits(suite):
    (suite / "go").touch()
    with socket.create_server(("127.0.0.1", 0)) as free:
        url = f"http://127.0.0.1:{free.getsockname()[1]}"
    command = [sys.executable, "-m", "pytest", *QUIET, "--push", url]
    ended = subprocess.run(
        command, cwd=suite, capture_output=True, text=True, env=clean_environ(LAPWING_TOKEN="x")
    )

    assert ended.returncode == 0
    assert "the run is not pushed" in ended.stdout
    assert "lapwing push --queued --to" in ended.stdout
    assert len(list((suite / ".lapwing" / "push-queue").iterdir())) == 1


def test_without_a_token_the_run_is_kept_and_the_way_to_one_told(suite):
    (suite / "go").touch()
    command = [sys.executable, "-m", "pytest", *QUIET, "--push", "http://127.0.0.1:1"]
    environ = {name: value for name, value in clean_environ().items() if name != "LAPWING_TOKEN"}
    ended = subprocess.run(command, cwd=suite, capture_output=True, text=True, env=environ)

    assert ended.returncode == 0
    assert "lapwing token create makes one" in ended.stdout
