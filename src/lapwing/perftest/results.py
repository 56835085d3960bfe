"""What people get from a benchmark: seconds and megabytes, as attributes or by name."""

import math
from collections.abc import Sequence
from typing import Any, Final

from lapwing.model.value import Value
from lapwing.perftest.benchmark import Measured
from lapwing.stats.bootstrap import bootstrap_interval
from lapwing.stats.median import median_of_sorted
from lapwing.stats.quantiles import quantile
from lapwing.units import NS_PER_S

_MB: Final = 1_000_000


class Result(Value):
    """A value whose fields can be asked for by name, too: `result["duration"]["mean"]`."""

    def __getitem__(self, name: Any) -> Any:
        """The field called `name`. Raises KeyError for a name that is none."""
        if isinstance(name, str):
            if name not in self._fields:
                raise KeyError(name)
            return getattr(self, name)
        return super().__getitem__(name)

    def as_dict(self) -> dict[str, Any]:
        """Fields by name, as JSON takes them."""
        return {name: _plain(value) for name, value in self._asdict().items()}


class Durations(Result):
    """Wall time per call, in seconds."""

    mean: float
    std: float  # of the samples, divisor n - 1; 0 of a single one
    min: float
    max: float
    median: float
    p95: float
    p99: float
    interval: tuple[float, float] | None = None  # of the median, at 95%, by bootstrap; None of one sample


class MemoryUse(Result):
    """The most that a call held at once, in MB (10^6 bytes), over what was held before."""

    mean: float | None
    std: float | None
    peak: float | None
    method: str  # traced, resident, none


class CpuUse(Result):
    """Processor time per call, of all threads of the process."""

    mean: float  # seconds
    percent: float  # of one processor, on average: 100 is one that never waits


class Regression(Result):
    """Something that is worse than in the baseline."""

    metric_type: str  # duration, cpu, memory
    baseline_value: float  # seconds or MB
    current_value: float
    regression_factor: float  # current by baseline
    severity: str  # warning, critical
    confidence: float  # 1 - the chance of so large a difference without a change


class BenchmarkResult(Result):
    """What a benchmark measured, and what of it is worse than in the baseline."""

    name: str
    iterations: int  # calls that were measured
    duration: Durations
    memory: MemoryUse
    cpu: CpuUse
    regressions: tuple[Regression, ...] = ()
    samples: tuple[float, ...] = ()  # seconds per call, in the order measured
    cpu_samples: tuple[float, ...] = ()
    loops: int = 1  # calls per sample
    warmup: int = 0  # samples thrown away
    timer_overhead: float = 0.0  # seconds, taken out of each sample
    profiled: bool = False  # a profiler was on: the times are not the code's own
    metadata: dict[str, str] = {}  # noqa: RUF012, a value's default


def result_of(measured: Measured, name: str, metadata: dict[str, str]) -> BenchmarkResult:
    """`measured` for people."""
    samples = measured.samples
    walls = [each / NS_PER_S for each in samples.wall_ns]
    cpus = [each / NS_PER_S for each in samples.cpu_ns]
    wall, cpu = math.fsum(walls) / len(walls), math.fsum(cpus) / len(cpus)
    return BenchmarkResult(
        name=name,
        iterations=samples.loops * len(walls),
        duration=_durations(walls),
        memory=_memory(measured),
        cpu=CpuUse(mean=cpu, percent=100 * cpu / wall if wall else 0.0),
        samples=tuple(walls),
        cpu_samples=tuple(cpus),
        loops=samples.loops,
        warmup=samples.warmup,
        timer_overhead=samples.overhead_ns / NS_PER_S,
        profiled=measured.is_profiled,
        metadata=metadata,
    )


def _durations(walls: Sequence[float]) -> Durations:
    ordered = sorted(walls)
    interval = bootstrap_interval(ordered, lambda drawn: median_of_sorted(sorted(drawn)))
    return Durations(
        mean=math.fsum(ordered) / len(ordered),
        std=standard_deviation(ordered),
        min=ordered[0],
        max=ordered[-1],
        median=median_of_sorted(ordered),
        p95=quantile(ordered, 0.95) or 0.0,
        p99=quantile(ordered, 0.99) or 0.0,
        interval=None if interval is None else (interval.low, interval.high),
    )


def _memory(measured: Measured) -> MemoryUse:
    peaks = [each / _MB for each in measured.memory.peak_bytes]
    method = measured.memory.method.value
    if not peaks:
        return MemoryUse(None, None, None, "none")
    return MemoryUse(math.fsum(peaks) / len(peaks), standard_deviation(peaks), max(peaks), method)


def standard_deviation(values: Sequence[float]) -> float:
    """By the divisor n - 1; 0 of fewer than two values."""
    if len(values) < 2:
        return 0.0
    mean = math.fsum(values) / len(values)
    return math.sqrt(math.fsum((each - mean) ** 2 for each in values) / (len(values) - 1))


def _plain(value: Any) -> Any:
    if isinstance(value, Result):
        return value.as_dict()
    return [_plain(each) for each in value] if isinstance(value, tuple) else value
