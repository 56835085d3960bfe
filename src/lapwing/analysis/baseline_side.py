"""The baseline side of a comparison, whichever form it came in: runs, or a file of medians."""

import math
from collections.abc import Iterable, Mapping, Sequence

from lapwing.analysis.columns import SHORTEST_NS, Raw, RawColumn
from lapwing.analysis.known_center import KnownCenter
from lapwing.analysis.scheduling import cpu, measured_cpu, quiet_wall, wall
from lapwing.analysis.spikes import KnownSpikes
from lapwing.model.baseline import BaselineFile
from lapwing.model.metric import WALL, Metric
from lapwing.model.series import RunSamples
from lapwing.model.value import Value
from lapwing.stats.median import median


class BaselineSide(Value):
    """Either runs or a file; `count` is how many runs stand behind it."""

    runs: Sequence[RunSamples]  # empty for a file
    file: BaselineFile | None
    count: int

    def subjects(self) -> dict[str, None]:
        """All tests that the baseline knows, in its order."""
        if self.file is not None:
            return dict.fromkeys(self.file.tests)
        return dict.fromkeys(subject for run in self.runs for subject in run.subjects)

    def known_centers(self, metric: Metric) -> dict[str, KnownCenter] | None:
        """What the file knows of wall or CPU time, by test; None where the baseline is runs."""
        if self.file is None:
            return None
        known = {}
        for nodeid, entry in self.file.tests.items():
            value, spread = entry.cpu_ns, entry.cpu_spread
            if metric.name == WALL.name:
                value = entry.duration_ns if entry.quiet_ns is None else entry.quiet_ns
                spread = entry.spread
            if value is not None:
                known[nodeid] = KnownCenter(
                    center=math.log(max(value, SHORTEST_NS)), runs=max(entry.runs, 1), spread=spread
                )
        return known

    def known_spikes(self, metric: Metric) -> KnownSpikes | None:
        """The largest spikes that the file knows; None for runs, one run, or a file that knows none."""
        if self.file is None or self.count < 2 or metric.name not in self.file.spikes:
            return None
        shown = self.file.spikes[metric.name]
        lengths = [math.log(max(each.level_ns, SHORTEST_NS)) for each in shown]
        return KnownSpikes([float(each.excess_ns) for each in shown], lengths, self.count)

    def column(self, metric: Metric) -> RawColumn:
        """How wall or CPU time of a run is read to be compared with this.

        Without waits and garbage collection, but as measured for a test of which the file knows only
        that.
        """
        quiet, measured = (quiet_wall, wall) if metric.name == WALL.name else (cpu, measured_cpu)
        if self.file is None:
            return quiet
        tests = self.file.tests
        raw_only = {nodeid for nodeid, entry in tests.items() if entry.quiet_ns is None}
        if not raw_only:
            return quiet

        def mixed(run: RunSamples) -> Raw:
            if len(raw_only) == len(tests) or not measured(run):
                return measured(run)
            return [
                spent if subject in raw_only else less
                for subject, spent, less in zip(run.subjects, measured(run), quiet(run), strict=True)
            ]

        return mixed

    def wall_medians(self, wanted: Mapping[str, None]) -> dict[str, float]:
        """Median wall time in nanoseconds, as measured, of the tests in `wanted` that it knows."""
        if self.file is None:
            return wall_medians(self.runs, wanted)
        tests = self.file.tests
        return {nodeid: float(tests[nodeid].duration_ns) for nodeid in wanted if nodeid in tests}


def side_of_runs(runs: Sequence[RunSamples]) -> BaselineSide:
    """A baseline of runs."""
    return BaselineSide(runs=runs, file=None, count=len(runs))


def side_of_file(file: BaselineFile) -> BaselineSide:
    """A baseline of a file."""
    return BaselineSide(
        runs=(), file=file, count=max([entry.runs for entry in file.tests.values()], default=0)
    )


def wall_medians(runs: Iterable[RunSamples], wanted: Mapping[str, None]) -> dict[str, float]:
    """Median wall time in nanoseconds, as measured, of the tests in `wanted` that ran."""
    values: dict[str, list[int]] = {}
    subjects: Sequence[str] = ()
    places: list[tuple[int, str]] = []
    for run in runs:
        if run.subjects != subjects:
            subjects = run.subjects
            places = [(at, subject) for at, subject in enumerate(subjects) if subject in wanted]
        for at, subject in places:
            values.setdefault(subject, []).append(run.wall_ns[at])
    return {subject: median(row) or 0.0 for subject, row in values.items()}
