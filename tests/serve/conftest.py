"""A server of our own on a store with a history, started once for all tests of this folder."""

import os
import random
import subprocess
import sys
import time
from collections.abc import Iterator
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest

from lapwing.model.access import Scope
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import Machine, RecordedRun, Revision, Run, WorkerFacts
from lapwing.operations.tokens import create_token
from lapwing.store.open_store import open_store

DAY_NS = 86_400 * 10**9
HOSTILE = "tests/test_evil.py::test_a[<script>alert(1)</script>'\"\x1b[31m\r\nSet-Cookie: x=1]"
GREW = "tests/test_shop.py::test_3"


class RunningServer(NamedTuple):
    """Where it listens, the key of its URL, the checkout it serves, and tokens by name."""

    url: str
    key: str
    root: Path
    tokens: dict[str, str]
    hostile: str = HOSTILE  # the name of a test, as somebody who means harm would choose it
    grew: str = GREW  # the test that became slower

    def client(self, token: str | None = None, *, key: bool = False, **headers: str) -> httpx.Client:
        """A client with this token, or with the cookie of the printed URL."""
        if token is not None:
            headers["Authorization"] = f"Bearer {self.tokens.get(token, token)}"
        if key:
            headers["Cookie"] = f"lapwing={self.key}"
        return httpx.Client(base_url=self.url, headers=headers, timeout=60)


def recorded(number: int, *, project: str = "shop", days_ago: float = 0.0) -> RecordedRun:
    """One run of 40 tests; from the tenth on one of them takes three times as long."""
    rng = random.Random(number)
    records, at = [], 10**8
    names = [f"tests/test_shop.py::test_{each}" for each in range(38)] + [HOSTILE, "tests/test_b.py::test_ü"]
    for place, name in enumerate(names):
        took = int((20 + place) * 10**6 * rng.uniform(0.98, 1.02))
        if name == GREW and number >= 10:
            took *= 3
        outcome = Outcome.FAILED if name.endswith("test_7") and number % 4 == 1 else Outcome.PASSED
        records.append(
            TestRecord(
                nodeid=name,
                outcome=outcome,
                start_ns=at,
                setup_ns=0,
                call_ns=took,
                teardown_ns=0,
                setup_cpu_ns=0,
                call_cpu_ns=took,
                teardown_cpu_ns=0,
                peak_bytes=1000,
            )
        )
        at += took
    run = Run(
        run_id=f"0192f3a1-0000-7000-8000-{ord(project[0]):04d}{number:08d}",
        started_at_ns=time.time_ns() - int(days_ago * DAY_NS),
        duration_ns=at,
        project=project,
        revision=Revision(f"{number // 2:040x}", "main", None, False),
        machine=Machine("cpu", 2, 1 << 30, "Linux", "6"),
        python="3.12.1",
        processes=(WorkerFacts("main", 1, 0, 10**8, at),),
        exit_status=0,
        is_complete=True,
    )
    benchmark = BenchmarkRecord("sorting", GREW, "lapwing", "ns", (3.0, 1.0, 2.0))
    return RecordedRun(run=run, tests=tuple(records), benchmarks=(benchmark,))


def start(root: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
    """`lapwing serve` in `root`, once it has printed its URL."""
    command = [sys.executable, "-m", "lapwing", "serve", "--port", "0", *arguments]
    environ = {name: value for name, value in os.environ.items() if name != "LAPWING_STORE"}
    process = subprocess.Popen(command, cwd=root, stdout=subprocess.PIPE, text=True, env=environ)
    assert process.stdout is not None
    line = process.stdout.readline()
    assert "http://" in line, line
    return process, line.split()[-1]


def end(process: subprocess.Popen[str]) -> None:
    """The server ends in order, with its processes."""
    process.terminate()
    process.communicate(timeout=30)


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[RunningServer]:
    """A server with 14 runs of project `shop` and one of project `other`."""
    root = tmp_path_factory.mktemp("served")
    (root / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    with open_store(str(root / ".lapwing" / "store.sqlite"), create=True) as store:
        for number in range(14):
            store.write_run(recorded(number, days_ago=14 - number))
        store.write_run(recorded(0, project="other", days_ago=1))
        made = {
            "read": create_token(store, name="reader", scope=Scope.READ, project="shop")[1],
            "write": create_token(store, name="ci", scope=Scope.WRITE, project="pushed")[1],
            "other": create_token(store, name="other team", scope=Scope.WRITE, project="other")[1],
            "admin": create_token(store, name="admin", scope=Scope.ADMIN)[1],
            "expired": create_token(store, name="old", scope=Scope.ADMIN, valid_ns=-1)[1],
        }
    process, place = start(root)
    url, _, key = place.partition("/login?key=")
    try:
        yield RunningServer(url, key, root, made)
    finally:
        end(process)


@pytest.fixture(scope="session")
def make_run():
    """One run of 40 tests, by its number."""
    return recorded


@pytest.fixture
def start_server():
    """`lapwing serve` in a folder, with arguments; ended after the test."""
    started = []

    def begin(root: Path, *arguments: str) -> tuple[subprocess.Popen[str], str]:
        process, place = start(root, *arguments)
        started.append(process)
        return process, place

    yield begin
    for process in started:
        end(process)
