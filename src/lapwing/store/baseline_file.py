"""The baseline file kept in git: read, and written so that a diff reads well.

Sorted, rounded to four digits and not below a microsecond, one line per test, no time of day.
"""

import json
import logging
from collections.abc import Callable, Iterator, Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lapwing.model.baseline import BaselineEntry, BaselineFile, GroupEntry, ShownBytes, ShownSpike
from lapwing.model.thresholds import ChangeThresholds
from lapwing.store.atomic_file import replace_file
from lapwing.store.baseline_measured import measured_entry, measured_members
from lapwing.store.json_file import read_json_file
from lapwing.units import NS_PER_S

FORMAT_VERSION: Final = 1

_log = logging.getLogger("lapwing")

_DIGITS: Final = 4


def read_baseline_file(
    path: Path, *, thresholds: ChangeThresholds = ChangeThresholds(), expected: str = ""
) -> BaselineFile | None:
    """The baseline at `path`; None, and a line in the log, where there is no file.

    A threshold that is not `duration * (1 + share)` was written by hand and is marked so. The
    share is the file's own; `thresholds` stands in where the file names none. Raises
    BrokenFileError for a broken file and keeps a copy of it beside; of a file that someone has
    named, which `expected` says in a sentence what it should be, no copy is made.
    """
    fields = read_json_file(
        path,
        schema="baseline",
        format_version=FORMAT_VERSION,
        mend=expected or f"Restore it (git checkout -- {path}) or make a new one: lapwing baseline update.",
        keeps_copy=not expected,
        anew="" if expected else ", or make a new one: lapwing baseline update",
    )
    if fields is None:
        _log.info("no baseline file at %s", path)
        return None
    test_share = fields.get("individual_threshold", thresholds.warning)
    group_share = fields.get("suite_threshold", thresholds.suite_warning)
    return BaselineFile(
        date=fields.get("baseline_date", ""),
        tests={nodeid: _entry(nodeid, entry, test_share) for nodeid, entry in fields["tests"].items()},
        groups={
            name: _group(name, entry, group_share) for name, entry in fields.get("suite_metrics", {}).items()
        },
        runs=tuple(fields.get("runs", ())),
        machine_class=fields.get("machine_class", ""),
        commit=fields.get("commit"),
        measured=tuple(
            measured_entry(nodeid, name, metric, entry)
            for nodeid, benchmarks in fields.get("benchmarks", {}).items()
            for name, metrics in benchmarks.items()
            for metric, entry in metrics.items()
        ),
        fixtures={name: _ns(took) for name, took in fields.get("fixtures", {}).items()},
        spikes={
            metric: tuple(ShownSpike(_ns(each["excess"]), _ns(each["level"])) for each in shown)
            for metric, shown in fields.get("spikes", {}).items()
        },
        knows_order="fixtures" in fields,
        counted=tuple(fields.get("counted", ())),
    )


def write_baseline_file(
    path: Path, baseline: BaselineFile, *, thresholds: ChangeThresholds = ChangeThresholds()
) -> None:
    """Put `baseline` in the place of the file at `path`.

    Thresholds follow from durations and `thresholds`, but for those marked as written by hand:
    they stay. Raises StoreError.
    """
    replace_file(path, _lines(baseline, thresholds))


def _lines(baseline: BaselineFile, thresholds: ChangeThresholds) -> Iterator[str]:
    yield "{\n"
    yield f'"format_version": {FORMAT_VERSION},\n'
    yield f'"baseline_date": {json.dumps(baseline.date)},\n'
    if baseline.measured:
        yield from _members("benchmarks", measured_members(baseline.measured))
        yield ",\n"
    yield f'"commit": {json.dumps(baseline.commit)},\n'
    if baseline.counted:
        yield f'"counted": {json.dumps(baseline.counted)},\n'
    if baseline.knows_order:
        fixtures = sorted(baseline.fixtures.items())
        yield from _members("fixtures", [(name, _seconds(_rounded(took))) for name, took in fixtures])
        yield ",\n"
    yield f'"individual_threshold": {thresholds.warning!r},\n'
    yield f'"machine_class": {json.dumps(baseline.machine_class)},\n'
    yield f'"runs": {json.dumps(baseline.runs)},\n'
    if baseline.spikes:
        spikes = sorted(baseline.spikes.items())
        yield from _members("spikes", [(metric, _spikes_text(shown)) for metric, shown in spikes])
        yield ",\n"
    groups = sorted(baseline.groups.items())
    yield from _members("suite_metrics", [(name, _group_text(group, thresholds)) for name, group in groups])
    yield ",\n"
    yield f'"suite_threshold": {thresholds.suite_warning!r},\n'
    tests = sorted(baseline.tests.items())
    yield from _members("tests", [(nodeid, _entry_text(entry, thresholds)) for nodeid, entry in tests])
    yield "\n}\n"


def _members(name: str, members: list[tuple[str, str]]) -> Iterator[str]:
    yield f'"{name}": {{\n' if members else f'"{name}": {{'
    yield ",\n".join(f"  {json.dumps(key)}: {text}" for key, text in members)
    yield "\n}" if members else "}"


