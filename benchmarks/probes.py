"""What a counted event costs besides itself, probe by probe.

    python benchmarks/probes.py [--events 300] [--rounds 60] [--dsn postgresql://...]

Each event is done `events` times without the probe, with the probe where no test wants it ("off"),
and with it ("on"), in turns, and its processor time is read. Told is the smallest of all rounds: what
disturbs a process only ever adds.
"""

import _sqlite3
import argparse
import asyncio
import functools
import http.client
import os
import socket
import sqlite3
import sys
import time
import types
from collections.abc import Callable

import asyncpg
import cachetools
import django
import django.conf
import django.db
import httpx
import psycopg
import sqlalchemy

from lapwing.api.perf import Perf
from lapwing.measure.present_recording import Recording, enter, leave
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.library import LibraryProbe
from lapwing.measure.probes.registry import make_probes
from lapwing.measure.probes.sql.statement import statement

_WANTED = '"integration",[]'
_UNWANTED = '"unit",[]'
_NAMES = ("sql", "http", "cache")
_ALWAYS = ("sleep", "file", "socket")  # in tests of every category

_NAMED = "driver_of_c"  # one that Lapwing does not know: sqlite3 below its Python part

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


def query_django() -> Act:
    if not django.conf.settings.configured:
        databases = {"default": {"ENGINE": "django.db.backends.sqlite3", "NAME": ":memory:"}}
        django.conf.settings.configure(DATABASES=databases)
        django.setup()
    cursor = django.db.connection.cursor()
    numbers = iter(range(1 << 62))
    return lambda: cursor.execute("SELECT %s", [next(numbers)])


def query_named_driver() -> Act:
    cursor = sys.modules[_NAMED].connect(":memory:").cursor()
    numbers = iter(range(1 << 62))
    return lambda: cursor.execute("SELECT ?", (next(numbers),))


def query_psycopg(dsn: str) -> Act:
    connection = psycopg.connect(dsn, autocommit=True)
    numbers = iter(range(1 << 62))
    return lambda: connection.execute("SELECT %s::int8", (next(numbers),))


def query_asyncpg(dsn: str) -> Act:
    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(dsn))
    numbers = iter(range(1 << 62))
    return lambda: loop.run_until_complete(connection.fetchval("SELECT $1::int8", next(numbers)))


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
    "query, Django on sqlite3": query_django,
    "query, sql_drivers, of C": query_named_driver,
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
            libraries = LibraryProbe(_NAMES, counters, [_NAMED])
            probes = [*make_probes(_ALWAYS, counters), libraries] if meta else []
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


def own_metric_cost(rounds: int) -> float:
    """Microseconds of `perf.record` in a test, the first value of a test among a hundred."""
    counters = Counters()
    recording = Recording(lambda record: None, lambda: "test", counters, lambda kind: None)
    record = Perf().record
    least = [float("inf")] * 2
    enter(recording)
    for _ in range(rounds):
        for at, act in enumerate((lambda: None, lambda: record("rows", 1))):
            counters.begin()
            least[at] = min(least[at], spent(act, 100))
            counters.end()
    leave(recording)
    return least[1] - least[0]


def main() -> None:
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--events", type=int, default=300)
    parser.add_argument("--rounds", type=int, default=60)
    parser.add_argument("--dsn", help="a PostgreSQL, for psycopg 3 and asyncpg, too")
    arguments = parser.parse_args()
    sys.modules[_NAMED] = driver = types.ModuleType(_NAMED)
    driver.connect = _sqlite3.connect  # type: ignore[attr-defined]
    if arguments.dsn:
        EVENTS["query, psycopg 3"] = functools.partial(query_psycopg, arguments.dsn)
        EVENTS["query, asyncpg"] = functools.partial(query_asyncpg, arguments.dsn)
    print(f"{'event':<26}{'without':>10}{'off':>10}{'on':>10}{'off costs':>11}{'on costs':>11}   µs")
    for name, make in EVENTS.items():
        without, off, on = measure(make, arguments.events, arguments.rounds)
        print(f"{name:<26}{without:>10.2f}{off:>10.2f}{on:>10.2f}{off - without:>11.2f}{on - without:>11.2f}")
    first, again = fingerprint_cost(arguments.rounds)
    print(f"\nmetric of one's own: {own_metric_cost(arguments.rounds):.2f} µs")
    print(f"fingerprint: {first:.1f} µs for a new text, {again:.2f} µs for one seen before")


if __name__ == "__main__":
    main()
