"""What tests did with their time: computed, waited for something that a probe saw, or none of these."""

from collections.abc import Iterable
from typing import Final

from lapwing.model.record import TestRecord
from lapwing.model.value import Value
from lapwing.model.why import Cause

COMPUTING: Final = "computing"
PROCESSES: Final = "waiting for child processes"
PROCESSOR: Final = "waiting for a processor"
THREADS: Final = "waiting for other threads of the test"
LOOP: Final = "waiting in an event loop"

_DATABASE: Final = "waiting for a database"
_NETWORK: Final = "waiting for the network"
_SLEEP: Final = "sleeping"
_FILES: Final = "opening files"

_WAITS: Final = {
    "sleep": _SLEEP,
    "async_sleep": _SLEEP,
    "subprocess": PROCESSES,
    "sql_queries": _DATABASE,
    "mongo_commands": _DATABASE,
    "redis_commands": _DATABASE,
    "http_requests": _NETWORK,
    "socket": _NETWORK,
    "dns": _NETWORK,
    "file": _FILES,
    "thread_wait": THREADS,
}
"""Counter -> what a test waits for in its time."""

_ORDER: Final = (_SLEEP, PROCESSES, _DATABASE, _NETWORK, _FILES)
"""A database or HTTP client counts its sockets, too: what is more telling takes its time first."""

_LOOP_WAIT: Final = "loop_wait"

_IN_LOOPS: Final = ("async_sleep", "sql_queries", "mongo_commands", "redis_commands", "http_requests")
"""Counters whose time may be that of the loop, too: what is more telling takes it."""

_PARTS: Final = 5

_THREADS_SHARE: Final = 0.05
"""Of the computing in a test, from which on other threads than its own are said to have done some."""


class TestTime(Value):
    """The time of all tests, split."""

    causes: tuple[Cause, ...]  # the most expensive first
    unexplained: Cause


TestTime.__test__ = False  # type: ignore[attr-defined]


def test_time(tests: Iterable[TestRecord]) -> TestTime:
    """The time of all attempts by what was done in it, each with the tests that did most of it.

    Of each test first its CPU time counts, then what probes saw, in the order sleep, processes, database,
    network, files, then its wait for a processor, then what else an event loop waited for; each at most for
    what is left of its wall time. Threads that wait side by side so count once. Where other threads of the
    process computed, too, what is left is the wait for them: to be given a processor or the interpreter's
    lock, and to hand over. Else the test's own thread may have been seen waiting for others, and where the
    test started or awaited child processes what is left is the wait for them: for what they write to a pipe,
    or a lock that they hold. What is left then is unexplained, and so is the time of a test whose CPU time
    was not measured and that no probe saw waiting.
    """
    spent: dict[str, int] = {}
    by_test: dict[str, dict[str, int]] = {}
    events: dict[str, int] = {}
    unseen: dict[str, int] = {}
    for record in tests:
        left = record.duration_ns or 0
        for name, taken, count in _taken(record, left):
            left -= taken
            spent[name] = spent.get(name, 0) + taken
            events[name] = events.get(name, 0) + count
            mine = by_test.setdefault(name, {})
            mine[record.nodeid] = mine.get(record.nodeid, 0) + taken
        if left:
            unseen[record.nodeid] = unseen.get(record.nodeid, 0) + left
    ranked = sorted(spent.items(), key=lambda item: -item[1])
    return TestTime(
        tuple(Cause(name, ns, _largest(by_test[name]), events[name]) for name, ns in ranked),
        Cause("unexplained", sum(unseen.values()), _largest(unseen), len(unseen)),
    )


test_time.__test__ = False  # type: ignore[attr-defined]


def waits_for_processes(tests: Iterable[TestRecord]) -> dict[str, int]:
    """Nanoseconds in which tests, by node id, waited for child processes, as `test_time` splits them."""
    waits: dict[str, int] = {}
    for record in tests:
        for name, taken, _ in _taken(record, record.duration_ns or 0):
            if name == PROCESSES:
                waits[record.nodeid] = waits.get(record.nodeid, 0) + taken
    return waits


def _taken(record: TestRecord, left: int) -> list[tuple[str, int, int]]:
    """What the test's time, `left` (ns), went to: cause, nanoseconds (not 0), events."""
    found = []
    for name, wanted, count in _claims(record):
        taken = min(left, wanted)
        if taken:
            left -= taken
            found.append((name, taken, count))
    return found


def _claims(record: TestRecord) -> list[tuple[str, int, int]]:
    """What may have its part of a test's time, in order: cause, nanoseconds, events."""
    own = (record.setup_cpu_ns or 0) + (record.call_cpu_ns or 0) + (record.teardown_cpu_ns or 0)
    claims = [(COMPUTING, own, 1)]
    counters = record.counters
    seen: dict[str, int] = {}
    counted: dict[str, int] = {}
    for name, count in counters.items():
        wait = _WAITS.get(name)
        if wait is not None:
            seen[wait] = seen.get(wait, 0) + count.time_ns
            counted[wait] = counted.get(wait, 0) + count.count
    if record.child_cpu_ns:
        # A child that was waited for by other means than `subprocess` shows in its CPU time only.
        seen[PROCESSES] = max(seen.get(PROCESSES, 0), record.child_cpu_ns)
    if seen:  # by most tests nothing: the page of a run of ten thousand is waited for
        claims += [(wait, seen.get(wait, 0), counted.get(wait, 0)) for wait in _ORDER]
    if record.run_delay_ns:
        claims.append((PROCESSOR, record.run_delay_ns, record.involuntary_switches or 0))
    loop = counters.get(_LOOP_WAIT)
    if loop is not None:
        told = sum(count.time_ns for name, count in counters.items() if name in _IN_LOOPS)
        claims.append((LOOP, max(0, loop.time_ns - told), loop.count))
    if record.thread_cpu_ns is not None and own - record.thread_cpu_ns > _THREADS_SHARE * own:
        claims.append((THREADS, record.duration_ns or 0, 1))
    elif counters:
        claims.append((THREADS, seen.get(THREADS, 0), counted.get(THREADS, 0)))
        if "subprocess" in counters:
            claims.append((PROCESSES, record.duration_ns or 0, 0))
    return claims


def _largest(costs: dict[str, int]) -> tuple[Cause, ...]:
    ranked = sorted(costs.items(), key=lambda item: (-item[1], item[0]))
    return tuple(Cause(name, ns) for name, ns in ranked[:_PARTS])
