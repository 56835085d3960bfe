"""What recorded runs know of each test, for those who look at its code. Pure."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.counted import SLEEPS
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.test_history import FileHistory, TestHistory
from lapwing.stats.quantiles import quantile

_PROCESSES: Final = ("subprocess",)
_NETWORK: Final = ("socket", "dns")


def file_histories(
    runs: Sequence[RecordedRun], limits_ns: Mapping[str, int], slow_categories: frozenset[str]
) -> dict[str, FileHistory]:
    """The files of `runs` by the name in their tests' node ids.

    For `limits_ns` and `slow_categories` see `test_histories`. What collection of a file took is the median
    over the runs it was in, each told by the process that was slowest at it.
    """
    tests = test_histories(runs, limits_ns, slow_categories)
    collected: dict[str, list[int]] = defaultdict(list)
    for recorded in runs:
        slowest: dict[str, int] = {}
        for record in recorded.collection:
            if record.nodeid.endswith(".py"):
                slowest[record.nodeid] = max(record.duration_ns, slowest.get(record.nodeid, 0))
        for file, duration_ns in slowest.items():
            collected[file].append(duration_ns)
    medians = {file: round(quantile(durations, 0.5) or 0) for file, durations in collected.items()}
    return {file: FileHistory(tuple(tests.get(file, ())), medians.get(file)) for file in {**tests, **medians}}


def test_histories(
    runs: Sequence[RecordedRun], limits_ns: Mapping[str, int], slow_categories: frozenset[str]
) -> dict[str, list[TestHistory]]:
    """The tests of `runs` by file of their node id, each over the runs it was in.

    The last attempt of a test in a run stands for it. `limits_ns` is by category; a category that is not
    there has no limit. The 95th percentile is `stats.quantiles.quantile`'s; counters are means over the runs.
    """
    seen: dict[str, list[TestRecord]] = defaultdict(list)
    for recorded in runs:
        last = {record.nodeid: record for record in recorded.tests}
        for record in last.values():
            if record.duration_ns is not None:
                seen[record.nodeid].append(record)
    found: dict[str, list[TestHistory]] = defaultdict(list)
    for nodeid, records in seen.items():
        newest = records[0]
        found[nodeid.partition("::")[0]].append(
            TestHistory(
                nodeid=nodeid,
                p95_ns=round(quantile([record.duration_ns or 0 for record in records], 0.95) or 0),
                limit_ns=limits_ns.get(newest.category, 0) or 1 << 62,
                category=newest.category,
                is_marked=any(marker.removesuffix("_test") in slow_categories for marker in newest.markers),
                sleep_ns=_mean(records, SLEEPS),
                process_ns=_mean(records, _PROCESSES),
                network_ns=_mean(records, _NETWORK),
            )
        )
    return dict(found)


def _mean(records: Sequence[TestRecord], names: tuple[str, ...]) -> float:
    """Mean time of counters per record, in nanoseconds."""
    total = sum(
        record.counters[name].time_ns for record in records for name in names if name in record.counters
    )
    return total / len(records)
