"""Who is let in, and what a foreign page, a wrong token or a hostile body achieves: nothing."""

import asyncio
import contextlib
import errno
import gzip
import html
import re
import socket
import time

import httpx
import pytest
import websockets
import websockets.exceptions

from lapwing.serve.config import ServeConfig
from lapwing.serve.limits import Buckets
from lapwing.serve.server import bind

ROUTES = [
    *(
        "/",
        "/runs",
        "/run",
        "/why",
        "/tests",
        "/test",
        "/inbox",
        "/compare",
        "/trend",
        "/flaky",
        "/leaks",
        "/what-if",
    ),
    *("/benchmarks", "/log", "/live", "/live/part", "/metrics"),
    *(f"/api/v1/{each}" for each in ("runs", "runs/latest", "tests", "tests.csv", "tests.parquet", "series")),
    *(f"/api/v1/{each}" for each in ("comparisons", "findings", "projects", "live", "openapi.json")),
]


@pytest.mark.parametrize("path", ROUTES)
def test_nothing_is_shown_to_nobody(server, path):
    with server.client() as client:
        answer = client.get(path)

    assert answer.status_code == 401
    assert "test_shop" not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/runs", "/api/v1/live", "/inbox/state"])
def test_nobody_changes_anything(server, path):
    with server.client() as client:
        assert client.post(path, content=b"{}").status_code == 401


@pytest.mark.parametrize("path", [*ROUTES, "/test?nodeid=x", "/api/v1/series?nodeid=x"])
def test_a_token_of_another_project_sees_nothing_of_this_one(server, path):
    with server.client("other") as client:
        own = client.get(path)
        asked = client.get(path + ("&" if "?" in path else "?") + "project=shop")

    assert asked.status_code == 403
    assert "test_shop" not in asked.text
    assert "0192f3a1-0000-7000-8000-0115" not in own.text


@pytest.mark.parametrize("path", ["/", "/tests", "/run?id=nobody", "/api/v1/projects"])
def test_a_token_of_one_project_is_told_no_names_of_others(server, path):
    with server.client("other") as client:
        told = client.get(path).text
    with server.client("admin") as client:
        all_told = client.get(path).text

    assert '"shop"' in all_told
    assert '"shop"' not in told
    assert "other" in told
    assert told.count("</nav>") == all_told.count("</nav>")


def test_a_token_pushes_into_its_own_project_only(server, make_run):
    import json

    from lapwing.model.codec import recorded_run_dict

    body = json.dumps(recorded_run_dict(make_run(500)))
    with server.client("other") as client:
        refused = client.post("/api/v1/runs?project=shop", content=body)
        taken = client.post("/api/v1/runs", content=body)
    with server.client("admin") as client:
        listed = [run["run_id"] for run in client.get("/api/v1/runs?project=other").json()["runs"]]

    assert (refused.status_code, taken.status_code) == (403, 201)
    assert taken.json()["run_id"] in listed


@pytest.mark.parametrize(
    ("token", "path", "status"),
    [
        ("read", "/api/v1/runs", 403),
        ("read", "/inbox/state", 403),
        ("write", "/inbox/state", 403),
        ("expired", "/api/v1/runs", 401),
        ("lapwing_000000000000_nothing", "/api/v1/runs", 401),
        ("../../etc/passwd", "/api/v1/runs", 401),
    ],
)
def test_a_token_allows_its_scope_and_no_more(server, token, path, status):
    with server.client(token) as client:
        assert client.post(path, content=b"{}").status_code == status


@pytest.mark.parametrize("host", ["evil.example", "127.0.0.1.evil.example:80", "", "localhost@evil.example"])
def test_another_host_is_refused(server, host):
    with server.client(key=True, Host=host) as client:
        assert client.get("/").status_code in (400, 421)


@pytest.mark.parametrize("path", ROUTES)
def test_another_host_gets_nothing_from_any_route(server, path):
    with server.client(key=True, Host="rebound.example") as client:
        answer = client.get(path)

    assert answer.status_code == 421
    assert "test_shop" not in answer.text


