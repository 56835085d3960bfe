"""A server whose store is a database that others use, restart and watch over."""

import json
import threading

import httpx
import psycopg
import pytest

from lapwing.model.codec import recorded_run_dict


def signed_in(place: str) -> httpx.Client:
    url, _, key = place.partition("/login?key=")
    headers = {"Cookie": f"lapwing={key}", "Origin": url}
    return httpx.Client(base_url=url, headers=headers, timeout=60)


def push(client: httpx.Client, recorded) -> httpx.Response:
    return client.post("/api/v1/runs?project=shop", content=json.dumps(recorded_run_dict(recorded)))


def test_connections_that_the_database_ended_are_opened_anew(
    postgresql_url, start_server, tmp_path, make_run
):
    _, place = start_server(tmp_path, "--store", postgresql_url)
    with signed_in(place) as client, psycopg.connect(postgresql_url, autocommit=True) as database:
        push(client, make_run(1))
        client.get("/runs?project=shop")
        statuses = []
        for number in (2, 3):
            database.execute(
                "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE application_name = 'lapwing'"
            )
            statuses += [client.get(f"/runs?project=shop&page={each}").status_code for each in (1, 2, 3)]
            statuses.append(push(client, make_run(number)).status_code)
        listed = client.get("/api/v1/runs?project=shop").json()["runs"]

    assert statuses == [200, 200, 200, 201] * 2
    assert len(listed) == 3


def test_servers_that_start_at_once_on_an_empty_database_share_it(
    postgresql_url, start_server, tmp_path, make_run
):
    places = {}

    def begin(name: str) -> None:
        (tmp_path / name).mkdir()
        _, places[name] = start_server(tmp_path / name, "--store", postgresql_url)

    starting = [threading.Thread(target=begin, args=(name,)) for name in ("one", "two")]
    for each in starting:
        each.start()
    for each in starting:
        each.join()
    with signed_in(places["one"]) as one, signed_in(places["two"]) as two:
        pushed = [push(one, make_run(1)), push(two, make_run(2)), push(two, make_run(1))]
        told = [client.get("/api/v1/runs?project=shop").json() for client in (one, two)]

    assert [answer.status_code for answer in pushed] == [201, 201, 200]
    assert told[0] == told[1]
    assert len(told[0]["runs"]) == 2


@pytest.mark.parametrize("path", ["/runs", "/api/v1/runs"])
def test_a_database_that_is_gone_is_said_without_its_password(start_server, tmp_path, path):
    _, place = start_server(tmp_path, "--store", "postgresql://me:secret@127.0.0.1:1/lapwing")
    with signed_in(place) as client:
        answer = client.get(path)

    assert answer.status_code == 503
    assert "cannot be reached" in answer.text
    assert "secret" not in answer.text


@pytest.mark.parametrize("path", ["/run?id=latest", "/tests", "/"])
def test_a_database_that_is_gone_is_told_as_a_page_in_a_browser(start_server, tmp_path, path):
    _, place = start_server(tmp_path, "--store", "postgresql://me:secret@127.0.0.1:1/lapwing")
    with signed_in(place) as client:
        answer = client.get(path, headers={"Accept": "text/html"})

    assert answer.status_code == 503
    assert answer.headers["content-type"].startswith("text/html")
    assert "cannot be reached" in answer.text


def test_nobody_that_is_not_known_is_told_where_the_database_is(start_server, tmp_path):
    _, place = start_server(tmp_path, "--store", "postgresql://me:secret@127.0.0.1:1/lapwing")
    headers = {"Authorization": "Bearer lapwing_0123456789ab_x"}
    with httpx.Client(base_url=place.partition("/login")[0], headers=headers, timeout=60) as client:
        answer = client.get("/api/v1/runs")

    assert answer.status_code == 503
    assert answer.json() == {"error": "the store does not answer", "mend": "Try again in a while."}
