"""What the gate's counters counted in the runs of a baseline."""

from collections.abc import Iterable, Mapping

from lapwing.model.baseline import BaselineFile
from lapwing.model.gate import GATED_COUNTERS
from lapwing.model.record import Count


def most_counted(
    runs: Iterable[Mapping[str, Mapping[str, Count]]], names: Iterable[str]
) -> dict[str, dict[str, int]]:
    """The most that any of `runs` counted of `names`, by test and counter; what is 0 is left out."""
    wanted = frozenset(names)
    most: dict[str, dict[str, int]] = {}
    for run in runs:
        for nodeid, counts in run.items():
            for name in wanted & counts.keys():
                if count := counts[name].count:
                    known = most.setdefault(nodeid, {})
                    known[name] = max(known.get(name, 0), count)
    return most


def with_counts(baseline: BaselineFile, runs: Iterable[Mapping[str, Mapping[str, Count]]]) -> BaselineFile:
    """`baseline` with what its `runs` counted."""
    names = sorted(name for each in GATED_COUNTERS.values() for name in each)
    most = most_counted(runs, names)
    tests = {
        nodeid: entry._replace(counts=most[nodeid]) if nodeid in most else entry
        for nodeid, entry in baseline.tests.items()
    }
    return baseline._replace(tests=tests, counted=tuple(names))
