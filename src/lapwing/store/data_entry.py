"""One test in the data file: a record to its line of JSON, and an entry back to a record."""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from json.encoder import encode_basestring_ascii as quoted
from typing import Any, Final

from lapwing.model.ids import split_node_id
from lapwing.model.record import Count, Outcome, Subtest, TestRecord
from lapwing.units import NS_PER_S, NS_PER_US

_SECONDS: Final = {
    "setup": "setup_ns",
    "call": "call_ns",
    "teardown": "teardown_ns",
    "cpu": "cpu_ns",
    "setup_cpu": "setup_cpu_ns",
    "call_cpu": "call_cpu_ns",
    "teardown_cpu": "teardown_cpu_ns",
    "child_cpu": "child_cpu_ns",
    "thread_cpu": "thread_cpu_ns",
    "gc": "gc_ns",
    "run_delay": "run_delay_ns",
}
_NUMBERS: Final = (
    "peak_bytes",
    "delta_bytes",
    "gc_count",
    "voluntary_switches",
    "involuntary_switches",
    "minor_faults",
    "major_faults",
    "read_bytes",
    "written_bytes",
)
_OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}


def seconds_text(ns: int) -> str:
    """`ns` nanoseconds as a JSON number in seconds that loses none of them."""
    return f"{ns // NS_PER_S}.{ns % NS_PER_S:09d}" if ns >= 0 else "-" + seconds_text(-ns)


def entry_text(record: TestRecord, *, run_start: datetime) -> str:
    """The entry of `record` as one line of JSON; `run_start` has a zone."""
    duration_ns = record.duration_ns
    parts = split_node_id(record.nodeid)
    name = record.nodeid
    if parts.function:
        name = parts.function if parts.params is None else f"{parts.function}[{parts.params}]"
    began = run_start + timedelta(microseconds=record.start_ns // NS_PER_US)
    texts = [
        f'{{"nodeid": {quoted(record.nodeid)}, "name": {quoted(name)}',
        f'"duration": {"null" if duration_ns is None else seconds_text(duration_ns)}',
        f'"markers": [{", ".join(map(quoted, record.markers))}], "module": {quoted(parts.file)}',
        f'"status": "{record.outcome.value}", "timestamp": "{began.isoformat()}"',
        f'"attempt": {record.attempt}, "worker": {quoted(record.worker)}',
        f'"category": {quoted(record.category)}, "start": {seconds_text(record.start_ns)}',
    ]
    for key, field in _SECONDS.items():
        ns = getattr(record, field)
        if ns is not None:
            texts.append(f'"{key}": {seconds_text(ns)}')
    if record.shared_fixture_ns:
        texts.append(f'"shared_fixtures": {seconds_text(record.shared_fixture_ns)}')
    for field in _NUMBERS:
        number = getattr(record, field)
        if number is not None:
            texts.append(f'"{field}": {number}')
    if record.leaked_threads:
        texts.append(f'"leaked_threads": {record.leaked_threads}')
    if record.counters:
        counters = (
            f'{quoted(probe)}: {{"count": {count}, "time": {seconds_text(time_ns)}}}'
            for probe, (count, time_ns) in record.counters.items()
        )
        texts.append(f'"counters": {{{", ".join(counters)}}}')
    if record.subtests:
        texts.append(f'"subtests": {json.dumps([_subtest_fields(subtest) for subtest in record.subtests])}')
    return ", ".join(texts) + "}"


def record_of(entry: Mapping[str, Any]) -> TestRecord:
    """The record of an entry that fits the published schema.

    Where only the whole duration is known, it stands as the call's; likewise processor time.
    """
    fields: dict[str, Any] = {name: entry[name] for name in _NUMBERS if name in entry}
    for key, field in _SECONDS.items():
        if entry.get(key) is not None:
            fields[field] = _ns(entry[key])
    cpu_ns = fields.pop("cpu_ns", None)
    if cpu_ns is not None and not fields.keys() & {"setup_cpu_ns", "call_cpu_ns", "teardown_cpu_ns"}:
        fields["call_cpu_ns"] = cpu_ns
    if entry["duration"] is not None and not fields.keys() & {"setup_ns", "call_ns", "teardown_ns"}:
        fields["call_ns"] = _ns(entry["duration"])
    return TestRecord(
        nodeid=entry["nodeid"],
        outcome=_OUTCOMES.get(entry.get("status", ""), Outcome.UNKNOWN),
        attempt=int(entry.get("attempt", 1)),
        worker=entry.get("worker", "main"),
        category=entry.get("category", "unit"),
        start_ns=_ns(entry.get("start") or 0),
        shared_fixture_ns=_ns(entry.get("shared_fixtures") or 0),
        leaked_threads=int(entry.get("leaked_threads", 0)),
        markers=tuple(entry.get("markers", ())),
        counters={
            probe: Count(int(count["count"]), _ns(count.get("time", 0)))
            for probe, count in entry.get("counters", {}).items()
        },
        subtests=tuple(map(_subtest, entry.get("subtests", ()))),
        **fields,
    )


def _subtest_fields(subtest: Subtest) -> dict[str, object]:
    ns = subtest.duration_ns
    return {
        "name": subtest.name,
        "outcome": subtest.outcome.value,
        "duration": None if ns is None else ns / NS_PER_S,
    }


def _subtest(fields: Mapping[str, Any]) -> Subtest:
    duration = fields.get("duration")
    return Subtest(
        name=fields["name"],
        outcome=_OUTCOMES.get(fields["outcome"], Outcome.UNKNOWN),
        duration_ns=None if duration is None else _ns(duration),
    )


def _ns(seconds: float) -> int:
    return round(seconds * NS_PER_S)
