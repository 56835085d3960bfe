"""Where the time of a run went, in parts that add up."""

from typing import Final

from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.time_use import TimeUse

_PHASES: Final = slice(TestRecord._fields.index("setup_ns"), TestRecord._fields.index("child_cpu_ns") + 1)
"""Wall time of the three phases, CPU time of the three phases, CPU time of children."""

_NOT_MEASURED: Final = [None, None, None]


def attribution(recorded: RecordedRun) -> TimeUse:
    """The time of all processes of a run, split by what it was spent on (see `TimeUse`).

    All attempts count. A fixture's own time is cut out of the phases in which it ran: its set-up out
    of set-up, its tear-down out of tear-down, never more than is there. Without fixture records
    (other runners) the shared fixture time that tests carry stands in, set-up first.
    What was not measured counts as zero.
    """
    setup = call = teardown = call_cpu = cpu = waiting = shared = 0
    # One pass over slices: the test process does this at the end of every run.
    for record in recorded.tests:
        shared += record.shared_fixture_ns
        setup_ns, call_ns, teardown_ns, *cpus = record[_PHASES]
        if setup_ns is None and call_ns is None and teardown_ns is None:
            continue
        wall = (setup_ns or 0) + (call_ns or 0) + (teardown_ns or 0)
        setup += setup_ns or 0
        call += call_ns or 0
        teardown += teardown_ns or 0
        if cpus[:3] == _NOT_MEASURED:
            continue
        spent = sum(filter(None, cpus))
        cpu += spent
        call_cpu += min(cpus[1] or 0, call_ns or 0)
        if spent < wall:
            waiting += wall - spent
    if recorded.fixtures:
        fixture_setup = min(sum(fixture.setup_ns for fixture in recorded.fixtures), setup)
        fixture_teardown = min(sum(fixture.teardown_ns or 0 for fixture in recorded.fixtures), teardown)
    else:
        fixture_setup = min(shared, setup)
        fixture_teardown = min(shared - fixture_setup, teardown)
    collection = sum(record.duration_ns for record in recorded.collection)
    startup = _startup(recorded)
    between = _between(recorded, setup + call + teardown)
    return TimeUse(
        wall_ns=recorded.run.duration_ns,
        worker_ns=startup + collection + setup + call + teardown + between,
        startup_ns=startup,
        collection_ns=collection,
        fixtures_ns=fixture_setup + fixture_teardown,
        setup_other_ns=setup - fixture_setup,
        call_ns=call,
        call_cpu_ns=call_cpu,
        call_waiting_ns=call - call_cpu,
        teardown_ns=teardown - fixture_teardown,
        pytest_ns=between,
        cpu_ns=cpu,
        waiting_ns=waiting,
    )


def _startup(recorded: RecordedRun) -> int:
    """Start-up of the main process, and of each worker up to its first test, less its collection."""
    run = recorded.run
    if run.workers == 0:
        return run.startup_ns
    collected: dict[str, int] = {}
    for record in recorded.collection:
        collected[record.worker] = collected.get(record.worker, 0) + record.duration_ns
    return run.startup_ns + sum(
        max(0, process.warmup_ns - collected.get(process.name, 0))
        for process in run.processes
        if process.warmup_ns is not None and process.name != "main"
    )


def _between(recorded: RecordedRun, tests_ns: int) -> int:
    """Time of the processes that ran tests and ended in order, less collection, start-up and tests.

    `tests_ns` is the time of all tests. Zero where the processes are not known.
    """
    run = recorded.run
    ran = [process for process in run.processes if process.warmup_ns is not None]
    ended = [process for process in ran if process.end_ns is not None]
    if len(ended) < len(ran):
        names = {process.name for process in ended}
        tests_ns = sum(record.duration_ns or 0 for record in recorded.tests if record.worker in names)
    span = sum((process.end_ns or 0) - process.start_ns - (process.warmup_ns or 0) for process in ended)
    if run.workers == 0:  # of workers this belongs to start-up
        span += sum(process.warmup_ns or 0 for process in ended)
        tests_ns += sum(record.duration_ns for record in recorded.collection)
    return max(0, span - tests_ns)
