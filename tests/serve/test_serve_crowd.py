"""Many who want nothing, read nothing or send half of something: whoever asks is answered beside them."""

import asyncio
import contextlib
import json
import select
import socket
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import httpx
import pytest
import websockets
import websockets.exceptions

from lapwing.model.access import Scope
from lapwing.model.live import LiveRun
from lapwing.model.run_text import recorded_run_json
from lapwing.operations.tokens import create_token, revoke_token, tokens
from lapwing.serve.households import household
from lapwing.serve.seats import Seats
from lapwing.serve.told_runs import ToldRuns
from lapwing.store.open_store import open_store

SERVING = """
import json
import sys
from pathlib import Path

from lapwing.serve.config import ServeConfig
from lapwing.serve.server import bind, open_door, serve

config = open_door(ServeConfig(Path.cwd(), "store.sqlite", port=0, **json.loads(sys.argv[1])))
listening = bind(config)
place = f"http://127.0.0.1:{listening.getsockname()[1]} {config.session_key}"
serve(config, listening, lambda: print(place, flush=True))
"""
OTHER = "127.0.0.2"


class Crowded(NamedTuple):
    """A server of narrow limits."""

    opened: contextlib.ExitStack
    url: str
    key: str

    @property
    def host(self) -> str:
        """Its address and port."""
        return self.url.removeprefix("http://")

    def client(self, address: str = "127.0.0.1") -> httpx.Client:
        """Somebody who asks from an address of this machine."""
        cookie = {"Cookie": f"lapwing={self.key}"}
        transport = httpx.HTTPTransport(local_address=address)
        return httpx.Client(base_url=self.url, headers=cookie, timeout=60, transport=transport)

    def connected(self, sent: str = "", address: str = "127.0.0.1") -> socket.socket:
        """A connection over which so much was sent."""
        name, _, port = self.host.partition(":")
        made = self.opened.enter_context(
            socket.create_connection((name, int(port)), timeout=60, source_address=(address, 0))
        )
        made.sendall(sent.encode())
        return made

    def watching(self, address: str = "127.0.0.1", key: str = "") -> websockets.connect:
        """Somebody who watches what is running."""
        return websockets.connect(
            self.url.replace("http", "ws") + "/live/socket",
            origin=self.url,
            additional_headers={"Cookie": f"lapwing={key or self.key}"},
            local_addr=(address, 0),
        )


@pytest.fixture
def crowded(tmp_path):
    """Starts a server with these limits."""
    with contextlib.ExitStack() as started:

        def begin(**limits: float) -> Crowded:
            command = [sys.executable, "-c", SERVING, json.dumps(limits)]
            process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.PIPE, text=True)
            started.callback(process.communicate)
            started.callback(process.terminate)
            assert process.stdout is not None
            return Crowded(started, *process.stdout.readline().split())

        yield begin


def token(root: Path, name: str) -> str:
    """The secret of a new token."""
    with open_store(str(root / "store.sqlite"), create=True) as store:
        return create_token(store, name=name, scope=Scope.ADMIN)[1]


def asked_with(server: Crowded, **headers: str) -> int:
    """How the server answers a request with these headers and nothing else."""
    return httpx.get(f"{server.url}/api/v1/runs", headers=headers, timeout=60).status_code


def is_let_go(connection: socket.socket) -> bool:
    """Whether the server closes it, once all that it has said is read."""
    try:
        while connection.recv(100_000):
            pass
    except ConnectionError:
        pass
    except TimeoutError:
        return False
    return True


def test_who_asks_is_answered_though_all_places_are_taken_by_those_who_do_not(crowded):
    server = crowded(most_connections=10)
    silent = [server.connected() for _ in range(10)]
    with server.client() as client:
        told = client.get("/runs").status_code

    assert told == 200
    assert is_let_go(silent[0])
    silent[-1].sendall(f"GET /healthz HTTP/1.1\r\nHost: {server.host}\r\n\r\n".encode())
    assert silent[-1].recv(100).startswith(b"HTTP/1.1 200")


@pytest.mark.parametrize("asking", ["127.0.0.1", OTHER])
def test_who_sends_half_of_something_everywhere_gives_way(crowded, asking):
    server = crowded(most_connections=10)
    half = (
        f"POST /login HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\nContent-Length: 9\r\n\r\nt"
    )
    slow = [server.connected(half) for _ in range(20)]
    with server.client(asking) as client:
        told = [client.get("/runs").status_code for _ in range(3)]

    assert told == [200] * 3
    assert is_let_go(slow[0])


