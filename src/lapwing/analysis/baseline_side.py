"""The baseline side of a comparison, whichever form it came in: runs, or a file of medians."""

import math
from collections.abc import Iterable, Mapping, Sequence

from lapwing.analysis.changes import KnownCenter
from lapwing.analysis.columns import SHORTEST_NS
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
            value, spread = (
                (entry.duration_ns, entry.spread)
                if metric.name == WALL.name
                else (entry.cpu_ns, entry.cpu_spread)
            )
            if value is not None:
                known[nodeid] = KnownCenter(
                    center=math.log(max(value, SHORTEST_NS)), runs=max(entry.runs, 1), spread=spread
                )
        return known

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
    for run in runs:
        for subject, value in zip(run.subjects, run.wall_ns, strict=True):
            if subject in wanted:
                values.setdefault(subject, []).append(value)
    return {subject: median(row) or 0.0 for subject, row in values.items()}
