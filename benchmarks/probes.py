"""What a counted event costs besides itself, probe by probe.

    python benchmarks/probes.py [--events 30] [--rounds 300] [--dsn postgresql://...] [--instructions]

Each event is done `events` times without the probe, with the probe where no test wants it ("off"), and with
it ("on"), in turns, and its processor time is read. What the probe costs is the median of the differences
within a round: two times that lie milliseconds apart meet the same machine. `--instructions` counts by
valgrind what the process does itself, the difference of 40 and 80 events: the same from run to run, and blind
to system calls and caches.
"""

import _sqlite3
import argparse
import asyncio
import contextlib
import functools
import http.client
import os
import random
import re
import shutil
import socket
import sqlite3
import subprocess
import sys
import time
import types
from collections.abc import Callable, Iterator
from statistics import median

from lapwing.api.perf import Perf
from lapwing.measure.present_recording import Recording, enter, leave
from lapwing.measure.probes.counted_call import CountedCall
from lapwing.measure.probes.counters import Counters
from lapwing.measure.probes.inside import Events, timed
from lapwing.measure.probes.library import LibraryProbe
from lapwing.measure.probes.registry import make_probes
from lapwing.measure.probes.sql.statement import statement

_WANTED = '"integration",[]'
_UNWANTED = '"unit",[]'
_NAMES = ("sql", "http", "cache")
_ALWAYS = ("sleep", "file", "socket")  # in tests of every category

STATES = {"without": None, "off": _UNWANTED, "on": _WANTED}
_COUNTED = (40, 80)  # events

_NAMED = "driver_of_c"  # one that Lapwing does not know: sqlite3 below its Python part

Act = Callable[[], object]


def query_sqlite() -> Act:
    connection = sqlite3.connect(":memory:")
    cursor = connection.cursor()
    numbers = iter(range(1 << 62))
    return lambda: cursor.execute("SELECT ?", (next(numbers),))


def query_sqlalchemy() -> Act:
    import sqlalchemy

    engine = sqlalchemy.create_engine("sqlite://", poolclass=sqlalchemy.StaticPool)
    connection = engine.connect()
    numbers = iter(range(1 << 62))
    text = sqlalchemy.text("SELECT :n")
    return lambda: connection.execute(text, {"n": next(numbers)})


def query_django() -> Act:
    import django
    import django.conf
    import django.db

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
    import psycopg

    connection = psycopg.connect(dsn, autocommit=True)
    numbers = iter(range(1 << 62))
    return lambda: connection.execute("SELECT %s::int8", (next(numbers),))


def query_asyncpg(dsn: str) -> Act:
    import asyncpg

    loop = asyncio.new_event_loop()
    connection = loop.run_until_complete(asyncpg.connect(dsn))
    numbers = iter(range(1 << 62))
    return lambda: loop.run_until_complete(connection.fetchval("SELECT $1::int8", next(numbers)))


def request_httpx() -> Act:
    import httpx

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
    import cachetools

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


@contextlib.contextmanager
def probed(meta: str | None) -> Iterator[None]:
    """Inside a test that wants the probes of a category, or without any probe."""
    counters = Counters({"integration": _NAMES})
    libraries = LibraryProbe(_NAMES, counters, [_NAMED])
    probes = [*make_probes(_ALWAYS, counters), libraries] if meta else []
    for probe in probes:
        probe.install()
    counters.begin(meta or _UNWANTED)
    counters.is_on = meta == _WANTED  # between tests the probes of every category rest
    try:
        yield
    finally:
        counters.end()
        for probe in reversed(probes):
            probe.remove()


def measure(make: Callable[[], Act], events: int, rounds: int) -> tuple[float, float, float]:
    """Microseconds of an event alone, and how much more of them it takes off and on."""
    alone, off, on = [], [], []
    order = list(STATES)
    make()  # imports what it needs
    for _ in range(rounds):
        random.shuffle(order)
        took = {}
        for state in order:
            with probed(STATES[state]):
                act = make()
                spent(act, 3)  # the first event is a way of its own
                took[state] = spent(act, events)
        alone.append(took["without"])
        off.append(took["off"] - took["without"])
        on.append(took["on"] - took["without"])
    return median(alone), median(off), median(on)


