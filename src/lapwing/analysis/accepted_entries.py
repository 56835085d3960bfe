"""A baseline file in which some tests, and what they measure, have moved to the level that was accepted."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Final

from lapwing.analysis.baseline_entries import group_name
from lapwing.model.baseline import BaselineEntry, BaselineFile, GroupEntry, MeasuredEntry, ShownBytes
from lapwing.model.comparison import Comparison
from lapwing.model.metric import CPU, DELTA, PEAK, WALL, measured_kind, measured_name
from lapwing.model.thresholds import ChangeThresholds

_CLOCKS: Final = (WALL.name, CPU.name)
_MEMORY: Final = (PEAK.name, DELTA.name)


def moved_entries(
    file: BaselineFile,
    nodeids: Iterable[str],
    comparisons: Sequence[Comparison],
    thresholds: ChangeThresholds,
) -> BaselineFile:
    """`file` with the entries of `nodeids` multiplied by how much the tests changed since.

    `comparisons` are against this file, so their ratios are free of the machine: an entry stays on the
    scale of the others. Limits move along, also of the groups, but for those set by hand. Tests that
    the file does not have, or that were not compared, are left alone. Memory, which no machine stretches,
    becomes what it is now.
    """
    now = {(each.nodeid, each.metric): round(each.after) for each in comparisons if each.metric in _MEMORY}
    ratios: dict[str, dict[str, float]] = {clock: {} for clock in _CLOCKS}
    for each in comparisons:
        if each.metric in ratios:
            ratios[each.metric][each.nodeid] = each.ratio
    tests = dict(file.tests)
    grown: dict[str, int] = {}
    for nodeid in nodeids:
        entry = tests.get(nodeid)
        if entry is None or nodeid not in ratios[WALL.name]:
            continue
        moved = _moved(entry, ratios[WALL.name][nodeid], ratios[CPU.name].get(nodeid), thresholds)
        moved = moved._replace(
            peak=_now(entry.peak, now.get((nodeid, PEAK.name))),
            delta=_now(entry.delta, now.get((nodeid, DELTA.name))),
        )
        group = group_name(nodeid)
        grown[group] = grown.get(group, 0) + moved.duration_ns - entry.duration_ns
        tests[nodeid] = moved
    return file._replace(tests=tests, groups=_grown(file.groups, grown, thresholds))


def moved_measured(
    entries: Sequence[MeasuredEntry], nodeids: Iterable[str], comparisons: Sequence[Comparison]
) -> tuple[MeasuredEntry, ...]:
    """`entries` with what the tests `nodeids` measure multiplied by how much it changed since.

    As in `moved_entries`: `comparisons` are against these entries, free of the machine.
    """
    meant = set(nodeids)
    ratios = {
        (each.nodeid, measured_name(each.metric), measured_kind(each.metric)): each.ratio
        for each in comparisons
        if each.nodeid in meant
    }
    return tuple(
        entry._replace(value=entry.value * ratios[entry.key], mean=entry.mean * ratios[entry.key])
        if entry.key in ratios
        else entry
        for entry in entries
    )


def _moved(
    entry: BaselineEntry, wall: float, cpu: float | None, thresholds: ChangeThresholds
) -> BaselineEntry:
    duration_ns = round(entry.duration_ns * wall)
    limit = round(duration_ns * (1 + thresholds.warning))
    return entry._replace(
        duration_ns=duration_ns,
        threshold_ns=entry.threshold_ns if entry.threshold_is_manual else limit,
        quiet_ns=None if entry.quiet_ns is None else round(entry.quiet_ns * wall),
        cpu_ns=None if entry.cpu_ns is None else round(entry.cpu_ns * (wall if cpu is None else cpu)),
    )


def _now(shown: ShownBytes | None, value: int | None) -> ShownBytes | None:
    return shown if shown is None or value is None else ShownBytes(value, value, value)


def _grown(
    groups: Mapping[str, GroupEntry], grown: Mapping[str, int], thresholds: ChangeThresholds
) -> dict[str, GroupEntry]:
    moved = dict(groups)
    for name, more_ns in grown.items():
        group = moved.get(name)
        if group is not None:
            duration_ns = max(0, group.duration_ns + more_ns)
            limit = round(duration_ns * (1 + thresholds.suite_warning))
            moved[name] = group._replace(
                duration_ns=duration_ns,
                threshold_ns=group.threshold_ns if group.threshold_is_manual else limit,
            )
    return moved
