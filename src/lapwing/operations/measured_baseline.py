"""What are benchmarks compared with, and which of them became worse? For code that measures itself."""

from collections.abc import Mapping, Sequence
from typing import Final

from lapwing.analysis.measured import compare_measured
from lapwing.analysis.measured_levels import levels, measured_entries
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.model.baseline import MeasuredEntry
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import measured_kind
from lapwing.model.value import Value
from lapwing.operations.choose_baseline import baseline_from_history
from lapwing.record.run_facts import begin_run
from lapwing.store.baseline_file import read_baseline_file
from lapwing.store.open_store import open_store

SCRIPT_RUNNER: Final = "python"
"""The runner of a run that is a script which measures itself."""


class MeasuredBaseline(Value):
    """The baseline of benchmarks."""

    why: str
    entries: tuple[MeasuredEntry, ...] = ()
    same_machine_class: bool = True

    def entry(self, nodeid: str, name: str, metric: str) -> MeasuredEntry | None:
        """The entry of a benchmark, that of another test only where no other has the name."""
        named = [each for each in self.entries if (each.name, each.metric) == (name, metric)]
        own = [each for each in named if each.nodeid == nodeid]
        if own:
            return own[0]
        return named[0] if len(named) == 1 else None


def measured_baseline(
    settings: Settings, *, environ: Mapping[str, str], workers: int = 0, is_script: bool = False
) -> MeasuredBaseline:
    """The benchmarks of the baseline file if there are any, else those of the runs before.

    Never raises for what cannot be read: there is no baseline then, and `why` says so.
    """
    try:
        if settings.baseline != "history":
            file = read_baseline_file(settings.baseline_file, thresholds=settings.change_thresholds)
            if file is not None and file.measured:
                return MeasuredBaseline(f"{settings.baseline_file.name} of {file.date}", file.measured)
        run = begin_run(settings, command=(), workers=workers, distribution="no", environ=environ)
        run = run._replace(runner=SCRIPT_RUNNER) if is_script else run
        with open_store(settings.store, create=False, origin=settings.store_origin) as store:
            chosen = baseline_from_history(settings, store, run, 0)
            measured = zip(chosen.run_ids, store.benchmarks(chosen.run_ids), strict=True)
            entries = measured_entries(
                [
                    [record for record in records if chosen.accepts(record.nodeid, run_id)]
                    for run_id, records in measured
                ]
            )
        return MeasuredBaseline(chosen.why, entries, chosen.same_machine_class)
    except LapwingError as error:
        return MeasuredBaseline(f"no baseline: {error.what}")


def worse_than(
    settings: Settings,
    baseline: MeasuredBaseline,
    records: Sequence[BenchmarkRecord],
    limits: Mapping[str, tuple[float, float]],
) -> list[Comparison]:
    """What of `records` is surely worse than in `baseline`.

    `limits` are, by metric, the ratios from which it is a warning and critical. One judged run is judged
    with the noise of the baseline's.
    """
    known: dict[tuple[str, str, str], MeasuredEntry] = {}
    for record in records:
        entry = baseline.entry(record.nodeid, record.name, record.metric)
        if entry is not None:
            moved = entry._replace(nodeid=record.nodeid)
            known[moved.key] = moved
    judged = levels([records])
    worse = []
    for metric, (warning, critical) in limits.items():
        thresholds = settings.change_thresholds._replace(warning=warning - 1, critical=critical - 1)
        compared = compare_measured(
            tuple(known.values()), judged, thresholds, same_machine_class=baseline.same_machine_class
        )
        worse += [
            each
            for each in compared
            if each.verdict is ChangeVerdict.REGRESSED and measured_kind(each.metric) == metric
        ]
    return worse
