"""What the machine did to a run, as its tests felt it."""

from collections.abc import Iterable

from lapwing.model.report import SystemHealth
from lapwing.model.run import RecordedRun


def system_health(recorded: RecordedRun, between_ns: int = 0) -> SystemHealth:
    """Sums over all attempts of all tests; shares are of their wall time, but that of the garbage collector.

    That is of their processor time, and the collector's waits for a processor are taken out.

    Waiting for a processor is read once per test, so that what lies between two tests counts to the
    second: `between_ns` (`TimeUse.pytest_ns`) is part of the time that its share is of.
    """
    run, tests = recorded.run, recorded.tests
    busy_ns = sum(record.duration_ns or 0 for record in tests)
    run_delay_ns = _sum(record.run_delay_ns for record in tests)
    gc_ns = _sum(record.collected_ns for record in tests)
    computing_ns = sum(record.cpu_ns or 0 for record in tests)
    largest = max(
        (record for record in tests if record.peak_bytes is not None),
        key=lambda record: record.peak_bytes or 0,
        default=None,
    )
    return SystemHealth(
        load_average=run.load_average,
        cores=run.machine.cores,
        cpu_limit=run.machine.cpu_limit,
        memory_bytes=run.machine.memory_bytes,
        memory_limit_bytes=run.machine.memory_limit_bytes,
        involuntary_switches=_sum(record.involuntary_switches for record in tests),
        run_delay_ns=run_delay_ns,
        run_delay_share=(
            run_delay_ns / (busy_ns + between_ns) if run_delay_ns is not None and busy_ns else None
        ),
        peak_bytes=largest.peak_bytes if largest else None,
        peak_nodeid=largest.nodeid if largest else None,
        gc_ns=gc_ns,
        gc_share=gc_ns / computing_ns if gc_ns is not None and computing_ns else None,
        gc_count=_sum(record.gc_count for record in tests),
    )


def _sum(values: Iterable[int | None]) -> int | None:
    known = [value for value in values if value is not None]
    return sum(known) if known else None