@pytest.mark.parametrize(
    "begun",
    [
        "GET /healthz HTTP/1.1\r\nHo",
        "POST /api/v1/runs HTTP/1.1\r\nHost: {host}\r\nTransfer-Encoding: chunked\r\n\r\n1\r\na",
    ],
    ids=["half of a head", "the body of what was refused"],
)
def test_who_was_answered_and_then_sends_half_of_something_is_let_go(crowded, begun):
    server = crowded(head_patience_s=0.3)
    whole = f"GET /healthz HTTP/1.1\r\nHost: {server.host}\r\n\r\n"

    assert is_let_go(server.connected(whole + begun.format(host=server.host)))


def test_who_watches_is_not_taken_for_one_who_asks_for_nothing(crowded):
    server = crowded(head_patience_s=0.3)

    async def watch():
        async with server.watching() as watching:
            await watching.recv()
            later = await asyncio.to_thread(lambda: is_let_go(server.connected()))
            await (await watching.ping())
            return later

    assert asyncio.run(watch())


def test_who_takes_all_places_to_watch_gives_one_to_another(crowded):
    server = crowded(most_watching=3)

    async def watch():
        async with contextlib.AsyncExitStack() as opened:
            first, *others = [await opened.enter_async_context(server.watching()) for _ in range(3)]
            newcomer = await opened.enter_async_context(server.watching(OTHER))
            await newcomer.recv()
            with contextlib.suppress(websockets.exceptions.ConnectionClosed):
                async for _ in first:
                    pass
            for each in others:
                await (await each.ping())
            with pytest.raises(websockets.exceptions.InvalidStatus):
                await opened.enter_async_context(server.watching())
            return first.close_code

    assert asyncio.run(watch()) == 1013


def test_who_watches_with_a_token_that_is_revoked_is_let_go(crowded, tmp_path):
    known = token(tmp_path, "ann")
    server = crowded(watcher_for_s=0.1)

    async def watch():
        async with server.watching(key=known) as watching, server.watching() as other:
            await watching.recv()
            with open_store(str(tmp_path / "store.sqlite"), create=False) as store:
                revoke_token(store, tokens(store)[0].token_id)
            with contextlib.suppress(websockets.exceptions.ConnectionClosed):
                async for _ in watching:
                    pass
            await (await other.ping())

    asyncio.run(asyncio.wait_for(watch(), 30))


def live(run_id: str, project: str = "shop") -> LiveRun:
    return LiveRun(run_id=run_id, project=project, started_at_ns=1, elapsed_ns=1)


def test_a_project_that_tells_of_too_many_runs_keeps_no_other_from_telling():
    told = ToldRuns(3, lambda: 1.0)
    for number in range(4):
        told.tell(live(f"run {number}"))
    told.tell(live("other", "bikes"))

    assert [run.run_id for run in told.of("shop")] == ["run 1", "run 2"]
    assert [run.run_id for run in told.of("bikes")] == ["other"]


def test_a_run_without_news_is_forgotten():
    now = [1.0]
    told = ToldRuns(3, lambda: now[0])
    told.tell(live("first"))
    now[0] += 10
    told.tell(live("second"))
    now[0] += 6

    assert [run.run_id for run in told.of("shop")] == ["second"]


def test_a_seat_is_free_once_it_is_left():
    seats = Seats(1)
    seat = seats.take("ann", lambda: None)
    meanwhile = seats.take("ben", lambda: None)
    seats.leave(seat)
    seats.leave(seat)

    assert meanwhile is None
    assert seats.take("ben", lambda: None) is not None


