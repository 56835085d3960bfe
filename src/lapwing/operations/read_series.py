"""All tests of some runs as series, the machine taken out of each run."""

from collections.abc import Mapping, Sequence

from lapwing.analysis.columns import SHORTEST_NS
from lapwing.analysis.run_factors import run_factors
from lapwing.analysis.scheduling import quiet_wall, with_gc_everywhere
from lapwing.model.run import Run
from lapwing.model.series import RunSamples
from lapwing.model.value import Value
from lapwing.store.protocol import Store

_SPEAKING = 300  # tests, the longest of the newest run, that tell how fast the machine was


class FreedSeries(Value):
    """Runs laid out by test."""

    series: Mapping[str, tuple[list[int], list[float]]]  # test -> places in the runs, times (ns) there
    categories: Mapping[str, str]  # test -> category in its newest run
    factors: tuple[float | None, ...]  # of each run: how much slower the machine was; None: unknown


def freed_series(
    store: Store, runs: Sequence[Run], nodeids: Sequence[str] | None = None, *, project: str | None = None
) -> FreedSeries:
    """The wall times of tests in `runs`, oldest first, less waits for a processor and collections.

    Of all tests, or of `nodeids`, which then speak for the machine, too.
    """
    run_ids = [run.run_id for run in runs]
    read = store.samples(run_ids) if nodeids is None else store.series(run_ids, nodeids, project=project)
    (samples,) = with_gc_everywhere(read)
    factors = run_factors(_some(samples), quiet_wall)
    series: dict[str, tuple[list[int], list[float]]] = {}
    categories: dict[str, str] = {}
    for at, (run, factor) in enumerate(zip(samples, factors, strict=True)):
        categories.update(zip(run.subjects, run.categories, strict=True))
        for nodeid, value in zip(run.subjects, quiet_wall(run), strict=True):
            if value is not None:
                places, values = series.setdefault(nodeid, ([], []))
                places.append(at)
                values.append(max(value, SHORTEST_NS) / (factor or 1.0))
    return FreedSeries(series=series, categories=categories, factors=tuple(factors))


def _some(samples: Sequence[RunSamples]) -> list[RunSamples]:
    """The runs with the longest tests only."""
    if not samples:
        return []
    newest = samples[-1]
    ranked = sorted(zip(newest.wall_ns, newest.subjects, strict=True), reverse=True)
    speaking = {nodeid for _, nodeid in ranked[:_SPEAKING]}
    return [run.only(speaking) for run in samples]
