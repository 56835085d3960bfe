"""What of a benchmark became worse, for code that asks by itself."""

from collections.abc import Sequence
from typing import TYPE_CHECKING, Final

from lapwing.api.place import present_baseline, present_settings, running_test
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import CPU, PEAK, WALL, measured_kind
from lapwing.perftest.results import Regression, Result
from lapwing.units import NS_PER_S

if TYPE_CHECKING:
    from lapwing.model.baseline import MeasuredEntry
    from lapwing.model.comparison import Comparison

_MB: Final = 1_000_000
_TYPES: Final = {"duration": WALL.name, "cpu": CPU.name, "memory": PEAK.name}
_SCALES: Final = {WALL.name: NS_PER_S, CPU.name: NS_PER_S, PEAK.name: _MB}
_WARNING: Final = 1.2
_CRITICAL: Final = 1.5


class BaselineFigures(Result):
    """What a benchmark was in the baseline; seconds and MB, None for what was not measured."""

    name: str
    mean_duration: float
    median_duration: float
    mean_cpu: float | None
    peak_memory: float | None
    runs: int  # behind these figures
    metadata: dict[str, str]


class PerformanceRegressionDetector:
    """Compares what benchmarks measure with the baseline of the project.

    `thresholds` may be changed: `detector.thresholds["duration"]["warning"] = 1.1`. They are ratios of now to
    the baseline; a change over one of them is told only where the noise from run to run does not explain it.
    """

    def __init__(self) -> None:
        self.thresholds: dict[str, dict[str, float]] = {
            name: {"warning": _WARNING, "critical": _CRITICAL} for name in _TYPES
        }

    def get_baseline(self, name: str) -> BaselineFigures | None:
        """The benchmark `name` in the baseline; None where it is not there."""
        wall = _entry(name, WALL.name)
        if wall is None:
            return None
        cpu, peak = _entry(name, CPU.name), _entry(name, PEAK.name)
        return BaselineFigures(
            name=name,
            mean_duration=wall.mean / NS_PER_S,
            median_duration=wall.value / NS_PER_S,
            mean_cpu=None if cpu is None else cpu.mean / NS_PER_S,
            peak_memory=None if peak is None else peak.value / _MB,
            runs=wall.runs,
            metadata=dict(wall.metadata),
        )

    def regressions(self, records: Sequence[BenchmarkRecord]) -> tuple[Regression, ...]:
        """What of `records` is surely worse than in the baseline; empty without one.

        Raises ValueError for thresholds that are no ratios over 1, or not in order.
        """
        from lapwing.operations.measured_baseline import worse_than

        baseline = present_baseline()
        if not baseline.entries:
            return ()
        worse = worse_than(present_settings(), baseline, records, self._limits())
        return tuple(map(_regression, worse))

    def _limits(self) -> dict[str, tuple[float, float]]:
        limits = {}
        for name, metric in _TYPES.items():
            of_type = self.thresholds.get(name, {})
            warning, critical = of_type.get("warning", _WARNING), of_type.get("critical", _CRITICAL)
            if not 1 <= warning <= critical:
                raise ValueError(
                    f"thresholds of {name}: a warning at {warning} and critical at {critical} are no ratios "
                    "of 1 or more in this order; write 1.2 for 20% more than the baseline"
                )
            limits[metric] = (warning, critical)
        return limits


def _entry(name: str, metric: str) -> "MeasuredEntry | None":
    return present_baseline().entry(running_test(), name, metric)


def _regression(comparison: "Comparison") -> Regression:
    kind = measured_kind(comparison.metric)
    scale = _SCALES[kind]
    return Regression(
        metric_type=next(name for name, metric in _TYPES.items() if metric == kind),
        baseline_value=comparison.before / scale,
        current_value=comparison.after / scale,
        regression_factor=comparison.ratio,
        severity=comparison.severity.value,
        confidence=1 - (comparison.p or 0.0),
    )
