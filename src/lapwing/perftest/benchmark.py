"""A benchmark from beginning to end: rounds, then memory, as one value."""

from collections.abc import Callable, Coroutine, Iterator, Mapping
from contextlib import contextmanager
from typing import Any

from lapwing.measure.clock import CLOCKS
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import CPU, PEAK, WALL, Unit
from lapwing.model.value import Value
from lapwing.perftest.memory_pass import MemorySamples, memory_of, memory_of_coroutine
from lapwing.perftest.profilers import ProfilerWatch
from lapwing.perftest.rounds import clock_overhead, sample_coroutines, sample_function
from lapwing.perftest.sampling import Plan, Samples, sampling
from lapwing.stats.median import median

SOURCE = "lapwing"


class Measured(Value):
    """What a benchmark measured."""

    samples: Samples
    memory: MemorySamples
    is_profiled: bool = False  # a profiler was on: the times are not the code's own


def measure_function(
    function: Callable[[], object], plan: Plan = Plan(), *, with_memory: bool = True
) -> Measured:
    """Measure `function`, then its memory by some calls more. Its errors come through."""
    with ProfilerWatch() as watch:
        samples = sample_function(function, sampling(plan, clock_overhead()))
        memory = memory_of(function, median(samples.wall_ns) or 0.0) if with_memory else MemorySamples()
    return Measured(samples, memory, watch.has_seen)


async def measure_coroutines(
    function: Callable[[], Coroutine[Any, Any, object]], plan: Plan = Plan(), *, with_memory: bool = True
) -> Measured:
    """The same of awaiting what `function` makes."""
    with ProfilerWatch() as watch:
        samples = await sample_coroutines(function, sampling(plan, clock_overhead()))
        took = median(samples.wall_ns) or 0.0
        memory = await memory_of_coroutine(function, took) if with_memory else MemorySamples()
    return Measured(samples, memory, watch.has_seen)


@contextmanager
def measured_block(take: Callable[[Measured], None]) -> Iterator[None]:
    """Measure what happens inside once, and hand it to `take`; a block that fails is not taken."""
    overhead = clock_overhead()
    with ProfilerWatch() as watch:
        cpu_begin, begin = CLOCKS.process_cpu(), CLOCKS.wall()
        yield
        end, cpu_end = CLOCKS.wall(), CLOCKS.process_cpu()
    wall = float(max(0, end - begin - overhead.wall_ns))
    cpu = float(max(0, cpu_end - cpu_begin - overhead.cpu_ns))
    samples = Samples(1, 0, (wall,), (cpu,), overhead.wall_ns)
    take(Measured(samples, MemorySamples(), is_profiled=watch.has_seen))


def records_of(
    measured: Measured, name: str, nodeid: str, metadata: Mapping[str, str]
) -> tuple[BenchmarkRecord, ...]:
    """What is kept of `measured`: wall time, CPU time and, where it was measured, memory.

    The name of a profiled one says so: its times belong into a history of their own.
    """
    samples = measured.samples
    shown = f"{name} (profiled)" if measured.is_profiled else name

    def record(metric: str, unit: str, values: tuple[float, ...], loops: int) -> BenchmarkRecord:
        return BenchmarkRecord(
            name=shown,
            nodeid=nodeid,
            source=SOURCE,
            unit=unit,
            samples=values,
            iterations=loops,
            warmup=samples.warmup,
            metadata=metadata,
            metric=metric,
        )

    peaks = tuple(map(float, measured.memory.peak_bytes))
    return (
        record(WALL.name, Unit.NS.value, samples.wall_ns, samples.loops),
        record(CPU.name, Unit.NS.value, samples.cpu_ns, samples.loops),
        *([record(PEAK.name, Unit.BYTES.value, peaks, 1)] if peaks else []),
    )
