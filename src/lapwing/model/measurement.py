"""What a performance test measured beyond its own duration: benchmarks and metrics of one's own."""

from collections.abc import Mapping

from lapwing.model.value import Value


class BenchmarkRecord(Value):
    """One metric of one benchmark in one run, with its raw samples.

    A sample of a time is that of one iteration, that is the round's time divided by `iterations`.
    """

    name: str
    nodeid: str  # the test that ran it; outside of tests the script
    source: str  # "lapwing", "pytest-benchmark"
    unit: str  # "ns" for times
    samples: tuple[float, ...]  # in `unit`, in the order measured
    iterations: int = 1  # calls per sample
    warmup: int = 0  # samples thrown away
    group: str | None = None
    metadata: Mapping[str, str] = {}
    metric: str = "wall"  # wall, cpu, peak_bytes, or a name of its own
    higher_is_better: bool = False
