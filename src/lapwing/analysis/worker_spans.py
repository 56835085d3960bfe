"""The life of each worker of a run: until its first test, between its tests, after its last one."""

from collections.abc import Sequence
from operator import itemgetter
from typing import Final

from lapwing.model.record import CollectRecord, TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.value import Value
from lapwing.units import NS_PER_MS

LONG_PAUSE_NS: Final = 100 * NS_PER_MS
"""A longer pause between two tests of a worker of pytest-xdist is a wait for its next test."""


class WorkerSpan(Value):
    """One worker. The parts add up to the run's length; offsets are from the run's start."""

    name: str
    startup_ns: int  # until collection began, or the first test where none was seen
    collection_ns: int  # in modules and folders
    settling_ns: int  # pytest's own between them and until the first test
    waiting_ns: int  # for other workers to have collected, and between tests for the next test
    tests_ns: int
    between_ns: int  # pytest's own between tests
    idle_ns: int  # after the last test, while other workers had some
    ending_ns: int  # from the last test of all to the end of the run
    unknown_ns: int  # after a worker was killed
    first_ns: int  # offset of its first test
    last_ns: int  # offset of the end of its last test
    tests: tuple[TestRecord, ...]  # in order


def first_moment(recorded: RecordedRun) -> int:
    """Offset of the first moment of tracking, mostly below zero: start-up lies before the run's start."""
    main = next((each for each in recorded.run.processes if each.name == "main"), None)
    return min(0, (main.start_ns if main else 0) - recorded.run.startup_ns)


def worker_spans(recorded: RecordedRun) -> list[WorkerSpan]:
    """The workers, by name, also those that had no test to run; a run in one process has one."""
    by_worker: dict[str, list[tuple[int, int, TestRecord]]] = {}
    last_of_all = begin = first_moment(recorded)
    for record in recorded.tests:
        starts, ends = record.start_ns, record.start_ns + (record.duration_ns or 0)
        last_of_all = max(last_of_all, ends)
        by_worker.setdefault(record.worker, []).append((starts, ends, record))
    collected: dict[str, list[CollectRecord]] = {}
    for each in recorded.collection:
        collected.setdefault(each.worker, []).append(each)
    is_parallel = recorded.run.workers > 0
    names = {each.name for each in recorded.run.processes if each.name != "main" or not is_parallel}
    end = max(recorded.run.duration_ns, begin)
    killed = {each.name for each in recorded.run.processes if each.end_ns is None}
    all_collected = max((each.start_ns + each.duration_ns for each in recorded.collection), default=begin)
    return [
        _span(
            name,
            sorted(by_worker.get(name, ()), key=itemgetter(0)),
            collected.get(name, []),
            (begin, all_collected, last_of_all if by_worker else end, end),
            is_parallel,
            name in killed,
        )
        for name in sorted(names | by_worker.keys())
    ]


def _span(
    name: str,
    tests: Sequence[tuple[int, int, TestRecord]],
    collection: Sequence[CollectRecord],
    moments: tuple[int, int, int, int],
    is_worker: bool,
    was_killed: bool,
) -> WorkerSpan:
    """The worker called `name`, whose `tests` are told with start and end, in order of their starts."""
    begin, all_collected, last_of_all, end = moments
    own_end = max((each.start_ns + each.duration_ns for each in collection), default=begin)
    first = tests[0][0] if tests else max(own_end, all_collected)
    last = max((ends for _, ends, _ in tests), default=first)
    before = max(0, first - begin)
    startup = min(before, max(0, min((each.start_ns for each in collection), default=first) - begin))
    collecting = min(before - startup, sum(each.duration_ns for each in collection))
    waiting = min(before - startup - collecting, max(0, all_collected - own_end)) if is_worker else 0
    between = pausing = running = 0
    moment = first
    for starts, ends, _ in tests:
        running += ends - starts
        if starts > moment:
            pause = starts - moment
            if is_worker and pause > LONG_PAUSE_NS:
                pausing += pause
            else:
                between += pause
        moment = max(moment, ends)
    # Reports are made between the phases of a test, and are in none of them.
    between += max(0, (last - first) - running - between - pausing)
    idle = max(0, last_of_all - last)
    return WorkerSpan(
        name=name,
        startup_ns=startup,
        collection_ns=collecting,
        settling_ns=before - startup - collecting - waiting,
        waiting_ns=waiting + pausing,
        tests_ns=running,
        between_ns=between,
        idle_ns=0 if was_killed else idle,
        ending_ns=max(0, end - max(last, last_of_all)),
        unknown_ns=idle if was_killed else 0,
        first_ns=first,
        last_ns=last,
        tests=tuple(record for _, _, record in tests),
    )
