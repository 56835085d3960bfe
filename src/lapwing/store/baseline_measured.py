"""Benchmarks in the baseline file: one line per test, rounded so that a diff reads well.

Times are seconds, sizes bytes, everything else is in the unit that stands beside it.
"""

import json
from collections.abc import Mapping, Sequence
from typing import Any, Final

from lapwing.model.baseline import MeasuredEntry
from lapwing.units import NS_PER_S

_TIME: Final = "ns"
_IN_FILE: Final = "s"
_DIGITS: Final = 5


def measured_members(entries: Sequence[MeasuredEntry]) -> list[tuple[str, str]]:
    """Name and JSON text of each test that has benchmarks: {benchmark: {metric: entry}}."""
    tests: dict[str, dict[str, dict[str, Any]]] = {}
    for entry in sorted(entries, key=lambda each: each.key):
        tests.setdefault(entry.nodeid, {}).setdefault(entry.name, {})[entry.metric] = _fields(entry)
    return [(nodeid, json.dumps(benchmarks)) for nodeid, benchmarks in tests.items()]


def measured_entry(nodeid: str, name: str, metric: str, fields: Mapping[str, Any]) -> MeasuredEntry:
    """The entry that `fields` of a file that fits the schema say."""
    is_time = fields.get("unit", _IN_FILE) == _IN_FILE
    scale = NS_PER_S if is_time else 1
    return MeasuredEntry(
        nodeid=nodeid,
        name=name,
        metric=metric,
        unit=_TIME if is_time else fields["unit"],
        value=fields["value"] * scale,
        mean=fields.get("mean", fields["value"]) * scale,
        runs=int(fields.get("n", 1)),
        spread=fields.get("spread"),
        higher_is_better=fields.get("better", "lower") == "higher",
        metadata=fields.get("metadata", {}),
    )


def _fields(entry: MeasuredEntry) -> dict[str, Any]:
    is_time = entry.unit == _TIME
    scale = NS_PER_S if is_time else 1
    fields: dict[str, Any] = {
        "value": _rounded(entry.value / scale),
        "mean": _rounded(entry.mean / scale),
        "n": entry.runs,
    }
    if not is_time:
        fields["unit"] = entry.unit
    if entry.spread is not None:
        fields["spread"] = round(entry.spread, 4)
    if entry.higher_is_better:
        fields["better"] = "higher"
    if entry.metadata:
        fields["metadata"] = dict(sorted(entry.metadata.items()))
    return fields


def _rounded(value: float) -> float:
    return float(f"{value:.{_DIGITS}g}")
