"""Did a benchmark change? Adds to a judgment what its runs measured beyond their tests."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from lapwing.config.settings import Settings
from lapwing.model.baseline import BaselineFile
from lapwing.model.comparison import RunComparison, worst_verdict
from lapwing.model.measurement import BenchmarkRecord
from lapwing.operations.judged_side import Side

if TYPE_CHECKING:
    from lapwing.store.protocol import Store


def has_measured(store: "Store", side: Side) -> bool:
    """Whether a run of `side` holds a benchmark."""
    return any(measured_of(store, side))


def measured_of(store: "Store", side: Side) -> list[tuple[BenchmarkRecord, ...]]:
    """What the runs of `side` measured, in their order."""
    if side.recorded is not None:
        return [side.recorded.benchmarks]
    return store.benchmarks(side.run_ids)


def with_measured(
    settings: Settings,
    store: "Store",
    judgment: RunComparison,
    before: Sequence[Sequence[BenchmarkRecord]] | BaselineFile,
    judged: Side,
) -> RunComparison:
    """`judgment` with the benchmarks of `judged` against those of the runs, or of the file, `before`.

    A judgment of a run without tests is that of its benchmarks.
    """
    after = measured_of(store, judged)
    if not any(after):
        return judgment
    from lapwing.analysis.measured import compare_measured
    from lapwing.analysis.measured_levels import levels, measured_entries

    compared = compare_measured(
        before.measured if isinstance(before, BaselineFile) else measured_entries(before),
        levels(after),
        settings.change_thresholds,
        factors=dict(judgment.machine_factors),
        same_machine_class=judgment.same_machine_class,
    )
    if not compared:
        return judgment
    verdict = worst_verdict([each.verdict for each in compared])
    if judgment.comparisons:
        return judgment._replace(
            comparisons=(*judgment.comparisons, *compared),
            verdict=worst_verdict([judgment.verdict, verdict]),
        )
    return judgment._replace(comparisons=tuple(compared), verdict=verdict, reason="")
