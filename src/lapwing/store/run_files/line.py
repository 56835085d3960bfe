"""The form of a spool line. Nothing else knows it.

A line is a JSON array whose first item is a letter, ended by a newline, pure ASCII (so lone
surrogates, NUL and newlines in names survive). Times are raw readings of the monotonic clock
of the process that wrote them; the header ties that clock to the epoch.

| letter | line |
| --- | --- |
| `h` | header: format, run id, worker, pid, monotonic ns, epoch ns, start-up ns, conftest files ns |
| `b` | a test begins: node id, attempt, monotonic ns |
| `t` | the test that began last has ended: outcome, measures, category, markers; where there are any, |
|     | these follow: counters, subtests, set-ups, tear-downs |
| `o` | another outcome of the test that ended last, told after its line |
| `c` | a collector ended: node id, start, duration, cpu, outcome |
| `z` | fixtures outside any finished test: node id, set-ups and tear-downs as in a `t` line |
| `x` | tests were deselected: how many |
| `i` | the session was interrupted |
| `m` | a measurement: one benchmark's result |
| `l` | limits that a test carries: node id (empty: every test), category (empty: any), [metric, limit, |
|     | origin] each |
| `s` | the test that began last is stopped: node id, attempt, monotonic ns, stack |
| `p` | slow imports of collection: [module, own ns, cumulative ns, who asked first] each |
| `e` | the process ended in order: monotonic ns, processor time (ns) until it began to record, |
|     | blocks of memory that Python's allocator has given out; null where not known, not there in old files |

The measures of a `t` line are those of `MEASURES`, as a text of hexadecimal digits: each a signed
little-endian number of 4 bytes where all of them fit, else of 8. Decimal digits would cost three
times as much to write and to read. Where not all are measured, it is a list with null for those
that are not. Items of the lists that may follow:

- counters: {name: [events, ns]}
- subtests: [name, outcome, ns]
- set-ups: [set-up number, definition number, start, ns, param, failed]; the first set-up of a
  definition goes on with its name, scope and location
- tear-downs: [set-up number, ns]
"""

from __future__ import annotations

import json
from collections.abc import Iterable
from json.encoder import JSONEncoder
from json.encoder import encode_basestring_ascii as quoted
from struct import Struct, error
from typing import TYPE_CHECKING, Any, Final

if TYPE_CHECKING:
    from lapwing.model.budget import TestBudgets
    from lapwing.model.import_cost import ImportCost
    from lapwing.model.measurement import BenchmarkRecord

FORMAT: Final = 1

MEASURES: Final = (
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
)
"""Names of the measures of a test, in their order in a `t` line."""

_SHORT: Final = Struct(f"<{len(MEASURES)}i")
_LONG: Final = Struct(f"<{len(MEASURES)}q")
_pack: Final = _SHORT.pack
_unpack: Final = _SHORT.unpack
_from_hex: Final = bytes.fromhex
NO_EXTRAS: Final = ""
NULL: Final = "null"
HEADER_ITEMS: Final = 9

__all__ = ["FORMAT", "HEADER_ITEMS", "MEASURES", "NO_EXTRAS", "NULL", "quoted"]

# Bound here: `json.dumps` may be patched by the test that is running.
_encode: Final = JSONEncoder(separators=(",", ":")).encode


def header_line(
    run_id: str, worker: str, pid: int, clock: int, epoch: int, startup: int, conftests: int | None = None
) -> bytes:
    """The first line of a file."""
    return _line(["h", FORMAT, run_id, worker, pid, clock, epoch, startup, conftests])


def begin_line(nodeid: str, attempt: int, clock: int) -> bytes:
    """A test that begins."""
    return f'["b",{quoted(nodeid)},{attempt},{clock}]\n'.encode()


def test_line(outcome: str, measures: tuple[int | None, ...], meta: str, extras: str) -> bytes:
    """The end of the test that began last.

    `outcome` is one of ours, `meta` what `markers_text` gives, `extras` what `extras_text` gives.
    """
    try:
        return f'["t","{outcome}","{_pack(*measures).hex()}",{meta}{extras}]\n'.encode()
    except error:
        return f'["t","{outcome}",{_rare_measures(measures)},{meta}{extras}]\n'.encode()


def _rare_measures(measures: tuple[int | None, ...]) -> str:
    """Measures of which one is large, or not known here, as JSON text."""
    try:
        return f'"{_LONG.pack(*measures).hex()}"'
    except error:
        return _encode(list(measures))


