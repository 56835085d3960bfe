"""What a performance test measured beyond its own duration: benchmark results."""

from collections.abc import Mapping

from lapwing.model.value import Value


class BenchmarkRecord(Value):
    """One benchmark in one run, with its raw samples.

    A sample is the time of one iteration, that is the round's time divided by `iterations`.
    """

    name: str
    nodeid: str  # the test that ran it
    source: str  # "lapwing", "pytest-benchmark"
    unit: str  # "ns" for times
    samples: tuple[float, ...]  # in `unit`, in the order measured
    iterations: int = 1  # calls per sample
    warmup: int = 0  # samples thrown away
    group: str | None = None
    metadata: Mapping[str, str] = {}