@pytest.mark.parametrize("path", ["/api/v1/runs", "/api/v1/live", "/inbox/state", "/login"])
def test_no_change_is_made_for_a_page_of_another_site(server, make_run, path):
    with server.client(key=True, Origin="https://evil.example") as client:
        answer = client.post(path, content=b"token=x&nodeid=x&state=noise")

    assert answer.status_code == 403


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null", "http://127.0.0.1:1"])
def test_a_foreign_page_changes_nothing_through_somebodys_browser(server, origin):
    headers = {} if origin is None else {"Origin": origin}
    with server.client(key=True, **headers) as client:
        answer = client.post("/inbox/state", data={"nodeid": server.grew, "state": "noise"})

    assert answer.status_code == 403


@pytest.mark.parametrize("origin", [None, "https://evil.example", "null"])
def test_a_foreign_page_gets_no_socket(server, origin):
    address = server.url.replace("http", "ws") + "/live/socket"

    async def connect():
        cookie = {"Cookie": f"lapwing={server.key}"}
        async with websockets.connect(address, origin=origin, additional_headers=cookie):
            pass

    with pytest.raises(websockets.exceptions.WebSocketException):
        asyncio.run(connect())


def test_a_socket_by_another_name_of_the_machine_is_refused(server):
    address = server.url.replace("http", "ws") + "/live/socket"
    headers = {"Cookie": f"lapwing={server.key}", "Host": "rebound.example"}

    async def connect():
        async with websockets.connect(address, origin="http://rebound.example", additional_headers=headers):
            pass

    with pytest.raises(websockets.exceptions.WebSocketException):
        asyncio.run(connect())


def test_the_key_of_the_url_becomes_a_cookie_that_scripts_do_not_see(server):
    with server.client() as client:
        answer = client.get(f"/login?key={server.key}")
        wrong = client.get("/login?key=wrong")

    assert answer.status_code == 303
    assert {"HttpOnly", "SameSite=Strict"} <= set(answer.headers["set-cookie"].split("; "))
    assert wrong.status_code == 401


@pytest.mark.parametrize(
    "beside",
    ['prefs={"a": 1}', "a[b]=c", 'open="', "=", "lapwing=forged", "lapwing-PORT=forged", "lapwing-1=other"],
)
def test_cookies_of_other_servers_of_the_machine_do_not_sign_out(server, beside):
    port = server.url.rpartition(":")[2]
    with server.client(Cookie=f"{beside.replace('PORT', port)}; lapwing-{port}={server.key}") as client:
        assert client.get("/runs").status_code == 200


def test_the_cookie_is_of_this_port_alone(server):
    with server.client() as client:
        kept = client.get(f"/login?key={server.key}").headers["set-cookie"]

    assert kept.startswith(f"lapwing-{server.url.rpartition(':')[2]}=")
    assert "Secure" not in kept


def test_behind_a_proxy_with_tls_the_cookie_is_one_that_no_other_host_can_set(server):
    place = server.url.removeprefix("http://")
    with server.client(Origin=f"https://{place}") as client:
        kept = client.post("/login", data={"token": server.tokens["read"]}).headers["set-cookie"]
        client.headers["Cookie"] = kept.partition(";")[0]
        shown = client.get("/runs?project=shop").status_code

    assert kept.startswith("__Host-lapwing-")
    assert "Secure" in kept.split("; ")
    assert shown == 200


def test_every_answer_forbids_what_it_does_not_need(server):
    with server.client(key=True) as client:
        for path in ("/", "/api/v1/runs", "/static/script.js", "/nowhere"):
            headers = client.get(path).headers
            assert headers["content-security-policy"].startswith("default-src 'none'; script-src 'self';")
            assert headers["x-content-type-options"] == "nosniff"
            assert headers["referrer-policy"] == "same-origin"


@pytest.mark.parametrize(
    "path",
    [
        "/static/../app.py",
        "/static/..%2f..%2fapp.py",
        "/static/%2e%2e/app.py",
        "/api/v1/runs/..%2f..%2fetc%2fpasswd",
        "/run?id=/etc/passwd",
        "/api/v1/comparisons?a=pyproject.toml&b=latest",
        "/api/v1/comparisons?a=HEAD&b=latest",
    ],
)
def test_no_file_is_read_by_its_name(server, path):
    with server.client(key=True) as client:
        answer = client.get(path)

    assert answer.status_code == 404
    assert "root:" not in answer.text


def test_what_unpacks_to_far_too_much_is_refused(server):
    bomb = gzip.compress(b"\0" * 300_000_000, 9)
    with server.client("write") as client:
        answer = client.post("/api/v1/runs", content=bomb)

    assert answer.status_code == 413
    assert "unpacks to more than 256,000,000 bytes" in answer.json()["error"]


