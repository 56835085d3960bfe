"""Who came first in the runs of a baseline, and what fixtures that several tests share took them."""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.ran_first import turns
from lapwing.model.baseline import BaselineEntry, BaselineFile
from lapwing.model.fixture_subject import wide_set_ups
from lapwing.model.last_attempt import last_attempts
from lapwing.model.run import RecordedRun
from lapwing.model.series import RunSamples
from lapwing.model.value import Value
from lapwing.stats.median import median
from lapwing.units import NS_PER_MS

_LEAST_SHARED_NS: Final = NS_PER_MS  # what is less makes no change of a test


class SharedTimes(Value):
    """What fixtures of wider scope took in one run, in nanoseconds."""

    of_tests: Mapping[str, int]  # inside of tests, where it was a millisecond or more
    set_ups: Mapping[str, int]  # by fixture, as they are compared; summed


def shared_times(recorded: RecordedRun) -> SharedTimes:
    """Of the last attempts of a run."""
    set_ups: dict[str, int] = {}
    for name, took_ns in wide_set_ups(recorded.fixtures):
        set_ups[name] = set_ups.get(name, 0) + took_ns
    return SharedTimes(
        {
            record.nodeid: record.shared_fixture_ns
            for record in last_attempts(recorded.tests)
            if record.shared_fixture_ns >= _LEAST_SHARED_NS
        },
        set_ups,
    )


def with_order(
    baseline: BaselineFile, runs: Sequence[RunSamples], shared: Sequence[SharedTimes]
) -> BaselineFile:
    """`baseline` with the order of its `runs`, and what fixtures of wider scope took in each of them."""
    order = [turns(run, baseline.tests) for run in runs]

    def placed(entry: BaselineEntry) -> BaselineEntry:
        came = [each[entry.nodeid] for each in order if entry.nodeid in each]
        took = [
            times.of_tests.get(entry.nodeid, 0)
            for each, times in zip(order, shared, strict=True)
            if entry.nodeid in each
        ]
        if not any(came) and not any(took):
            return entry
        return entry._replace(turns=(min(came), max(came)), shared_ns=(min(took), max(took)))

    names = sorted({name for times in shared for name in times.set_ups})
    fixtures = {
        name: round(median([times.set_ups[name] for times in shared if name in times.set_ups]) or 0)
        for name in names
    }
    tests = {nodeid: placed(entry) for nodeid, entry in baseline.tests.items()}
    return baseline._replace(tests=tests, fixtures=fixtures, knows_order=True)
