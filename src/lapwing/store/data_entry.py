"""One test in the data file: a record to its line of JSON, and an entry back to a record."""

import json
from collections.abc import Mapping, Sequence
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
_FORM: Final = "".join(f', "{key}": %s' for key in (*_SECONDS, *_NUMBERS))
_OUTCOMES: Final = {outcome.value: outcome for outcome in Outcome}


def seconds_text(ns: int) -> str:
    """`ns` nanoseconds as a JSON number in seconds that loses none of them."""
    if ns < 0:
        return "-" + seconds_text(-ns)
    digits = str(ns)
    return f"0.{digits.zfill(9)}" if ns < NS_PER_S else f"{digits[:-9]}.{digits[-9:]}"


def entry_text(record: TestRecord, *, run_start: datetime) -> str:
    """The entry of `record` as one line of JSON; `run_start` has a zone."""
    (
        nodeid,
        outcome,
        attempt,
        worker,
        category,
        start_ns,
        *measures,
        leaked,
        shared,
        markers,
        counters,
        subtests,
    ) = record
    duration_ns = record.duration_ns
    name, module = _name_and_module(nodeid)
    began = run_start + timedelta(microseconds=start_ns // NS_PER_US)
    text = (
        f'{{"nodeid": {quoted(nodeid)}, "name": {quoted(name)}, '
        f'"duration": {"null" if duration_ns is None else seconds_text(duration_ns)}, '
        f'"markers": [{", ".join(map(quoted, markers))}], "module": {quoted(module)}, '
        f'"status": "{outcome}", "timestamp": "{began.isoformat()}", "attempt": {attempt}, '
        f'"worker": {quoted(worker)}, "category": {quoted(category)}, "start": {seconds_text(start_ns)}'
    )
    text += _known_measures(record) if None in measures else _all_measures(measures)
    if leaked or shared or counters or subtests:
        text += _rare_facts(leaked, shared, counters, subtests)
    return text + "}"


def _name_and_module(nodeid: str) -> tuple[str, str]:
    if "[" not in nodeid:
        module, _, names = nodeid.partition("::")
        return names.rpartition("::")[2] or nodeid, module
    parts = split_node_id(nodeid)
    if not parts.function:
        return nodeid, parts.file
    return parts.function if parts.params is None else f"{parts.function}[{parts.params}]", parts.file


def _all_measures(measures: Sequence[Any]) -> str:
    """What `_known_measures` gives, by one form: as nearly every test needs it, in a third of the time."""
    setup, call, teardown, setup_cpu, call_cpu, teardown_cpu, child_cpu, thread_cpu, *rest = measures
    peak, delta, gc_ns, gc_count, voluntary, involuntary, minor, major, read, written, delay = rest
    cpu_ns = setup_cpu + call_cpu + teardown_cpu + child_cpu
    spent = (
        setup,
        call,
        teardown,
        cpu_ns,
        setup_cpu,
        call_cpu,
        teardown_cpu,
        child_cpu,
        thread_cpu,
        gc_ns,
        delay,
    )
    numbers = (peak, delta, gc_count, voluntary, involuntary, minor, major, read, written)
    return _FORM % (*map(seconds_text, spent), *numbers)


def _known_measures(record: TestRecord) -> str:
    """Measures as they stand behind others in an entry, those that are not known left out."""
    text = ""
    for key, field in _SECONDS.items():
        ns = getattr(record, field)
        if ns is not None:
            text += f', "{key}": {seconds_text(ns)}'
    for field in _NUMBERS:
        number = getattr(record, field)
        if number is not None:
            text += f', "{field}": {number}'
    return text


def _rare_facts(
    leaked: int, shared_ns: int, counters: Mapping[str, Count], subtests: Sequence[Subtest]
) -> str:
    """What only some tests have, as it stands behind others in an entry."""
    text = ""
    if shared_ns:
        text += f', "shared_fixtures": {seconds_text(shared_ns)}'
    if leaked:
        text += f', "leaked_threads": {leaked}'
    if counters:
        counted = (
            f'{quoted(probe)}: {{"count": {count}, "time": {seconds_text(time_ns)}}}'
            for probe, (count, time_ns) in counters.items()
        )
        text += f', "counters": {{{", ".join(counted)}}}'
    if subtests:
        text += f', "subtests": {json.dumps([_subtest_fields(subtest) for subtest in subtests])}'
    return text


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
