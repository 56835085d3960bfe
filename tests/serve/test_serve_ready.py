"""Pages are made before anybody asks, and are there after a restart; a change is seen at once."""

import json
import os
import re
import signal
import sqlite3
import time

import httpx
import psutil
import pytest

from lapwing.model.codec import recorded_run_dict
from lapwing.model.inbox import InboxItem, Regressions
from lapwing.model.overview import NewestFacts
from lapwing.model.test_board import TestBoard, TestStanding
from lapwing.serve.answer import Answer
from lapwing.serve.answer_store import KeptAnswer, put_answer, take_answer
from lapwing.serve.derived import BOARD, NEWEST, REGRESSIONS, Kept, put, take
from lapwing.store.open_store import open_store

STANDING = TestStanding("a.py::test_\udc80", "unit", 7, 70, 10, 12, 13, None, 5, 0.5, 1.25, 9)
ITEM = InboxItem("a.py::test_ü", 1.5, 3.0, 2.0, "critical", "up to commit c0ffee", "it waits")


@pytest.fixture
def store(tmp_path):
    with open_store(str(tmp_path / "store.sqlite"), create=True) as opened:
        yield opened


@pytest.mark.parametrize(
    ("kind", "value"),
    [
        (BOARD, TestBoard((STANDING,), ("run-1", "run-2"), "cpu, 2 cores")),
        (REGRESSIONS, Regressions("run-2", (ITEM,))),
        (NEWEST, NewestFacts((("calls", 5), ("idle", 7)), (("unit", 3, 4),))),
    ],
)
def test_what_is_derived_comes_back_as_it_was(store, kind, value):
    put(store, "shop", kind, Kept(value, "12 runs"), maker="1.0 settings")

    assert take(store, "shop", kind, maker="1.0 settings", known=None) == Kept(value, "12 runs")
    assert take(store, "other", kind, maker="1.0 settings", known=None) is None


def test_what_was_begun_earlier_does_not_replace_what_is_kept(store):
    newer, older = Kept(NewestFacts((("calls", 5),)), "2 runs", 20), Kept(NewestFacts(), "1 run", 10)
    put(store, "shop", NEWEST, newer, maker="1.0 settings")
    put(store, "shop", NEWEST, older, maker="1.0 settings")
    kept = take(store, "shop", NEWEST, maker="1.0 settings", known=None)
    put(store, "shop", NEWEST, older, maker="1.1 settings")

    assert kept == newer
    assert take(store, "shop", NEWEST, maker="1.1 settings", known=None) == older


def test_what_another_version_or_other_settings_made_is_not_taken(store):
    put(store, "shop", NEWEST, Kept(NewestFacts(), "12 runs"), maker="1.0 settings")
    put_answer(
        store, "shop", "page", "/", KeptAnswer(Answer(b"old", stamp="12 runs"), 1), maker="1.0 settings"
    )

    assert take(store, "shop", NEWEST, maker="1.1 settings", known=None) is None
    assert take_answer(store, "shop", "page", "/", maker="1.1 settings") is None


def test_an_answer_comes_back_as_it_was(store):
    answer = Answer(b"\x00\xff<p>", "text/html", headers=(("Server-Timing", "answer"),), stamp="12 runs")
    put_answer(store, "shop", "page", "/", KeptAnswer(answer, 5), maker="1.0 settings")

    assert take_answer(store, "shop", "page", "/", maker="1.0 settings") == (answer, 5)
    assert take_answer(store, "shop", "api", "/", maker="1.0 settings") is None


def seen(client: httpx.Client, path: str, text: str) -> bool:
    """Whether a page says `text` within a minute."""
    until = time.monotonic() + 60
    while text not in client.get(path).text:
        if time.monotonic() > until:
            return False
        time.sleep(0.1)
    return True


def test_of_projects_that_somebody_makes_up_nothing_is_kept(start_server, tmp_path, make_run):
    file = str(tmp_path / ".lapwing" / "store.sqlite")
    with open_store(file, create=True) as kept:
        kept.write_run(make_run(1))
    _, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:
        for number in range(5):
            for path in ("/", "/tests", "/api/v1/findings"):
                client.get(path, params={"project": f"made-up-{number}"}).raise_for_status()
        # What is kept is written in turn: of the project that there is it is the last.
        client.get("/benchmarks?project=shop").raise_for_status()
        until = time.monotonic() + 60
        while "page /benchmarks" not in str(names := _kept_of(file)) and time.monotonic() < until:
            time.sleep(0.1)

    assert ("answer shop", "page /benchmarks") in names
    assert "made-up" not in str(names)


def _kept_of(file: str) -> list[tuple[str, str]]:
    with sqlite3.connect(file) as database:
        return database.execute("SELECT kind, name FROM entry").fetchall()