def test_of_answers_that_nobody_reads_those_of_the_greediest_go(crowded, tmp_path, make_run):
    run = make_run(1)
    tests = tuple(run.tests[0]._replace(nodeid=f"tests/test_a.py::test_{at:0100}") for at in range(30_000))
    run = run._replace(tests=tests, benchmarks=())
    size = len(recorded_run_json(run))
    with open_store(str(tmp_path / "store.sqlite"), create=True) as store:
        store.write_run(run)
    server = crowded(most_unread_bytes=size * 12 // 5)  # of two, beside what the system holds of three
    asked = (
        f"GET /api/v1/runs/{run.run.run_id}?project=shop HTTP/1.1\r\nHost: {server.host}\r\n"
        f"Cookie: lapwing={server.key}\r\nConnection: close\r\n\r\n"
    )

    def read(connection: socket.socket) -> int:
        received = 0
        with contextlib.suppress(ConnectionError):
            while piece := connection.recv(1_000_000):
                received += len(piece)
        return received

    def unread(address: str) -> socket.socket:
        connection = server.connected(asked, address)
        connection.recv(20, socket.MSG_PEEK)  # it was made
        return connection

    modest, first, second = unread(OTHER), unread("127.0.0.1"), unread("127.0.0.1")
    received = [read(each) for each in (modest, first, second)]

    assert [each > size for each in received] == [True, False, True]


@pytest.mark.parametrize("brought", [{"Authorization": "Bearer wrong{}"}, {"Cookie": "lapwing=wrong{}"}])
def test_who_guesses_tokens_is_soon_told_to_wait_and_keeps_nobody_out(crowded, tmp_path, brought):
    known, other = token(tmp_path, "ann"), token(tmp_path, "ben")
    server = crowded(failures_a_minute=5)
    before = asked_with(server, Authorization=f"Bearer {known}")
    guesses = [
        asked_with(server, **{name: value.format(at) for name, value in brought.items()}) for at in range(8)
    ]
    after = [asked_with(server, Authorization=f"Bearer {each}") for each in (known, other)]
    with server.client() as client:
        of_this_machine = client.get("/runs").status_code

    assert guesses == [401] * 5 + [429] * 3
    assert (before, after, of_this_machine) == (200, [200, 429], 200)


def test_a_token_that_has_gone_is_looked_at_once_and_shuts_nobody_out(crowded, tmp_path):
    other = token(tmp_path, "ann")
    server = crowded(failures_a_minute=5)
    old = [asked_with(server, Cookie="lapwing=of-last-month") for _ in range(20)]

    assert old == [401] * 20
    assert asked_with(server, Authorization=f"Bearer {other}") == 200


@pytest.mark.parametrize(("proxies", "status"), [(["127.0.0.0/8"], 401), ([OTHER], 429), ([], 429)])
def test_only_a_proxy_that_is_named_is_believed_for_whom_it_asks(crowded, proxies, status):
    server = crowded(failures_a_minute=3, proxies=proxies)

    def guess(number: int, forwarded: str) -> int:
        headers = {"Authorization": f"Bearer {number}", "X-Forwarded-For": forwarded}
        return asked_with(server, **headers)

    guesses = [guess(at, "198.51.100.1, 203.0.113.7") for at in range(5)]
    invented = guess(7, "198.51.100.9, 203.0.113.7")  # what came before the proxy is anybody's word

    assert guesses == [401] * 3 + [429] * 2
    assert invented == 429
    assert guess(8, "198.51.100.1, 203.0.113.8") == status


@pytest.mark.parametrize(
    ("first", "second", "is_one"),
    [
        ("2001:db8::1", "2001:db8::ffff:2", True),
        ("2001:db8::1", "2001:db8:0:1::1", False),
        ("::ffff:203.0.113.7", "203.0.113.7", True),
        ("203.0.113.7", "203.0.113.8", False),
        ("fe80::1%eth0", "fe80::2", True),
        ("unknown", "unknown", True),
    ],
)
def test_addresses_that_one_machine_can_choose_among_are_one(first, second, is_one):
    assert (household(first) == household(second)) is is_one


def test_who_fills_the_room_for_runs_with_half_of_them_gives_way(crowded):
    server = crowded(most_held_bytes=30_000_000, body_patience_s=300)

    def sending(address: str) -> socket.socket:
        head = (
            f"POST /api/v1/runs HTTP/1.1\r\nHost: {server.host}\r\nOrigin: {server.url}\r\n"
            f"Cookie: lapwing={server.key}\r\nContent-Length: 14000001\r\n\r\n"
        )
        connection = server.connected(head, address)
        with contextlib.suppress(ConnectionError):  # it answered and let go while we still sent
            connection.sendall(b" " * 14_000_000)
        return connection

    def next_of(connections: list[socket.socket]) -> tuple[socket.socket, bytes]:
        """The first of them that is answered, and how."""
        answered, _, _ = select.select(connections, [], [], 120)
        return answered[0], answered[0].recv(13)[9:12]

    own = [sending("127.0.0.1") for _ in range(3)]  # there is room for two of them
    refused, of_themselves = next_of(own)
    own.remove(refused)
    other = sending(OTHER)
    lost, for_another = next_of([*own, other])
    own.remove(lost)
    for each in (*own, other):
        each.sendall(b" ")

    assert (of_themselves, for_another) == (b"503", b"503")
    assert [next_of([each])[1] for each in (*own, other)] == [b"404"] * 2  # spaces are no run