def measures_of(item: Any) -> tuple[int | None, ...]:
    """The measures in an item of a `t` line. Raises ValueError or TypeError."""
    if item.__class__ is not str:
        if len(item) != len(MEASURES):
            raise ValueError(f"{len(item)} measures")
        return tuple(item)
    packed = _from_hex(item)
    try:
        return _unpack(packed)
    except error:
        if len(packed) != _LONG.size:
            raise ValueError(f"{len(packed)} bytes of measures") from None
        return _LONG.unpack(packed)


def outcome_line(outcome: str) -> bytes:
    """Another outcome of the test that ended last."""
    return _line(["o", outcome])


def extras_text(
    counters: str, subtests: Iterable[str], setups: Iterable[str], teardowns: Iterable[str]
) -> str:
    """What only some tests have, for the end of a `t` line; all of it JSON text already."""
    return f",{counters},[{','.join(subtests)}],[{','.join(setups)}],[{','.join(teardowns)}]"


def extras_of(texts: Iterable[str]) -> list[list[Any]]:
    """The items in each of what `extras_text` gave; many at once cost a third of each alone."""
    items: list[list[Any]] = json.loads(f"[{','.join([f'[{text[1:]}]' for text in texts])}]")
    return items


def collector_line(nodeid: str, start: int, duration: int, cpu: int, outcome: str) -> bytes:
    """A collector that has ended."""
    return _line(["c", nodeid, start, duration, cpu, outcome])


def late_fixtures_line(nodeid: str, setups: Iterable[str], teardowns: Iterable[str]) -> bytes:
    """Fixture events that fall into no finished test; items are text as in a `t` line.

    `nodeid` is that of the test that asked for the set-ups.
    """
    return f'["z",{quoted(nodeid)},[{",".join(setups)}],[{",".join(teardowns)}]]\n'.encode("ascii")


def deselected_line(count: int) -> bytes:
    """Tests that were selected away."""
    return _line(["x", count])


def interrupted_line() -> bytes:
    """The session was interrupted, with whatever exit status it will end."""
    return _line(["i"])


def measurement_line(benchmark: BenchmarkRecord) -> bytes:
    """A benchmark's result."""
    *facts, metadata, metric, higher_is_better = benchmark
    return _line(["m", *facts, dict(metadata), metric, higher_is_better])


def limits_line(limits: TestBudgets) -> bytes:
    """Limits that a test, or the run, carries itself."""
    return _line(["l", limits.nodeid, limits.category, [list(each) for each in limits.budgets]])


def stop_line(nodeid: str, attempt: int, clock: int, stack: str) -> bytes:
    """A test that its deadline stops."""
    return _line(["s", nodeid, attempt, clock, stack])


def imports_line(imports: Iterable[ImportCost]) -> bytes:
    """What importing modules cost while the suite was collected."""
    return _line(["p", [list(each) for each in imports]])


def imports_of(items: list[Any]) -> list[ImportCost]:
    """The imports in the items of a `p` line. Raises ValueError or TypeError."""
    from lapwing.model.import_cost import ImportCost

    _, imports = items
    return [ImportCost(*each) for each in imports]


def limits_of(items: list[Any]) -> TestBudgets:
    """The limits in the items of an `l` line. Raises ValueError or TypeError."""
    from lapwing.model.budget import Budget, TestBudgets

    _, nodeid, category, limits = items
    return TestBudgets(nodeid, tuple(Budget(*limit) for limit in limits), category)


def end_line(clock: int, boot_cpu: int | None = None, blocks: int | None = None) -> bytes:
    """The last line of a process that ended in order."""
    return _line(["e", clock, boot_cpu, blocks])


def markers_text(category: str, markers: Iterable[str]) -> str:
    """Category and markers as they stand in a `t` line."""
    return f"{quoted(category)},{_encode(list(markers))}"


def category_and_markers(text: str) -> tuple[str, tuple[str, ...]]:
    """What `markers_text` made `text` of."""
    category, markers = json.loads(f"[{text}]")
    return category, tuple(markers)


def benchmark_of(items: list[Any]) -> BenchmarkRecord:
    """The benchmark in the items of an `m` line. Raises ValueError, TypeError or IndexError."""
    from lapwing.model.measurement import BenchmarkRecord

    _, name, nodeid, source, unit, samples, *rest = items
    return BenchmarkRecord(name, nodeid, source, unit, tuple(samples), *rest)


def _line(items: list[Any]) -> bytes:
    return (_encode(items) + "\n").encode("ascii")