@pytest.mark.slow_suite
def test_a_run_that_pytest_stores_appears_on_pages_made_before(start_server, tmp_path, make_run):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    path = str(tmp_path / ".lapwing" / "store.sqlite")
    with open_store(path, create=True) as store:
        for number in range(8):
            store.write_run(make_run(number, days_ago=9 - number))
    process, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:
        first = client.get("/").text
        with open_store(path, create=False) as store:
            store.write_run(make_run(8, days_ago=0))
        newest = make_run(8).run.run_id[:13]
        is_seen = seen(client, "/", "9 complete runs"), seen(client, "/tests", "over 9 runs")
    process.send_signal(signal.SIGTERM)
    process.wait(30)

    # A server that starts again gives the same pages, of the newest runs.
    _, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:
        again = client.get("/").text

    assert "8 complete runs" in first
    assert is_seen == (True, True)
    assert "9 complete runs" in again
    assert newest in again


def background_of(server: psutil.Process) -> psutil.Process:
    """The process of low priority, as soon as it is there."""
    until = time.monotonic() + 60
    while time.monotonic() < until:
        for each in server.children():
            if each.nice() > server.nice():
                return each
        time.sleep(0.1)
    raise AssertionError("there is none")


@pytest.mark.slow_suite
@pytest.mark.skipif(os.name != "posix" or os.nice(0) >= 19, reason="there is no lower priority than this")
def test_the_api_knows_a_run_that_was_taken_in_though_the_background_gets_no_processor(
    start_server, tmp_path, make_run
):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    with open_store(str(tmp_path / ".lapwing" / "store.sqlite"), create=True) as store:
        for number in range(12):
            store.write_run(make_run(number, days_ago=13 - number))
    process, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    newest = make_run(13)
    newest = newest._replace(
        tests=(*newest.tests, newest.tests[0]._replace(nodeid="tests/test_b.py::test_new"))
    )
    told = {
        "tests": "tests/test_b.py::test_new",
        "findings": newest.run.run_id,
        "comparisons": "tests/test_b.py::test_new",
    }
    headers = {"Cookie": f"lapwing={key}", "Origin": url, "Cache-Control": "no-cache"}
    with httpx.Client(base_url=url, headers=headers, timeout=60) as client:
        for path in told:
            client.get(f"/api/v1/{path}")
        background = background_of(psutil.Process(process.pid))
        background.suspend()
        try:
            taken = client.post("/api/v1/runs", content=json.dumps(recorded_run_dict(newest)))
            until = time.monotonic() + 60
            left = set(told)
            while left and time.monotonic() < until:
                left -= {path for path in left if told[path] in client.get(f"/api/v1/{path}").text}
                time.sleep(0.2)
        finally:
            background.resume()

    assert taken.status_code == 201
    assert not left


@pytest.mark.parametrize("path", ["/run", "/why"])
def test_the_newest_run_is_ready_by_its_id_too_until_another_comes(start_server, tmp_path, make_run, path):
    first, second = make_run(1, project="shop"), make_run(2, project="shop")
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    store = str(tmp_path / ".lapwing" / "store.sqlite")
    with open_store(store, create=True) as kept:
        kept.write_run(first)
    _, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:
        latest = client.get(path)
        by_id = client.get(path, params={"project": "shop", "id": first.run.run_id})
        with open_store(store, create=False) as kept:
            kept.write_run(second)
        pages = [
            client.get(path, params={"project": "shop", "id": each.run.run_id}).text
            for each in (first, second)
        ]

    assert by_id.headers["server-timing"] == latest.headers["server-timing"]  # it was not made again
    assert by_id.text == latest.text
    ids = [each.run.run_id for each in (first, second)]
    assert [[each in page for each in ids] for page in pages] == [[True, False], [False, True]]


@pytest.mark.parametrize("path", ["/run", "/tests?q=test_new"])
def test_what_was_made_long_ago_is_not_shown_after_runs_have_come(start_server, tmp_path, make_run, path):
    (tmp_path / "pyproject.toml").write_text('[tool.lapwing]\nproject = "shop"\n')
    file = str(tmp_path / ".lapwing" / "store.sqlite")
    with open_store(file, create=True) as kept:
        kept.write_run(make_run(1))
    _ask(start_server, tmp_path, ["/run", "/tests"])
    newer = make_run(2)
    newer = newer._replace(tests=(*newer.tests, newer.tests[0]._replace(nodeid="tests/test_b.py::test_new")))
    with open_store(file, create=False) as kept:
        kept.write_run(newer)
    with sqlite3.connect(file) as database:  # as if the server had not run for a year
        for kind, name, document in database.execute("SELECT kind, name, document FROM entry").fetchall():
            *head, body = document.split("\n", 3)
            aged = [re.sub(r"\b1\d{18}\b", "1700000000000000000", line) for line in head]
            assert aged != head
            values = ("\n".join([*aged, body]), kind, name)
            database.execute("UPDATE entry SET document = ? WHERE kind = ? AND name = ?", values)

    (page,) = _ask(start_server, tmp_path, [path])

    assert "tests/test_b.py::test_new" in page.replace("<wbr>", "")


def _ask(start_server, root, paths: list[str]) -> list[str]:
    """What a server that is started for these pages shows."""
    process, place = start_server(root)
    url, _, key = place.partition("/login?key=")
    with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:
        shown = [client.get(path).text for path in paths]
    process.terminate()
    process.wait(30)
    return shown
