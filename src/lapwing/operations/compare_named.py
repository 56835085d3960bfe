"""What changed between A and B? Two runs, files, revisions, or the baseline and a run."""

from collections.abc import Mapping

from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.baseline import BaselineFile
from lapwing.model.comparison import RunComparison
from lapwing.model.run import Run
from lapwing.model.series import samples_of
from lapwing.model.value import Value
from lapwing.operations.choose_baseline import Baseline, choose_baseline
from lapwing.operations.find_run import BASELINE, FoundRun, find_run
from lapwing.operations.judge_run import judge_against, judge_sides
from lapwing.operations.judged_side import Side
from lapwing.operations.judging.measured import has_measured
from lapwing.store.protocol import Store


class Compared(Value):
    """A comparison, what its sides were called, and the limits (ns) of tests set by hand in the baseline."""

    before: str
    after: str
    judgment: RunComparison
    limits_by_hand: Mapping[str, int] = {}
    baseline: Baseline = Baseline(why="")  # what `before` turned out to be


def compare_named(settings: Settings, store: Store, before: str, after: str) -> Compared:
    """`after` against `before`, each as people name runs; `before` may be `baseline`.

    Raises NoDataError for a side that does not exist or holds no passed test.
    """
    judged, run, tests = _judged(settings, store, after)
    limits: dict[str, int] = {}
    if before == BASELINE:
        against = _baseline(settings, store, run, tests)
        judgment = judge_against(settings, store, judged, against)
        limits = _limits_by_hand(against.file)
    else:
        found = find_run(settings, store, before)
        if found.baseline is not None:
            against = Baseline(why=found.name, file=found.baseline)
            judgment = judge_against(settings, store, judged, against)
            limits = _limits_by_hand(found.baseline)
        else:
            side, other, _ = _side(store, found)
            against = Baseline(why=f"run {before}", run_ids=side.run_ids)
            judgment = judge_sides(
                settings,
                store,
                side,
                judged,
                same_machine_class=other.machine_class == run.machine_class,
                why=f"run {before}",
            )
    if judgment is None:
        raise NoDataError(
            "there is nothing to compare with", mend="Record more runs, or: lapwing baseline update"
        )
    return Compared(before=before, after=after, judgment=judgment, limits_by_hand=limits, baseline=against)


def _judged(settings: Settings, store: Store, name: str) -> tuple[Side, Run, int]:
    found = find_run(settings, store, name)
    if found.baseline is not None:
        raise NoDataError(
            f"{name} is a baseline, not a run", mend="Write it first: lapwing compare baseline latest"
        )
    return _side(store, found)


def _limits_by_hand(file: BaselineFile | None) -> dict[str, int]:
    if file is None:
        return {}
    tests = {nodeid: entry.threshold_ns for nodeid, entry in file.tests.items() if entry.threshold_is_manual}
    groups = {name: entry.threshold_ns for name, entry in file.groups.items() if entry.threshold_is_manual}
    return tests | groups


def _side(store: Store, found: FoundRun) -> tuple[Side, Run, int]:
    """The side of a comparison that was found, its run, and how many tests passed in it."""
    if found.run is not None:
        run = found.run
        side = Side((run.run_id,), samples=tuple(store.samples([run.run_id])))
    else:
        assert found.recorded is not None
        run = found.recorded.run
        side = Side(recorded=found.recorded, samples=(samples_of(found.recorded),))
    tests = len(side.samples[0].subjects)
    if not tests and not has_measured(store, side):
        raise NoDataError(f"no test passed in {found.name}", mend="Compare runs that have passed tests.")
    return side, run, tests


def _baseline(settings: Settings, store: Store, run: Run, tests: int) -> Baseline:
    baseline = choose_baseline(settings, store, run, tests)
    if baseline.file is None and not baseline.run_ids:
        raise NoDataError(
            f"there is no baseline: {baseline.why}",
            mend="Name a run to compare with, or record more of them. "
            "Run 'lapwing baseline update' to create initial baseline.",
        )
    return baseline
