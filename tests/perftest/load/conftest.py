"""A real server in a process of its own, and what is asked of it."""

import json
import subprocess
import sys
import urllib.request
from pathlib import Path

import pytest


@pytest.fixture(scope="session")
def load_server():
    """The base URL of a server with known behavior; see load_server.py."""
    script = Path(__file__).with_name("load_server.py")
    with subprocess.Popen(
        [sys.executable, str(script)], stdin=subprocess.PIPE, stdout=subprocess.PIPE
    ) as process:
        yield f"http://127.0.0.1:{int(process.stdout.readline())}"
        process.stdin.close()
        try:
            process.wait(10)
        except subprocess.TimeoutExpired:
            process.kill()


@pytest.fixture
def noted(load_server):
    """() -> the requests that /note got since it was last asked."""

    def ask():
        with urllib.request.urlopen(f"{load_server}/noted") as answer:
            return json.load(answer)

    ask()
    return ask
