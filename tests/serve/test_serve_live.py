"""A run is seen while it is going on: read from its spool, or told of by whoever pushes it."""

import asyncio
import subprocess
import sys
import time

import httpx
import pytest
import websockets

from lapwing.model.codec import recorded_run_dict

SUITE = """
import time
from pathlib import Path

def test_quick(): pass

def test_broken(): assert False

def test_waits():
    until = time.monotonic() + 60
    while not Path("go").exists() and time.monotonic() < until:
        time.sleep(0.02)
"""


def whole(markup: str) -> str:
    """Markup whose names are in one piece."""
    return markup.replace("<wbr>", "")


@pytest.mark.slow_suite
def test_a_running_pytest_is_seen_and_gone_when_it_has_ended(start_server, tmp_path):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    (tmp_path / "test_live.py").write_text(SUITE)
    _, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    command = [sys.executable, "-m", "pytest", "-q", "-p", "no:cacheprovider", "--track-performance"]
    running = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:

            def runs(finished: int) -> list:
                found = client.get("/api/v1/live").json()["runs"]
                return [run for run in found if run["finished"] == finished]

            seen = _until(lambda: runs(2))
            page = client.get("/live").text
            socket_said = asyncio.run(_first_message(url, key))
            (tmp_path / "go").touch()
            running.wait(60)
            _until(lambda: not client.get("/api/v1/live").json()["runs"])
    finally:
        (tmp_path / "go").touch()
        running.wait(60)

    assert seen[0]["running"][0]["nodeid"] == "test_live.py::test_waits"
    assert seen[0]["failed"] == 1
    assert "test_live.py::test_waits" in whole(page)
    assert "test_live.py::test_waits" in whole(socket_said)


def test_a_run_of_another_machine_is_told_of(server):
    live = {
        "run_id": "x",
        "project": "shop",
        "started_at_ns": 1,
        "elapsed_ns": 5,
        "finished": 3,
        "failed": 1,
        "running": [{"nodeid": "tests/test_far.py::test_away", "worker": "gw0", "elapsed_ns": 7}],
        "failures": ["tests/test_far.py::test_b"],
    }
    with server.client("write") as client:
        taken = client.post("/api/v1/live", json=live)
        wrong = client.post("/api/v1/live", json={"run_id": 1})
        page = client.get("/live").text
        with server.client("other") as others:
            elsewhere = others.get("/live").text

    assert (taken.status_code, wrong.status_code) == (204, 422)
    assert "test_far.py::test_away" in whole(page)
    assert "test_away" not in whole(elsewhere)


def test_a_run_that_was_taken_in_goes_on_no_longer_and_others_do(server, make_run):
    run = make_run(1300, project="pushed")
    fields = {"project": "pushed", "started_at_ns": 1, "elapsed_ns": 5, "finished": 3, "failed": 0}
    with server.client("write") as client:
        for run_id in (run.run.run_id, "still-going-on"):
            client.post(
                "/api/v1/live", json={**fields, "run_id": run_id, "running": [], "failures": []}
            ).raise_for_status()
        client.post("/api/v1/runs", json=recorded_run_dict(run)).raise_for_status()
        going_on = [each["run_id"] for each in client.get("/api/v1/live").json()["runs"]]

    assert "still-going-on" in going_on
    assert run.run.run_id not in going_on


def test_the_end_of_a_run_of_another_machine_is_estimated(server):
    second = 10**9
    live = {
        "run_id": "end",
        "project": "other",
        "started_at_ns": 1,
        "failed": 0,
        "running": [],
        "failures": [],
    }
    far = {**live, "elapsed_ns": 20 * second, "finished": 10}
    with server.client("admin") as client:
        client.post("/api/v1/live?project=other", json=far)
        page = client.get("/live?project=other").text

    assert "10 of about 40 tests finished, 0 failed, 20.0 s so far, about 1 min 00 s to go." in page


@pytest.mark.parametrize("number", ["1e400", "NaN", "9" * 4000, '"7"', "1.5", "null"])
def test_numbers_that_are_none_are_refused_and_the_page_goes_on(server, number):
    body = (
        '{"run_id": "x", "project": "shop", "started_at_ns": 1, "finished": 3, "failed": 1,'
        ' "running": [], "failures": [], "elapsed_ns": %s}'
    )
    with server.client("write") as client:
        refused = client.post("/api/v1/live", content=body % number)
        shown = client.get("/live")

    assert (refused.status_code, shown.status_code) == (422, 200)


async def _first_message(url: str, key: str) -> str:
    address = url.replace("http", "ws") + "/live/socket"
    cookie = {"Cookie": f"lapwing={key}"}
    async with websockets.connect(address, origin=url, additional_headers=cookie) as socket:
        return str(await asyncio.wait_for(socket.recv(), 30))


def _until(look, seconds: float = 60):
    deadline = time.monotonic() + seconds
    while not (found := look()):
        assert time.monotonic() < deadline
        time.sleep(0.1)
    return found