def test_what_is_packed_twice_is_refused_before_it_is_unpacked_twice(server):
    report = b"<testsuite><testcase name='a' time='1'/>" + b" " * 1_000_000 + b"</testsuite>"
    with server.client("write") as client:
        answer = client.post("/api/v1/runs", content=gzip.compress(gzip.compress(report)))

    assert (answer.status_code, answer.json()["error"]) == (422, "it is packed twice")


def test_a_run_packed_in_several_members_is_read_whole(server, make_run):
    import json

    from lapwing.model.codec import recorded_run_dict

    body = json.dumps(recorded_run_dict(make_run(702, project="pushed"))).encode()
    members = [gzip.compress(body[at : at + 1000]) for at in range(0, len(body), 1000)]
    with server.client("write") as client:
        taken = client.post("/api/v1/runs", content=b"".join(members) + bytes(512))
        refused = client.post("/api/v1/runs", content=gzip.compress(b"") * 20_000)

    assert (taken.status_code, taken.json()["tests"]) == (201, 40)
    assert "more than 10,000 members" in refused.json()["error"]


@pytest.mark.parametrize(
    ("swollen", "excess"),
    [
        (b"[" + b"[]," * 20_000_000 + b"[]]", "5,000,000 values"),
        (b'{"a":0' + b',"a":{"":0}' * 2_000_000 + b"}", "5,000,000 values"),
        ('"\U0001f426'.encode() + b"a" * 65_000_000 + b'"', "64,000,000 bytes"),
        (b'{"nodeid":[0' + b",0" * 250_000 + b"]}", "250,000 tests"),
        (b"[0" + b",0" * 250_000 + b"]", "250,000 tests"),
    ],
    ids=["lists", "objects", "one wide character", "tests in columns", "tests"],
)
def test_a_small_document_that_swells_in_memory_is_refused_before_it_does(server, make_run, swollen, excess):
    import json

    from lapwing.model.codec import recorded_run_dict

    fields = recorded_run_dict(make_run(700, project="pushed"))
    head = json.dumps({"format_version": fields["format_version"], "run": fields["run"]}).encode()
    with server.client("write") as client:
        answer = client.post(
            "/api/v1/runs", content=gzip.compress(head[:-1] + b',"tests":' + swollen + b"}", 1)
        )

    assert answer.status_code == 413
    assert f"it holds more than {excess}" in answer.json()["error"]
    assert "read as a stream" in str(answer.json())


def test_of_many_wrong_records_ten_thousand_are_named(server, make_run):
    import json

    from lapwing.model.codec import recorded_run_dict

    document = json.dumps({**recorded_run_dict(make_run(701)), "fixtures": [0] * 30_000})
    with server.client("write") as client:
        refused = client.post("/api/v1/runs", content=gzip.compress(document.encode(), 1)).json()["refused"]

    assert len(refused) == 10_001
    assert refused[-1] == {"place": "fixtures", "reason": "20,000 more are refused"}


def test_a_body_that_is_too_large_is_refused_before_it_is_read(server):
    def endless():
        for _ in range(100):
            yield b" " * 1_000_000

    with server.client("write") as client:
        try:
            streamed = client.post("/api/v1/runs", content=endless()).status_code
        except httpx.HTTPError:  # the server answered and let go while we still sent
            streamed = 413

    assert streamed == 413


@pytest.mark.slow_suite
def test_many_large_runs_at_once_do_not_add_up_in_memory(start_server, tmp_path):
    _, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    host, _, port = url.removeprefix("http://").partition(":")
    head = (
        f"POST /api/v1/runs HTTP/1.1\r\nHost: {host}:{port}\r\nOrigin: {url}\r\nCookie: lapwing={key}\r\n"
        "Content-Length: 31000001\r\n\r\n"
    )
    with contextlib.ExitStack() as opened:
        senders = []
        for _ in range(9):  # all but the last byte: each of them waits for more
            sender = opened.enter_context(socket.create_connection((host, int(port)), timeout=60))
            with contextlib.suppress(ConnectionError):  # it answered and let go while we still sent
                sender.sendall(head.encode() + b" " * 31_000_000)
            senders.append(sender)
        refused = senders[-1].recv(20)
        healthy = httpx.get(f"{url}/healthz").status_code
        senders[0].sendall(b" ")
        taken = senders[0].recv(20)

    assert b" 503 " in refused
    assert b" 404 " in taken  # spaces are no run
    assert healthy == 200