def _entry_text(entry: BaselineEntry, thresholds: ChangeThresholds) -> str:
    duration = _rounded(entry.duration_ns)
    if entry.threshold_is_manual:
        threshold = entry.threshold_ns
    else:
        threshold = _rounded(duration * (1 + thresholds.warning))
    parts = [f'"duration": {_seconds(duration)}', f'"threshold": {_seconds(threshold)}', f'"n": {entry.runs}']
    if entry.quiet_ns is not None:
        parts.append(f'"quiet": {_seconds(_rounded(entry.quiet_ns))}')
    if entry.spread is not None:
        parts.append(f'"spread": {entry.spread:.4f}')
    if entry.cpu_ns is not None:
        parts.append(f'"cpu": {_seconds(_rounded(entry.cpu_ns))}')
    if entry.cpu_spread is not None:
        parts.append(f'"cpu_spread": {entry.cpu_spread:.4f}')
    for name, shown in (("peak", entry.peak), ("delta", entry.delta)):
        if shown is not None:
            parts += _bytes_texts(name, ShownBytes(*map(_rounded_bytes, shown)))
    if any(entry.turns):
        parts += _range_texts("first", *map(str, entry.turns))
    if any(entry.shared_ns):
        parts += _range_texts("shared", *(_seconds(_rounded(each)) for each in entry.shared_ns))
    if entry.counts:
        parts.append(f'"counts": {json.dumps(dict(sorted(entry.counts.items())))}')
    return f"{{{', '.join(parts)}}}"


def _bytes_texts(name: str, shown: ShownBytes) -> Iterator[str]:
    yield f'"{name}": {shown.median}'
    for word, value in (("low", shown.low), ("high", shown.high)):
        if value != shown.median:
            yield f'"{name}_{word}": {value}'


def _spikes_text(shown: Sequence[ShownSpike]) -> str:
    texts = (tuple(_seconds(_rounded(ns)) for ns in each) for each in shown)
    return "[" + ", ".join(f'{{"excess": {excess}, "level": {level}}}' for excess, level in texts) + "]"


def _range_texts(name: str, least: str, most: str) -> Iterator[str]:
    yield f'"{name}": {most}'
    if least != most:
        yield f'"{name}_low": {least}'


def _range(fields: Mapping[str, Any], name: str, read: Callable[[Any], int]) -> tuple[int, int]:
    most = fields.get(name, 0)
    return read(fields.get(f"{name}_low", most)), read(most)


def _bytes(fields: Mapping[str, Any], name: str) -> ShownBytes | None:
    if fields.get(name) is None:
        return None
    low, high = (fields.get(f"{name}_{word}", fields[name]) for word in ("low", "high"))
    return ShownBytes(round(fields[name]), round(low), round(high))


def _group_text(group: GroupEntry, thresholds: ChangeThresholds) -> str:
    duration = _rounded(group.duration_ns)
    if group.threshold_is_manual:
        threshold = group.threshold_ns
    else:
        threshold = _rounded(duration * (1 + thresholds.suite_warning))
    return f'{{"total_duration": {_seconds(duration)}, "threshold": {_seconds(threshold)}}}'


def _entry(nodeid: str, fields: Mapping[str, Any], share: float) -> BaselineEntry:
    duration, threshold = fields["duration"], fields.get("threshold")
    return BaselineEntry(
        nodeid=nodeid,
        duration_ns=_ns(duration),
        threshold_ns=_ns(duration * (1 + share) if threshold is None else threshold),
        runs=int(fields.get("n", 1)),
        spread=fields.get("spread"),
        cpu_ns=None if fields.get("cpu") is None else _ns(fields["cpu"]),
        cpu_spread=fields.get("cpu_spread"),
        threshold_is_manual=_is_manual(duration, threshold, share),
        quiet_ns=None if fields.get("quiet") is None else _ns(fields["quiet"]),
        peak=_bytes(fields, "peak"),
        delta=_bytes(fields, "delta"),
        turns=_range(fields, "first", int),
        shared_ns=_range(fields, "shared", _ns),
        counts=fields.get("counts", {}),
    )


def _group(name: str, fields: Mapping[str, Any], share: float) -> GroupEntry:
    duration, threshold = fields["total_duration"], fields.get("threshold")
    return GroupEntry(
        name=name,
        duration_ns=_ns(duration),
        threshold_ns=_ns(duration * (1 + share) if threshold is None else threshold),
        threshold_is_manual=_is_manual(duration, threshold, share),
    )


def _is_manual(duration: float, threshold: float | None, share: float) -> bool:
    # Rounding to four digits moves a value by at most half of a thousandth, that of a small one
    # by half a microsecond; a little more leaves room for the error of binary fractions.
    expected = duration * (1 + share)
    return threshold is not None and abs(threshold - expected) > max(0.51e-3 * expected, 0.51e-6)


def _rounded(ns: float) -> int:
    digits = len(str(round(ns)))
    return int(round(ns, -max(3, digits - _DIGITS)))


def _rounded_bytes(value: int) -> int:
    # To a kilobyte at best: less than a page means nothing.
    return round(value, -max(3, len(str(abs(value))) - _DIGITS))


def _seconds(ns: int) -> str:
    whole, rest = divmod(ns, NS_PER_S)
    return f"{whole}.{rest:09d}".rstrip("0") + ("0" if not rest else "")


def _ns(seconds: float) -> int:
    return round(seconds * NS_PER_S)
