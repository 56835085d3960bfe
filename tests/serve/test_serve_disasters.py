"""PostgreSQL is killed, or the disk is full, while runs are pushed: what was acknowledged is there, once."""

import gzip
import json
import os
import re
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx
import pytest

from lapwing.model.codec import recorded_run_dict
from lapwing.store.open_store import open_store

pytestmark = pytest.mark.slow_suite

TESTS = 40


def document(recorded) -> bytes:
    return gzip.compress(json.dumps(recorded_run_dict(recorded)).encode())


class Database:
    """A PostgreSQL server of our own that can be killed and started again."""

    def __init__(self, folder: Path) -> None:
        places = sorted(Path("/usr/lib/postgresql").glob("*/bin/initdb"))
        places = places or [Path(shutil.which("initdb") or "")]
        self.programs = places[-1].parent
        if not (self.programs / "postgres").exists():
            pytest.skip("postgresql is not installed")
        self.user = {"user": "postgres"} if os.getuid() == 0 else {}
        self.folder, self.data = folder, folder / "data"
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self.url = f"postgresql://tester@127.0.0.1:{self.port}/postgres"
        made = [self.programs / "initdb", "-D", self.data, "-A", "trust", "-U", "tester", "--locale=C"]
        subprocess.run(made, check=True, capture_output=True, cwd=folder, **self.user)
        self.process = self.started()

    def started(self) -> subprocess.Popen:
        import psycopg

        options = ["-h", "127.0.0.1", "-p", str(self.port), "-k", ""]
        quiet = {"stdout": subprocess.DEVNULL, "stderr": subprocess.DEVNULL}
        command = [self.programs / "postgres", "-D", self.data, *options]
        process = subprocess.Popen(command, cwd=self.folder, start_new_session=True, **quiet, **self.user)
        until = time.monotonic() + 60
        while True:
            try:
                psycopg.connect(self.url, connect_timeout=5).close()
                return process
            except psycopg.OperationalError:
                assert time.monotonic() < until
                time.sleep(0.05)

    def kill(self) -> None:
        """End it with all its processes, in the middle of whatever they do."""
        for each in [self.process.pid, *self._children()]:
            os.kill(each, signal.SIGKILL)
        self.process.wait(30)

    def _children(self) -> list[int]:
        listed = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text()
        return [int(word) for word in listed.split()]


@pytest.fixture
def database(tmp_path_factory):
    folder = Path(os.path.realpath("/tmp")) / f"lapwing-db-{os.getpid()}-{time.monotonic_ns()}"
    folder.mkdir(mode=0o755)
    if os.getuid() == 0:
        shutil.chown(folder, "postgres")
    made = None
    try:
        made = Database(folder)
        yield made
    finally:
        if made is not None:
            made.process.send_signal(signal.SIGINT)
            made.process.wait(30)
        shutil.rmtree(folder, ignore_errors=True)


def signed_in(place: str) -> httpx.Client:
    url, _, key = place.partition("/login?key=")
    headers = {"Cookie": f"lapwing={key}", "Origin": url}
    return httpx.Client(base_url=url, headers=headers, timeout=120)


def test_what_postgresql_acknowledged_survives_its_death_and_nothing_is_there_twice(
    database, start_server, tmp_path, make_run
):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    _, place = start_server(tmp_path, "--store", database.url)
    waiting = [make_run(2000 + number) for number in range(60)]
    answers: list[int] = []
    acknowledged: set[str] = set()

    def revive():
        for _ in range(2):
            time.sleep(1)
            database.kill()
            database.process = database.started()

    killer = threading.Thread(target=revive)
    with signed_in(place) as client:
        until = time.monotonic() + 120
        while (waiting or killer.is_alive()) and time.monotonic() < until:
            if not waiting:  # it has not been killed yet: send some again, which changes nothing
                waiting = [make_run(2000 + number) for number in range(60)]
            # As `lapwing push` does: what is not acknowledged goes out again, under the same id.
            answer = client.post("/api/v1/runs", content=document(waiting[0]))
            answers.append(answer.status_code)
            if answer.status_code in (200, 201):
                acknowledged.add(waiting.pop(0).run.run_id)
            if len(acknowledged) == 5 and not killer.ident:
                killer.start()
        killer.join()

    with open_store(database.url, create=False) as store:
        stored = [digest.run.run_id for digest in store.runs()]
        whole = {len(store.read_run(run_id).tests) for run_id in stored}

    assert 503 in answers  # it was noticed
    assert not waiting
    assert sorted(stored) == sorted(acknowledged)
    assert len(acknowledged) == 60
    assert whole == {TESTS}


def test_a_full_disk_refuses_runs_loses_none_and_takes_them_when_there_is_room(tmp_path, make_run):
    disk = tmp_path / "disk"
    disk.mkdir()
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    # The server has a small disk in a namespace of its own, seen from here through /proc.
    script = (
        f"mount -t tmpfs -o size=6m lapwing '{disk}' && head -c 4000000 /dev/zero > '{disk}/ballast' &&"
        f" exec '{sys.executable}' -m lapwing serve --port 0 --store '{disk}/store.sqlite'"
    )
    environ = {name: value for name, value in os.environ.items() if name != "LAPWING_STORE"}
    command = ["unshare", "--map-root-user", "--mount", "sh", "-c", script]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True, env=environ)
    try:
        assert process.stdout is not None
        line = process.stdout.readline()
        if "http://" not in line:
            pytest.skip("no disk of one's own can be had here: namespaces are forbidden")
        place = re.search(r"http://\S+", line)[0]
        seen = Path(f"/proc/{process.pid}/root{disk}")
        acknowledged, refused = [], []
        with signed_in(place) as client:
            for number in range(3000, 3600):
                run = make_run(number)
                answer = client.post("/api/v1/runs", content=document(run))
                if answer.status_code == 503:
                    refused.append(run)
                    if len(refused) == 3:
                        break
                else:
                    assert answer.status_code == 201
                    acknowledged.append(run.run.run_id)
            said = answer.json()
            listed = client.get("/api/v1/runs?limit=1").status_code
            (seen / "ballast").unlink()
            later = [client.post("/api/v1/runs", content=document(run)).status_code for run in refused]
            stored = client.get("/api/v1/runs?limit=1000").json()["runs"]
    finally:
        process.terminate()
        process.communicate(timeout=30)

    assert "the disk is full" in said["error"]
    assert listed == 200
    assert set(later) == {201}
    sent = [*acknowledged, *(run.run.run_id for run in refused)]
    assert sorted(run["run_id"] for run in stored) == sorted(sent)
    assert {run["tests"] for run in stored} == {TESTS}