def asked_raw(server, head: str) -> bytes:
    """What the server says to these bytes."""
    host, _, port = server.url.removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=30) as asking:
        asking.sendall(head.format(host=f"{host}:{port}", key=server.key, url=server.url).encode())
        asking.shutdown(socket.SHUT_WR)
        pieces = []
        while piece := asking.recv(65_536):
            pieces.append(piece)
    return b"".join(pieces)


SECOND = "GET /api/v1/projects HTTP/1.1\r\nHost: {host}\r\nCookie: lapwing={key}\r\n\r\n"


@pytest.mark.parametrize(
    "lengths",
    [
        "Content-Length: 5\r\nTransfer-Encoding: chunked",
        "Content-Length: 5\r\nContent-Length: 6",
        "Content-Length: +5",
        "Transfer-Encoding: xchunked",
        "Transfer-Encoding: chunked, identity",
        "Content-Length : 5",
    ],
)
def test_a_request_of_two_lengths_hides_no_second_one(server, lengths):
    head = f"POST /api/v1/runs HTTP/1.1\r\nHost: {{host}}\r\n{lengths}\r\n\r\n0\r\n\r\n"

    said = asked_raw(server, head + SECOND)

    assert said.startswith(b"HTTP/1.1 400 ")
    assert said.count(b"HTTP/1.1") == 1
    assert b"projects" not in said


def test_who_goes_away_while_sending_leaves_no_fault_in_the_log(start_server, tmp_path, capfd):
    _, place = start_server(tmp_path)
    url, _, key = place.partition("/login?key=")
    host, _, port = url.removeprefix("http://").partition(":")
    head = f"POST /api/v1/runs HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nCookie: lapwing={key}\r\n"
    with socket.create_connection((host, int(port)), timeout=30) as leaving:
        leaving.sendall(f"{head}Content-Length: 1000\r\n\r\nhalf".encode())
    with httpx.Client(base_url=url, headers={"Cookie": f"lapwing={key}"}, timeout=60) as client:
        shown = client.get("/runs").status_code

    assert shown == 200
    assert "Traceback" not in capfd.readouterr().err


@pytest.mark.parametrize("path", ["/login", "/inbox/state"])
def test_nobody_makes_the_server_hold_more_than_a_form(server, path):
    with server.client(Origin=server.url) as client:
        try:
            status = client.post(path, content=b"token=" + b"x" * 1_000_000).status_code
        except httpx.HTTPError:  # the server answered and let go while we still sent
            status = 413

    assert status == 413


@pytest.mark.slow_suite
def test_who_sends_a_body_drop_by_drop_is_let_go_and_holds_up_nobody(start_server, tmp_path):
    _, place = start_server(tmp_path)
    host, _, port = place.partition("/login")[0].removeprefix("http://").partition(":")
    with socket.create_connection((host, int(port)), timeout=60) as slow:
        head = f"POST /login HTTP/1.1\r\nHost: {host}\r\nOrigin: http://{host}\r\nContent-Length: 9\r\n\r\n"
        slow.sendall(head.encode() + b"t")
        healthy = httpx.get(f"http://{host}:{port}/healthz").status_code
        left = slow.recv(1000)

    assert healthy == 200
    assert b" 408 " in left[:20]


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"{",
        b"null",
        b"[" * 100_000,
        b'{"format_version": 1, "run": {}}',
        b'{"format_version": 1, "run": {"run_id": "0192f3a1", "started_at_ns": 1e400}}',
        b'{"format_version": 1, "run": {"run_id": "0192f3a1", "started_at_ns": 99999999999999999999}}',
        b'{"format_version": 1, "run": {"run_id": "../x", "started_at_ns": 1, "duration_ns": 0}}',
        b'{"format_version": 99, "run": {"run_id": "x"}}',
        b"\x1f\x8b broken",
        b"<!DOCTYPE a [<!ENTITY b SYSTEM 'file:///etc/passwd'>]><testsuite><testcase name='&b;'/>",
    ],
)
def test_what_is_no_run_is_refused_and_harms_nobody(server, body):
    with server.client("write") as client:
        answer = client.post("/api/v1/runs", content=body)

        assert answer.status_code in (404, 422)
        assert "root:" not in answer.text
        assert client.get("/healthz").status_code == 200


