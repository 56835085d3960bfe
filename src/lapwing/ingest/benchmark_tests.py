"""Benchmarks of foreign tools as tests read: never judged as tests, compared like our own benchmarks."""

from collections.abc import Mapping, Sequence
from typing import Any

from lapwing.ingest.timing import Timing, timing
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.read_test import ReadTest
from lapwing.model.record import Outcome


def benchmark_test(
    name: str,
    *,
    source: str,
    told_ns: float | None,
    samples_ns: Sequence[float] = (),
    nodeid: str = "",
    iterations: int = 1,
    group: str = "",
    metadata: Mapping[str, str] | None = None,
    **fields: Any,
) -> ReadTest:
    """A benchmark by the tool `source` that took `told_ns` nanoseconds per iteration, with more `fields`.

    Where the report has no samples, what is told is the only one. None as `told_ns` is no measurement.
    """
    told = Timing() if told_ns is None else timing(told_ns, 1, Outcome.BENCHMARK)
    if not samples_ns and told.duration_ns is not None and told_ns is not None:
        samples_ns = (told_ns,)
    record = BenchmarkRecord(
        name=name,
        nodeid=nodeid or name,
        source=source,
        unit="ns",
        samples=tuple(samples_ns),
        iterations=max(iterations, 1),
        group=group or None,
        metadata=metadata or {},
    )
    return ReadTest(
        name=name,
        status=Outcome.BENCHMARK,
        duration_ns=told.duration_ns,
        shown_duration_ns=told.shown_ns,
        benchmark=record,
        warnings=told.warnings,
        **fields,
    )