def count_forks(events: list[str]) -> None:
    """Below valgrind: do each event in forks, and say which process did what."""
    for name in events:
        EVENTS[name]()  # imports what it needs
        for state, meta in STATES.items():
            for number in _COUNTED:
                child = os.fork()
                if not child:
                    with probed(meta):
                        act = EVENTS[name]()
                        for _ in range(number):
                            act()
                    os._exit(0)
                if os.waitpid(child, 0)[1]:
                    raise SystemExit(f"{name}, {state}: failed")
                print(f"\nfork {child}: {number} {state} {name}", flush=True)


def instructions(arguments: list[str]) -> dict[str, list[float]]:
    """Instructions of an event without the probe, with it off, and with it on, by event."""
    if shutil.which("valgrind") is None:
        raise SystemExit("valgrind is not installed; on Debian: apt-get install valgrind")
    tool = ["valgrind", "--tool=callgrind", "--callgrind-out-file=/dev/null"]
    done = subprocess.run(
        [*tool, sys.executable, __file__, *arguments, "--below-valgrind"],
        env=os.environ | {"PYTHONHASHSEED": "0"},
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        raise SystemExit(done.stdout + done.stderr[-3000:])
    collected = dict(re.findall(r"^==(\d+)== Collected\s*:\s*(\d+)", done.stderr, re.MULTILINE))
    totals: dict[str, dict[tuple[str, int], int]] = {}
    for child, number, state, name in re.findall(
        r"^fork (\d+): (\d+) (\w+) (.+)$", done.stdout, re.MULTILINE
    ):
        totals.setdefault(name, {})[state, int(number)] = int(collected[child])
    few, many = _COUNTED
    return {
        name: [(total[state, many] - total[state, few]) / (many - few) for state in STATES]
        for name, total in totals.items()
    }


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


def empty_wrap_costs(rounds: int) -> tuple[float, float]:
    """Microseconds that a wrap adds to a function that does nothing: as of sleeps, and as of requests."""
    counters = Counters()
    events = Events(counters, ())
    counters.begin()
    events.begin(None, counters.serial)
    built_in, request = CountedCall(abs, "sleep", counters), timed(abs, events, "http_requests")
    acts = (lambda: abs(1), lambda: built_in(1), lambda: request(1))
    took = [[spent(act, 1000) for act in acts] for _ in range(rounds)]
    counters.end()
    return median(wrapped - bare for bare, wrapped, _ in took), median(
        wrapped - bare for bare, _, wrapped in took
    )


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
    parser.add_argument("--events", type=int, default=30)
    parser.add_argument("--rounds", type=int, default=300)
    parser.add_argument("--dsn", help="a PostgreSQL, for psycopg 3 and asyncpg, too")
    parser.add_argument("--only", help="only events whose name has this in it", default="")
    parser.add_argument("--instructions", action="store_true", help="count them by valgrind, too")
    parser.add_argument("--below-valgrind", action="store_true", help=argparse.SUPPRESS)
    arguments = parser.parse_args()
    sys.modules[_NAMED] = driver = types.ModuleType(_NAMED)
    driver.connect = _sqlite3.connect  # type: ignore[attr-defined]
    if arguments.dsn:
        EVENTS["query, psycopg 3"] = functools.partial(query_psycopg, arguments.dsn)
        EVENTS["query, asyncpg"] = functools.partial(query_asyncpg, arguments.dsn)
    chosen = [name for name in EVENTS if arguments.only in name]
    if arguments.below_valgrind:
        count_forks(chosen)
        return
    if arguments.instructions:
        print(f"{'event':<26}{'without':>10}{'off costs':>11}{'on costs':>11}   instructions")
        for name, (without, off, on) in instructions(sys.argv[1:]).items():
            print(f"{name:<26}{without:>10,.0f}{off - without:>11,.0f}{on - without:>11,.0f}")
        print()
    print(f"{'event':<26}{'without':>10}{'off costs':>11}{'on costs':>11}   µs")
    for name in chosen:
        without, off, on = measure(EVENTS[name], arguments.events, arguments.rounds)
        print(f"{name:<26}{without:>10.2f}{off:>11.2f}{on:>11.2f}")
    if arguments.only:
        return
    first, again = fingerprint_cost(60)
    built_in, request = empty_wrap_costs(60)
    print(f"\naround nothing: {built_in:.2f} µs as of a sleep, {request:.2f} µs as of a request")
    print(f"metric of one's own: {own_metric_cost(60):.2f} µs")
    print(f"fingerprint: {first:.1f} µs for a new text, {again:.2f} µs for one seen before")


if __name__ == "__main__":
    main()