@pytest.mark.parametrize("name", ["half\ud800", "\udc80\udcff", "nothing\0", "right\u202eleft"])
def test_a_name_that_is_no_text_harms_no_page_and_has_its_own(server, make_run, name):
    import json

    from lapwing.model.codec import recorded_run_dict

    run = make_run(600 + len(name), project="odd")
    run = run._replace(tests=(run.tests[0]._replace(nodeid=name),), benchmarks=())
    with server.client("admin") as client:
        taken = client.post("/api/v1/runs?project=odd", content=json.dumps(recorded_run_dict(run)))
        listed = client.get("/run?project=odd&id=" + run.run.run_id)
        (link,) = set(re.findall(r'href="(/test\?[^"]*)"', listed.text))
        own = client.get(html.unescape(link))
        pages = [client.get(f"{path}?project=odd").status_code for path in ("/", "/tests", "/why", "/log")]

    assert (taken.status_code, own.status_code) == (201, 200)
    assert pages == [200] * 4


def test_a_run_that_goes_on_elsewhere_with_such_names_is_shown(server):
    import json

    running = {"nodeid": "half\ud800<script>", "worker": "\udc80", "elapsed_ns": 5}
    live = {
        "run_id": "\ud800",
        "project": "odd",
        "started_at_ns": 1,
        "elapsed_ns": 5,
        "finished": 1,
        "failed": 1,
        "running": [running],
        "failures": ["\udcff"],
    }
    with server.client("admin") as client:
        told = client.post("/api/v1/live", content=json.dumps(live)).status_code
        shown = client.get("/live?project=odd")

    assert (told, shown.status_code) == (204, 200)
    assert "half\\ud800&lt;script&gt;" in shown.text.replace("<wbr>", "")


@pytest.mark.slow_suite
def test_who_connects_and_never_asks_is_let_go(server):
    # Half a head, then silence: the server closes by itself, and answers others meanwhile.
    place = server.url.removeprefix("http://").split(":")
    with socket.create_connection((place[0], int(place[1])), timeout=40) as silent:
        silent.sendall(b"GET / HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Slow: ")
        with server.client(key=True) as client:
            assert client.get("/runs").status_code == 200
        began = time.monotonic()
        left = silent.recv(1000)

    assert left == b"" or b" 4" in left[:20]
    assert time.monotonic() - began < 35


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="only Linux lets go of who does not read")
def test_who_does_not_read_an_answer_is_let_go(tmp_path):
    config = ServeConfig(tmp_path, "store.sqlite", port=0, answer_patience_s=0.5)
    with bind(config) as listening, socket.create_connection(listening.getsockname()):
        accepted, _ = listening.accept()
        accepted.settimeout(30)
        with accepted, pytest.raises(TimeoutError) as told:
            accepted.sendall(bytes(50_000_000))

    assert told.value.errno == errno.ETIMEDOUT  # of the system, not of this test


def test_a_public_address_without_tokens_is_refused(tmp_path):
    import subprocess
    import sys

    command = [sys.executable, "-m", "lapwing", "serve", "--host", "0.0.0.0", "--port", "0"]
    ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 2
    assert "lapwing token create" in ended.stderr


def test_a_taken_port_names_the_next_free_one(tmp_path):
    import subprocess
    import sys

    with socket.create_server(("127.0.0.1", 0)) as taken:
        port = taken.getsockname()[1]
        command = [sys.executable, "-m", "lapwing", "serve", "--port", str(port)]
        ended = subprocess.run(command, cwd=tmp_path, capture_output=True, text=True, timeout=60)

    assert ended.returncode == 2
    assert f"port {port} is taken" in ended.stderr
    assert "is free: --port" in ended.stderr


def test_who_asks_more_often_than_allowed_waits_and_the_others_do_not():
    now = [0.0]
    permits = Buckets(60, lambda: now[0])

    waits = [permits.wait_s("ci") for _ in range(61)]
    other = permits.wait_s("somebody else")
    now[0] = 1.0

    assert waits == [0.0] * 60 + [1.0]
    assert other == 0.0
    assert permits.wait_s("ci") == 0.0
