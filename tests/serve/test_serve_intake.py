"""Runs that are sent: taken once, told of record by record, and kept whatever happens to the server."""

import gzip
import json
import signal
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import httpx
import pytest

from lapwing.model.codec import recorded_run_dict, sent_run_dict
from lapwing.store.open_store import open_store

JUNIT = b'<testsuite name="s"><testcase classname="a.B" name="c" time="0.5"/></testsuite>'


def document(run) -> bytes:
    return json.dumps(recorded_run_dict(run)).encode()


def test_a_run_sent_twice_is_kept_once_and_comes_back_as_it_was(server, make_run):
    run = make_run(600, project="pushed")
    with server.client("write") as client:
        first = client.post("/api/v1/runs", content=gzip.compress(document(run)))
        second = client.post("/api/v1/runs", content=document(run))
        back = client.get(f"/api/v1/runs/{run.run.run_id}").json()

    assert (first.status_code, second.status_code) == (201, 200)
    assert first.json() == {"run_id": run.run.run_id, "is_new": True, "tests": 40, "refused": []}
    assert second.json()["is_new"] is False
    assert back == json.loads(document(run))


def test_each_record_that_is_refused_is_named_and_the_others_are_kept(server, make_run):
    fields = json.loads(document(make_run(601)))
    fields["tests"][3]["outcome"] = "great"
    fields["tests"][5]["call_ns"] = "long"
    fields["tests"][7] = None
    with server.client("write") as client:
        answer = client.post("/api/v1/runs", json=fields).json()

    assert answer["tests"] == 37
    assert [each["place"] for each in answer["refused"]] == ["tests[3]", "tests[5]", "tests[7]"]
    assert "outcome is none of passed" in answer["refused"][0]["reason"]


def test_a_run_sent_in_columns_is_the_same_run(server, make_run):
    run = make_run(602, project="pushed")
    with server.client("write") as client:
        answer = client.post("/api/v1/runs", json=sent_run_dict(run)).json()
        back = client.get(f"/api/v1/runs/{run.run.run_id}").json()

    assert (answer["tests"], answer["refused"]) == (40, [])
    assert back == json.loads(document(run))


def test_a_run_sent_by_many_at_once_is_kept_by_one_of_them(server, make_run):
    body = gzip.compress(document(make_run(603, project="pushed")))

    def send(_):
        with server.client("write") as client:
            return client.post("/api/v1/runs", content=body).status_code

    with ThreadPoolExecutor(6) as senders:
        statuses = list(senders.map(send, range(12)))

    assert sorted(statuses) == [200] * 11 + [201]


def test_a_report_of_another_tool_is_a_run_once(server):
    with server.client("write") as client:
        first = client.post("/api/v1/runs", content=JUNIT)
        second = client.post("/api/v1/runs", content=JUNIT)
        run = client.get(f"/api/v1/runs/{first.json()['run_id']}").json()

    assert (first.status_code, second.status_code) == (201, 200)
    assert run["tests"][0]["duration_ns"] == 500_000_000
    assert run["run"]["revision"]["commit"] is None  # the server's own checkout is none of its business


def test_a_run_that_was_pushed_is_listed_at_once(server, make_run):
    with server.client("write") as client:
        client.get("/api/v1/runs")
        client.post("/api/v1/runs", content=document(make_run(602, project="pushed")))
        listed = client.get("/api/v1/runs").json()["runs"]

    assert make_run(602, project="pushed").run.run_id in [run["run_id"] for run in listed]


def test_a_regression_gets_a_state_with_who_and_when(server):
    with server.client(key=True, Origin=server.url) as client:
        fields = {"project": "shop", "nodeid": server.grew, "state": "investigating"}
        answer = client.post("/inbox/state", data=fields)
        inbox, log = client.get("/inbox").text, client.get("/log").text
        wrong = client.post("/inbox/state", data={**fields, "state": "fixed"})
        muted = [
            client.post("/inbox/state", data={**fields, "state": "muted", "until": until})
            for until in ("", "soon", "2020-01-31")
        ]

    assert answer.status_code == 303
    assert "investigating" in inbox
    assert "inbox.investigating" in log
    assert wrong.status_code == 400
    assert [each.status_code for each in muted] == [400] * 3
    assert "Name a day to come" in muted[0].text
    assert muted[0].headers["content-type"].startswith("text/html")


def test_an_accepted_regression_is_the_baseline_from_there_on(start_server, tmp_path, make_run):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    path = str(tmp_path / ".lapwing" / "store.sqlite")
    with open_store(path, create=True) as store:
        for number in range(11):
            store.write_run(make_run(number, days_ago=12 - number))
    _, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    grew = "tests/test_shop.py::test_3"
    with httpx.Client(
        base_url=url, headers={"Cookie": f"lapwing={key}", "Origin": url}, timeout=60
    ) as client:
        before = client.get("/api/v1/findings").json()["findings"]
        fields = {"project": "shop", "nodeid": grew, "state": "accepted"}
        answer = client.post("/inbox/state", data=fields)
        unchanged = client.post("/inbox/state", data={**fields, "nodeid": "tests/test_shop.py::test_4"})
        until = time.monotonic() + 60
        while grew in str(client.get("/api/v1/findings").json()) and time.monotonic() < until:
            time.sleep(0.1)
        after = client.get("/api/v1/findings").json()["findings"]
    with open_store(path, create=False) as store:
        accepted = store.accepted(project="shop")

    assert [each["nodeid"] for each in before] == [grew]
    assert (answer.status_code, unchanged.status_code) == (303, 404)
    assert after == []
    assert [(step.nodeid, step.accepted_by) for step in accepted] == [(grew, "this machine")]


@pytest.mark.slow_suite
@pytest.mark.parametrize("store", ["sqlite", "postgresql"])
def test_what_was_acknowledged_survives_the_death_of_the_server(
    store, tmp_path, start_server, make_run, request
):
    url = "" if store == "sqlite" else request.getfixturevalue("postgresql_url")
    place = url or str(tmp_path / ".lapwing" / "store.sqlite")
    acknowledged: list[str] = []
    sent = 0
    for _ in range(3):
        process, printed = start_server(tmp_path, "--store", place)
        address, _, key = printed.partition("/login?key=")
        bodies = [make_run(1000 + sent + at) for at in range(60)]
        killer = threading.Timer(1, process.send_signal, [signal.SIGKILL])
        headers = {"Cookie": f"lapwing={key}", "Origin": address}
        with httpx.Client(base_url=address, headers=headers, timeout=30) as client:
            for run in bodies:
                try:
                    answer = client.post("/api/v1/runs", content=document(run))
                except httpx.HTTPError:
                    break
                assert answer.status_code == 201
                acknowledged.append(run.run.run_id)
                if run is bodies[0]:
                    killer.start()
        sent += 60
        killer.join()
        process.wait(30)
    time.sleep(1)  # a process that was at work may still be ending

    with open_store(place, create=False) as kept:
        stored = [digest.run.run_id for digest in kept.runs()]
        whole = {len(kept.read_run(run_id).tests) for run_id in acknowledged}

    assert acknowledged
    assert set(acknowledged) <= set(stored)
    assert len(stored) == len(set(stored))
    assert whole == {40}
