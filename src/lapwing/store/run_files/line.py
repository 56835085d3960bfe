"""The form of a spool line. Nothing else knows it.

A line is a JSON array whose first item is a letter, ended by a newline, pure ASCII (so lone
surrogates, NUL and newlines in names survive). Times are raw readings of the monotonic clock
of the process that wrote them; the header ties that clock to the epoch.

| letter | line |
| --- | --- |
| `h` | header: format, run id, worker, pid, monotonic ns, epoch ns, start-up ns |
| `b` | a test begins: node id, attempt, monotonic ns |
| `t` | a test ended: see `TEST_FIELDS` |
| `c` | a collector ended: node id, start, duration, cpu, outcome |
| `z` | fixtures outside any finished test: node id, set-ups and tear-downs as in `TEST_FIELDS` |
| `x` | tests were deselected: how many |
| `i` | the session was interrupted |
| `m` | a measurement: one benchmark's result |
| `e` | the process ended in order: monotonic ns |

The recorder writes `t` lines through `TEST_TEMPLATE` with a tuple it fills itself: a call of
the JSON library per test would cost more than all the clocks together.
"""

from collections.abc import Iterable
from json.encoder import JSONEncoder
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Final

from lapwing.model.measurement import BenchmarkRecord

FORMAT: Final = 1

TEST_FIELDS: Final = (
    "nodeid",
    "outcome",
    "attempt",
    "start",  # monotonic ns
    "setup_ns",
    "call_ns",
    "teardown_ns",
    "setup_cpu_ns",
    "call_cpu_ns",
    "teardown_cpu_ns",
    "child_cpu_ns",
    "thread_cpu_ns",
    "peak_bytes",
    "delta_bytes",
    "gc_ns",
    "gc_count",
    "voluntary_switches",
    "involuntary_switches",
    "minor_faults",
    "major_faults",
    "read_bytes",
    "written_bytes",
    "run_delay_ns",
    "leaked_threads",
    "category_and_markers",  # two items: "unit",["name", ...]
    "counters",  # {name: [count, ns]}
    "subtests",  # [[name, outcome, ns], ...]
    "setups",  # [[set-up number, definition number, start, ns, param, failed], ...]; the first
    # set-up of a definition goes on with its name, scope and location
    "teardowns",  # [[set-up number, ns], ...]
)
TEST_TEMPLATE: Final = '["t",' + ",".join(["%s"] * len(TEST_FIELDS)) + "]\n"
# `%d` writes a number into the text without a string in between; all fields from `attempt` to
# `leaked_threads` are numbers where the system tells them all.
_FIRST_NUMBER: Final = TEST_FIELDS.index("attempt")
_AFTER_NUMBERS: Final = TEST_FIELDS.index("category_and_markers")
WHOLE_TEST_TEMPLATE: Final = (
    '["t",'
    + ",".join("%d" if _FIRST_NUMBER <= at < _AFTER_NUMBERS else "%s" for at in range(len(TEST_FIELDS)))
    + "]\n"
)
BEGIN_TEMPLATE: Final = '["b",%s,%d,%d]\n'
NULL: Final = "null"
HEADER_ITEMS: Final = 8

__all__ = [
    "BEGIN_TEMPLATE",
    "FORMAT",
    "HEADER_ITEMS",
    "NULL",
    "TEST_FIELDS",
    "TEST_TEMPLATE",
    "WHOLE_TEST_TEMPLATE",
    "quoted",
]

# Bound here: `json.dumps` may be patched by the test that is running.
_encode: Final = JSONEncoder(separators=(",", ":")).encode


def header_line(run_id: str, worker: str, pid: int, clock: int, epoch: int, startup: int) -> bytes:
    """The first line of a file."""
    return _line(["h", FORMAT, run_id, worker, pid, clock, epoch, startup])


def collector_line(nodeid: str, start: int, duration: int, cpu: int, outcome: str) -> bytes:
    """A collector that has ended."""
    return _line(["c", nodeid, start, duration, cpu, outcome])


def late_fixtures_line(quoted_id: str, setups: Iterable[str], teardowns: Iterable[str]) -> bytes:
    """Fixture events that fall into no finished test; items are text as in a `t` line.

    `quoted_id` is the node id, as JSON text, of the test that asked for the set-ups.
    """
    return f'["z",{quoted_id},[{",".join(setups)}],[{",".join(teardowns)}]]\n'.encode("ascii")


def deselected_line(count: int) -> bytes:
    """Tests that were selected away."""
    return _line(["x", count])


def interrupted_line() -> bytes:
    """The session was interrupted, with whatever exit status it will end."""
    return _line(["i"])


def measurement_line(benchmark: BenchmarkRecord) -> bytes:
    """A benchmark's result."""
    return _line(["m", *benchmark[:4], list(benchmark.samples), *benchmark[5:8], dict(benchmark.metadata)])


def end_line(clock: int) -> bytes:
    """The last line of a process that ended in order."""
    return _line(["e", clock])


def markers_text(category: str, markers: Iterable[str]) -> str:
    """The text of `category_and_markers`."""
    return f"{quoted(category)},{_encode(list(markers))}"


def benchmark_of(items: list[Any]) -> BenchmarkRecord:
    """The benchmark in the items of an `m` line. Raises ValueError, TypeError or IndexError."""
    _, name, nodeid, source, unit, samples, iterations, warmup, group, metadata = items
    return BenchmarkRecord(
        name=name,
        nodeid=nodeid,
        source=source,
        unit=unit,
        samples=tuple(samples),
        iterations=iterations,
        warmup=warmup,
        group=group,
        metadata=metadata,
    )


def _line(items: list[Any]) -> bytes:
    return (_encode(items) + "\n").encode("ascii")
