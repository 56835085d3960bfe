"""What every test may use: pytest's own fixture for running pytest on a small suite."""

import gc
import os
import re
import shutil
import signal
import socket
import subprocess
import tempfile
import threading
import time
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

pytest_plugins = ["pytester"]

# How long an example takes says something of the machine and of coverage, nothing of the property.
# In CI the same examples every time: a new one that fails belongs on a desk, not on someone's change.
IN_CI = bool(os.environ.get("CI"))
settings.register_profile("lapwing", deadline=None, derandomize=IN_CI)
settings.load_profile("lapwing")

# Debian has no package of actionlint.
A_PART_IS_MISSING = re.compile(r"(?<!actionlint )is not installed|could not import")


def in_ci_nothing_is_missing(report):
    """A test whose real part is missing is skipped on a desk, and fails in CI, which installs them all."""
    if IN_CI and report.skipped and isinstance(report.longrepr, tuple):
        _, _, reason = report.longrepr
        if A_PART_IS_MISSING.search(reason):
            report.outcome = "failed"
            report.longrepr = f"{reason}\nCI has to install it: see .ci/run."
    return report


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport():
    return in_ci_nothing_is_missing((yield))


@pytest.hookimpl(wrapper=True)
def pytest_make_collect_report():
    return in_ci_nothing_is_missing((yield))


def pytest_collection_finish():
    """Let the collector leave alone what six thousand tests have loaded: its collections are quick then."""
    gc.collect()
    gc.freeze()


@pytest.fixture
def nothing_frozen() -> Iterator[None]:
    """As in a process where nobody has set anything aside from the collector."""
    gc.unfreeze()
    yield
    gc.freeze()


@pytest.fixture(scope="session")
def postgresql() -> Iterator[str]:
    """The conninfo of a PostgreSQL server of our own, for all tests of this process."""
    import psycopg

    places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb")) or [Path(shutil.which("initdb") or "")]
    programs = places[-1].parent
    if not (programs / "postgres").exists():
        pytest.skip("postgresql is not installed")
    user = {"user": "postgres"} if os.getuid() == 0 else {}
    with tempfile.TemporaryDirectory(prefix="postgresql-") as place:  # which its user may enter
        folder = Path(place)
        if user:
            shutil.chown(folder, "postgres")
        with socket.create_server(("127.0.0.1", 0)) as free:
            port = free.getsockname()[1]
        data = folder / "data"
        settings = ["-A", "trust", "-U", "tester", "--no-sync", "--locale=C", "-E", "UTF8"]
        command = [programs / "initdb", "-D", data, *settings]
        # lapwing: allow LW103 a real server for all tests of this process
        subprocess.run(command, check=True, capture_output=True, cwd=folder, **user)
        options = ["-h", "127.0.0.1", "-p", str(port), "-k", "", "-F"]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        # lapwing: allow LW103 a real server for all tests of this process
        server = subprocess.Popen([programs / "postgres", "-D", data, *options], cwd=folder, **quiet, **user)
        try:
            info = f"host=127.0.0.1 port={port} user=tester dbname=postgres"
            deadline = time.monotonic() + 30
            while True:
                try:
                    psycopg.connect(info, connect_timeout=5).close()
                    break
                except psycopg.OperationalError:
                    if time.monotonic() > deadline:
                        raise
                    time.sleep(0.05)  # lapwing: allow LW101 it starts in its own time
            yield info
        finally:
            server.send_signal(signal.SIGINT)  # a fast end: those who are connected are cut off
            server.wait(30)


@pytest.fixture
def postgresql_url(postgresql: str, request: pytest.FixtureRequest) -> Iterator[str]:
    """The URL of an empty schema in that server, gone after the test."""
    import psycopg

    parts = dict(part.split("=") for part in postgresql.split())
    schema = f"t{time.monotonic_ns()}"
    with psycopg.connect(postgresql, autocommit=True) as connection:
        connection.execute(f"CREATE SCHEMA {schema}")
        yield (
            f"postgresql://{parts['user']}@{parts['host']}:{parts['port']}/{parts['dbname']}"
            f"?options=-csearch_path%3D{schema}"
        )
        # One table after another: a schema with many is more than the locks of one transaction.
        for (table,) in connection.execute(
            "SELECT format('%%I.%%I', schemaname, tablename) FROM pg_tables WHERE schemaname = %s", (schema,)
        ).fetchall():
            connection.execute(f"DROP TABLE IF EXISTS {table} CASCADE")
        connection.execute(f"DROP SCHEMA {schema} CASCADE")


@pytest.fixture(scope="module")
def browser() -> Iterator[Any]:
    """The machine's Chromium. While it is open an event loop runs, so that no other one can."""
    sync_api = pytest.importorskip("playwright.sync_api")
    path = shutil.which("chromium")
    if path is None:
        pytest.skip("chromium is not installed")
    with sync_api.sync_playwright() as playwright:
        opened = playwright.chromium.launch(executable_path=path, args=["--no-sandbox"])
        yield opened
        opened.close()


@pytest.fixture
def serving():
    """Lets a server of the standard library answer in a thread until the test has ended."""
    running = []

    def begin(server):
        thread = threading.Thread(target=server.serve_forever, args=(0.01,), daemon=True)
        thread.start()
        running.append((server, thread))
        return server

    yield begin
    for server, thread in running:
        server.shutdown()
        server.server_close()
        thread.join()
