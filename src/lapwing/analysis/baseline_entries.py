"""Making a baseline file from runs: medians, spreads, thresholds, and the limits people set by hand."""

import math
from collections.abc import Mapping, Sequence
from heapq import nlargest
from typing import Final

from lapwing.analysis.columns import Column, RawColumn, Table, build_table, sorted_rows
from lapwing.analysis.evidence import WORTH_TESTING
from lapwing.analysis.machine_factor import without_bursts, without_factors
from lapwing.analysis.memory import shown_bytes
from lapwing.analysis.scheduling import cpu, quiet_wall, wall, with_gc_everywhere
from lapwing.model.baseline import BaselineEntry, BaselineFile, GroupEntry, ShownSpike
from lapwing.model.metric import CPU, WALL
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.stats.columns import excesses
from lapwing.stats.median import median_of_sorted
from lapwing.stats.spread import robust_variance

_MOST_SPIKES: Final = 200  # with more of a size, no change of that size is surprising


class _Level(Value):
    value_ns: int
    runs: int
    spread: float | None  # ln


class _Rows(Value):
    """One metric of all tests, a row each."""

    subjects: Sequence[str]
    centers: Sequence[float]  # ln of the median as measured
    freed: Sequence[Sequence[float]]  # ln of the values, rising, each run's machine taken out

    def levels(self) -> dict[str, _Level]:
        """By test its median as measured, and its spread."""
        return {
            subject: _Level(round(math.exp(center)), len(row), _spread(row))
            for subject, center, row in zip(self.subjects, self.centers, self.freed, strict=True)
        }

    def spikes(self, least_ns: float) -> tuple[ShownSpike, ...]:
        """The largest excesses of single runs over a test's level, the largest first."""
        sizes, of = excesses(self.freed, [median_of_sorted(row) for row in self.freed], least_ns)
        largest = nlargest(_MOST_SPIKES, zip(sizes, of, strict=True))
        return tuple(ShownSpike(round(size), round(math.exp(center))) for size, center in largest)


def baseline_entries(
    runs: Sequence[RunSamples],
    thresholds: ChangeThresholds,
    previous: BaselineFile | None = None,
    *,
    date: str,
    commit: str | None = None,
) -> BaselineFile:
    """A baseline file of what `runs` measured.

    A test's duration is its median over the runs as measured; `quiet_ns`, which is judged, that of the
    time without waits for a processor and garbage collection. CPU time is without the latter. Spreads
    are robust, on the ln scale, of what is judged, each run's machine factor and bursts taken out. A
    threshold is duration × (1 + `warning`), a group's × (1 + `suite_warning`); a group is the folder
    of the test file, its duration the sum of its tests' medians. Thresholds that `previous` has by hand
    are kept; its tests that no longer ran are not. `date` is an ISO date. With no runs the file has no tests.
    """
    memory = shown_bytes(runs, thresholds)
    walls = _rows(runs, wall, thresholds.min_tests).levels()
    runs, _ = with_gc_everywhere(runs, ())
    quiet_rows, cpu_rows = (_rows(runs, raw, thresholds.min_tests) for raw in (quiet_wall, cpu))
    quiet, cpus = quiet_rows.levels(), cpu_rows.levels()
    least_ns = WORTH_TESTING * max(thresholds.min_change_ns, 1)
    kept = {} if previous is None else previous.tests
    tests = {
        nodeid: _entry(
            nodeid,
            level,
            quiet[nodeid],
            cpus.get(nodeid),
            kept.get(nodeid),
            thresholds,
        )._replace(**dict(zip(("peak", "delta"), memory.get(nodeid, (None, None)), strict=True)))
        for nodeid, level in sorted(walls.items())
    }
    return BaselineFile(
        date=date,
        tests=tests,
        groups=_groups(tests, {} if previous is None else previous.groups, thresholds),
        runs=tuple(run.run_id for run in runs),
        machine_class=runs[0].machine_class if runs else "",
        commit=commit,
        spikes={WALL.name: quiet_rows.spikes(least_ns), CPU.name: cpu_rows.spikes(least_ns)},
    )


def group_name(nodeid: str) -> str:
    """The group of a test: the folder of its file, `.` for a file at the root."""
    folder, _, _ = nodeid.partition("::")[0].rpartition("/")
    return folder or "."


def _entry(
    nodeid: str,
    level: _Level,
    quiet: _Level,
    processor: _Level | None,
    previous: BaselineEntry | None,
    thresholds: ChangeThresholds,
) -> BaselineEntry:
    is_manual = previous is not None and previous.threshold_is_manual
    limit = round(level.value_ns * (1 + thresholds.warning))
    return BaselineEntry(
        nodeid=nodeid,
        duration_ns=level.value_ns,
        threshold_ns=previous.threshold_ns if previous is not None and is_manual else limit,
        runs=level.runs,
        spread=quiet.spread,
        cpu_ns=None if processor is None else processor.value_ns,
        cpu_spread=None if processor is None else processor.spread,
        threshold_is_manual=is_manual,
        quiet_ns=quiet.value_ns,
    )


def _groups(
    tests: Mapping[str, BaselineEntry], previous: Mapping[str, GroupEntry], thresholds: ChangeThresholds
) -> dict[str, GroupEntry]:
    sums: dict[str, int] = {}
    for nodeid, entry in tests.items():
        name = group_name(nodeid)
        sums[name] = sums.get(name, 0) + entry.duration_ns
    groups = {}
    for name, duration_ns in sorted(sums.items()):
        old = previous.get(name)
        is_manual = old is not None and old.threshold_is_manual
        limit = round(duration_ns * (1 + thresholds.suite_warning))
        groups[name] = GroupEntry(
            name=name,
            duration_ns=duration_ns,
            threshold_ns=old.threshold_ns if old is not None and is_manual else limit,
            threshold_is_manual=is_manual,
        )
    return groups


def _rows(runs: Sequence[RunSamples], raw: RawColumn, min_tests: int) -> _Rows:
    if not runs:
        return _Rows((), (), ())
    subjects = dict.fromkeys(subject for run in runs for subject in run.subjects)
    table = build_table((), runs, raw, baseline_subjects=subjects)
    count = len(table.subjects)
    rows = sorted_rows(table.judged, count)
    centers = [median_of_sorted(row) for row in rows]
    is_freed = count >= min_tests and len(runs) > 1
    return _Rows(table.subjects, centers, sorted_rows(_freed(table, centers), count) if is_freed else rows)


def _freed(table: Table, centers: Sequence[float]) -> list[Column]:
    columns = without_factors(table.judged, len(table.judged), centers)
    # All columns are a baseline's here: bursts are taken out whole, none is left in as shared.
    return without_bursts([*columns, columns[0]], len(columns), centers).columns[:-1]


def _spread(values: Sequence[float]) -> float | None:
    if len(values) < 2:
        return None
    center = median_of_sorted(values)
    variance = robust_variance([value - center for value in values], len(values) - 1)
    return None if variance is None else math.sqrt(variance)
