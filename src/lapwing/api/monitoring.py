"""Monitoring a part of a test: `start_test_monitoring`, `stop_test_monitoring`."""

from collections.abc import Mapping

from lapwing.api.budgets import budgets_set
from lapwing.api.place import keep, present_settings, running_test
from lapwing.errors import ConfigurationError
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import CPU, WALL, Unit
from lapwing.perftest.benchmark import SOURCE
from lapwing.perftest.monitor import Monitor
from lapwing.perftest.results import Result
from lapwing.units import NS_PER_S

_MB = 1_000_000


class Counted(Result):
    """What a probe counted."""

    count: int
    time: float  # seconds, of all events together


class MonitoringResult(Result):
    """What happened between start and stop."""

    name: str
    test_type: str
    duration: float  # seconds
    cpu: float  # seconds of this process
    cpu_percent: float  # of one processor
    memory: float | None  # MB (10^6 bytes) more than at the start; None where the system does not tell
    counters: Mapping[str, Counted]  # by probe: sql_queries, http_requests, sleep, file, …
    budget: float  # seconds that the type may take
    within_budget: bool


class MonitoringRef:
    """A monitoring that goes on; `stop_test_monitoring` ends it."""

    def __init__(self, name: str, test_type: str, limit_ns: int) -> None:
        self.name = name
        self.test_type = test_type
        self.limit_ns = limit_ns
        self._monitor: Monitor | None = Monitor()

    def take_monitor(self) -> Monitor:
        """What measures, once. Raises RuntimeError the second time."""
        if self._monitor is None:
            raise RuntimeError(f"the monitoring of {self.name!r} has been stopped already")
        monitor, self._monitor = self._monitor, None
        return monitor


def start_test_monitoring(name: str, test_type: str = "unit") -> MonitoringRef:
    """Begin to measure; `test_type` is a category, with or without `_test`, whose time budget will judge.

    Raises ConfigurationError for a category that is not there.
    """
    category = test_type.removesuffix("_test")
    return MonitoringRef(name, category, _limit_ns(category))


def stop_test_monitoring(ref: MonitoringRef) -> MonitoringResult:
    """End the monitoring and keep what it measured. Raises RuntimeError where it was ended before."""
    monitored = ref.take_monitor().stop()
    for metric, value in ((WALL.name, monitored.wall_ns), (CPU.name, monitored.cpu_ns)):
        keep(
            [
                BenchmarkRecord(
                    name=ref.name,
                    nodeid=running_test(),
                    source=SOURCE,
                    unit=Unit.NS.value,
                    samples=(float(value),),
                    metric=metric,
                )
            ]
        )
    memory = monitored.memory_bytes
    return MonitoringResult(
        name=ref.name,
        test_type=ref.test_type,
        duration=monitored.wall_ns / NS_PER_S,
        cpu=monitored.cpu_ns / NS_PER_S,
        cpu_percent=100 * monitored.cpu_ns / max(1, monitored.wall_ns),
        memory=None if memory is None else memory / _MB,
        counters={
            name: Counted(count, spent / NS_PER_S) for name, (count, spent) in monitored.counters.items()
        },
        budget=ref.limit_ns / NS_PER_S,
        within_budget=monitored.wall_ns <= ref.limit_ns,
    )


def _limit_ns(category: str) -> int:
    in_code = budgets_set().get(category)
    if in_code is not None:
        return in_code.limit
    categories = present_settings().categories
    if category not in categories:
        raise ConfigurationError(
            f"{category!r} is no category",
            where="start_test_monitoring",
            mend=f"There are {', '.join(categories)}; [tool.lapwing.categories] adds more.",
        )
    return categories[category].limit_ns
