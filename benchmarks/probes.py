"""What a counted event costs besides itself, probe by probe.

    python benchmarks/probes.py [--events 300] [--rounds 60]

Each event is done `events` times without the probe, with the probe where no test wants it ("off"),
and with it ("on"), in turns, and its processor time is read. Told is the smallest of all rounds: what
disturbs a process only ever adds.
"""

import argparse
import functools
import http.client
import os
import socket
import sqlite3
import time
from collections.abc import Callable

import cachetools
import httpx
import sqlalchemy

from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.library import LibraryProbe
from lapwing.measure.probes.registry import make_probes
from lapwing.measure.probes.sql.statement import statement

_WANTED = '"integration",[]'
_UNWANTED = '"unit",[]'
_NAMES = ("sql", "http", "cache")
_ALWAYS = ("sleep", "file", "socket")  # in tests of every category

Act = Callable[[], object]


def query_sqlite() -> Act:
    connection = sqlite3.connect(":memory:")
    cursor = connection.cursor()
    numbers = iter(range(1 << 62))
    return lambda: cursor.execute("SELECT ?", (next(numbers),))


def query_sqlalchemy() -> Act:
    engine = sqlalchemy.create_engine("sqlite://", poolclass=sqlalchemy.StaticPool)
    connection = engine.connect()
    numbers = iter(range(1 << 62))
    text = sqlalchemy.text("SELECT :n")
    return lambda: connection.execute(text, {"n": next(numbers)})


def request_httpx() -> Act:
    client = httpx.Client(transport=httpx.MockTransport(lambda request: httpx.Response(200)))
    return lambda: client.get("http://shop/")


class _Silent(http.client.HTTPConnection):
    """Sends nothing anywhere."""

    def send(self, data: object) -> None:
        pass


def request_http_client() -> Act:
    connection = _Silent("shop")

    def act() -> None:
        connection.request("GET", "/")
        connection.close()

    return act


def look_up_cachetools() -> Act:
    cache: cachetools.LRUCache[int, int] = cachetools.LRUCache(9)
    cache[1] = 1
    return lambda: cache[1]


def look_up_function() -> Act:
    cached = functools.lru_cache(lambda number: number)
    return lambda: cached(1)


def sleep() -> Act:
    return lambda: time.sleep(0)


def open_file() -> Act:
    return lambda: open(os.devnull).close()  # noqa: PTH123


def look_up_address() -> Act:
    return lambda: socket.getaddrinfo("127.0.0.1", 80)


def receive() -> Act:
    one, other = socket.socketpair()

    def act() -> None:
        one.sendall(b"x")
        other.recv(1)

    return act


EVENTS = {
    "query, sqlite3": query_sqlite,
    "query, SQLAlchemy": query_sqlalchemy,
    "request, httpx": request_httpx,
    "request, http.client": request_http_client,
    "look-up, cachetools": look_up_cachetools,
    "look-up, functools": look_up_function,
    "sleep": sleep,
    "file opened": open_file,
    "address looked up": look_up_address,
    "byte sent and received": receive,
}


def spent(act: Act, events: int) -> float:
    """Processor time of one event, in microseconds."""
    started = time.process_time_ns()
    for _ in range(events):
        act()
    return (time.process_time_ns() - started) / events / 1000


def measure(make: Callable[[], Act], events: int, rounds: int) -> list[float]:
    """The least time without the probe, with it off, and with it on."""
    least = [float("inf")] * 3
    for _ in range(rounds):
        for at, meta in enumerate((None, _UNWANTED, _WANTED)):
            counters = Counters({"integration": _NAMES})
            probes = [*make_probes(_ALWAYS, counters), LibraryProbe(_NAMES, counters)] if meta else []
            for probe in probes:
                probe.install()
            act = make()
            counters.begin(meta or _UNWANTED)
            counters.is_on = meta == _WANTED  # between tests the probes of every category rest
            least[at] = min(least[at], spent(act, events))
            counters.end()
            for probe in reversed(probes):
                probe.remove()
    return least


def fingerprint_cost(rounds: int) -> tuple[float, float]:
    """Microseconds to fingerprint a text of 140 characters for the first time, and again."""
    texts = [
        "SELECT book.id, book.title, book.author_id FROM book JOIN author ON author.id = book.author_id "
        f"WHERE book.id IN ({number}, 2, 3) AND author.name = 'name {number}'"
        for number in range(rounds * 100)
    ]
    first = min(_each(texts[at * 100 : at * 100 + 100]) for at in range(rounds))
    again = min(_each(texts[-1:] * 1000) for _ in range(rounds))
    return first, again


def _each(texts: list[str]) -> float:
    started = time.process_time_ns()
    for text in texts:
        statement(text)
    return (time.process_time_ns() - started) / len(texts) / 1000


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=60)
    arguments = parser.parse_args()
    print(f"{'event':<24}{'without':>10}{'off':>10}{'on':>10}{'off costs':>11}{'on costs':>11}   µs")
    for name, make in EVENTS.items():
        without, off, on = measure(make, arguments.events, arguments.rounds)
        print(f"{name:<24}{without:>10.2f}{off:>10.2f}{on:>10.2f}{off - without:>11.2f}{on - without:>11.2f}")
    first, again = fingerprint_cost(arguments.rounds)
    print(f"\nfingerprint: {first:.1f} µs for a new text, {again:.2f} µs for one seen before")


if __name__ == "__main__":
    main()
