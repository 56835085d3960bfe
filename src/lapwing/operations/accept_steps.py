"""A change is meant: remember it, and begin the baseline of the test, and of what it measures, there."""

import fnmatch
import time
from collections.abc import Sequence
from typing import Final

from lapwing.analysis.accepted_entries import moved_entries, moved_measured
from lapwing.config.choices import BaselineSource
from lapwing.config.settings import Settings
from lapwing.environment.person import who
from lapwing.errors import NoDataError
from lapwing.model.accepted import AcceptedStep
from lapwing.model.comparison import RunComparison
from lapwing.model.decisive import is_decisive
from lapwing.model.history import SubjectHistory
from lapwing.model.metric import WALL, measured_name
from lapwing.model.run import Run
from lapwing.model.value import Value
from lapwing.operations.find_run import find_run
from lapwing.operations.find_test import find_test, recorded_tests
from lapwing.operations.judge_run import judge_run
from lapwing.operations.judged_side import Side
from lapwing.operations.judging.measured import with_measured
from lapwing.operations.read_benchmark_history import benchmark_histories, test_of_benchmark
from lapwing.operations.read_history import read_history
from lapwing.store.baseline_file import read_baseline_file, write_baseline_file
from lapwing.store.protocol import RunQuery, Store

_MOST: Final = 500  # tests that one pattern may name: each needs its history read


class Wish(Value):
    """What is to be accepted."""

    patterns: tuple[str, ...] = ()  # node ids, parts of one, or globs
    nodeids: tuple[str, ...] = ()  # whole node ids, whatever they hold
    all_slower: bool = False  # every test that the check of the newest run calls slower
    from_run: str | None = None  # first run of the new level, where that is to be said
    reason: str = ""
    by: str | None = None  # None: whoever git or the login says


class Accepted(Value):
    """What was accepted, and what was not."""

    steps: tuple[AcceptedStep, ...]
    without_step: tuple[str, ...] = ()  # tests that were asked for and did not change
    moved_in_file: int = 0  # tests whose entry in the baseline file moved along


def accept_steps(settings: Settings, store: Store, wish: Wish) -> Accepted:
    """Accept the last step of each test that is meant, or its change in the newest run.

    Where the project keeps a baseline file, the tests' entries move to the new level. Raises
    NoDataError where no test is meant, or none of them changed.
    """
    newest = _newest(settings, store)
    judgment = judge_run(settings, store, [newest])
    nodeids = _meant(settings, store, wish, judgment)
    first = None if wish.from_run is None else _run(settings, store, wish.from_run)
    by = who(settings.root) if wish.by is None else wish.by
    steps, without = [], []
    for nodeid in nodeids:
        found = _from_run(nodeid, first) if first else _last_step(settings, store, nodeid, newest, judgment)
        if found is None:
            without.append(nodeid)
        else:
            steps.append(found._replace(reason=wish.reason, accepted_by=by, accepted_at_ns=time.time_ns()))
    if not steps:
        raise NoDataError(
            f"no step is found in the history of {', '.join(without[:5])}",
            mend="'lapwing history NODEID' shows it; name the first run of the new level with --from.",
        )
    store.accept(steps, project=settings.project)
    moved = _move_in_file(settings, store, [step.nodeid for step in steps], newest)
    return Accepted(steps=tuple(steps), without_step=tuple(without), moved_in_file=moved)


def withdraw_steps(settings: Settings, store: Store, patterns: Sequence[str]) -> int:
    """Forget what was accepted of the tests that fit; how many steps. Raises NoDataError for none."""
    accepted = {step.nodeid for step in store.accepted(project=settings.project)}
    meant = set()
    for pattern in patterns:
        containing = [name for name in accepted if pattern in name]
        meant.update([name for name in accepted if _fits(name, pattern)])
        meant.update(containing if len(containing) == 1 else ())
    count = store.withdraw(meant, project=settings.project)
    if not count:
        raise NoDataError("no accepted step fits", mend="'lapwing accept --list' lists them.")
    return count


def _newest(settings: Settings, store: Store) -> Run:
    digests = store.runs(RunQuery(project=settings.project, is_complete=True, limit=1))
    if not digests:
        raise NoDataError("no complete run is recorded", mend="Record one with: pytest --track-performance")
    return digests[0].run


def _meant(settings: Settings, store: Store, wish: Wish, judgment: RunComparison | None) -> list[str]:
    meant: dict[str, None] = dict.fromkeys(wish.nodeids)
    if wish.all_slower:
        meant.update(dict.fromkeys(_slower(judgment)))
        if not meant:
            raise NoDataError("no test is slower in the newest run", mend="'lapwing check' shows what is.")
    for pattern in wish.patterns:
        if set(pattern).isdisjoint("*?"):
            meant[_test_called(settings, store, pattern)] = None
            continue
        fitting = [name for name in recorded_tests(store, project=settings.project) if _fits(name, pattern)]
        if not fitting:
            raise NoDataError(f"no recorded test fits {pattern!r}", mend="'lapwing show' lists the tests.")
        meant.update(dict.fromkeys(fitting))
    if len(meant) > _MOST:
        raise NoDataError(
            f"{len(meant)} tests are meant, at most {_MOST} go at once",
            mend="Make a new baseline of all: lapwing baseline update.",
        )
    return list(meant)


def _test_called(settings: Settings, store: Store, text: str) -> str:
    """The test of that name, or the one that measures the benchmark of that name."""
    try:
        return find_test(store, text, project=settings.project)
    except NoDataError as unknown:
        try:
            return test_of_benchmark(settings, store, text)
        except NoDataError:
            raise unknown from None


def _fits(nodeid: str, pattern: str) -> bool:
    return nodeid == pattern or fnmatch.fnmatchcase(nodeid, pattern)


def _slower(judgment: RunComparison | None) -> list[str]:
    comparisons = () if judgment is None else judgment.comparisons
    return [each.nodeid for each in comparisons if is_decisive(each)]


def _run(settings: Settings, store: Store, name: str) -> Run:
    found = find_run(settings, store, name)
    if found.run is None:
        raise NoDataError(f"{name} is no recorded run", where="--from", mend="'lapwing runs' lists them.")
    return found.run


def _from_run(nodeid: str, run: Run) -> AcceptedStep:
    return AcceptedStep(
        nodeid=nodeid, run_id=run.run_id, from_ns=run.started_at_ns, commit=run.revision.commit
    )


def _last_step(
    settings: Settings, store: Store, nodeid: str, newest: Run, judgment: RunComparison | None
) -> AcceptedStep | None:
    """The last step that nobody accepted, of the test or of what it measures; for one too young to be seen,
    the newest run."""
    slower = [] if judgment is None else [each for each in judgment.comparisons if each.nodeid == nodeid]
    young = None
    if any(map(is_decisive, slower)):
        decisive = [each for each in slower if is_decisive(each)]
        measured = [each for each in decisive if measured_name(each.metric)]
        shown = measured if measured == decisive else [each for each in slower if each.metric == WALL.name]
        young = _from_run(nodeid, newest)._replace(ratio=next((each.ratio for each in shown), None))
    last_steps = [
        history.steps[-1]
        for history in _histories(settings, store, nodeid, newest)
        if history.steps and history.steps[-1].accepted is None
    ]
    if not last_steps:
        return young
    last = max(last_steps, key=lambda step: step.after.started_at_ns)
    return AcceptedStep(
        nodeid=nodeid,
        run_id=last.after.run_id,
        from_ns=last.after.started_at_ns,
        commit=last.after.commit,
        ratio=last.step.ratio,
    )


def _histories(settings: Settings, store: Store, nodeid: str, newest: Run) -> list[SubjectHistory]:
    """Of the test itself, if it is one, and of all that it measures if it still does."""
    if not store.history(nodeid, project=settings.project, limit=1):
        return benchmark_histories(settings, store, nodeid)
    own = [read_history(settings, store, nodeid)]
    if any(record.nodeid == nodeid for record in store.benchmarks([newest.run_id])[0]):
        own += benchmark_histories(settings, store, nodeid)
    return own


def _move_in_file(settings: Settings, store: Store, nodeids: Sequence[str], newest: Run) -> int:
    """Move the tests' entries in the baseline file, if the project keeps one; how many."""
    if settings.baseline == BaselineSource.HISTORY:
        return 0
    thresholds = settings.change_thresholds
    file = read_baseline_file(settings.baseline_file, thresholds=thresholds)
    if file is None or {*file.tests, *(entry.nodeid for entry in file.measured)}.isdisjoint(nodeids):
        return 0
    from lapwing.analysis.compare import compare_with_baseline_file

    side = Side((newest.run_id,), samples=tuple(store.samples([newest.run_id])))
    judgment = compare_with_baseline_file(
        file, side.samples, thresholds, same_machine_class=file.machine_class in ("", newest.machine_class)
    )
    judgment = with_measured(settings, store, judgment, file, side)
    moved = moved_entries(file, nodeids, judgment.comparisons, thresholds)
    moved = moved._replace(measured=moved_measured(file.measured, nodeids, judgment.comparisons))
    write_baseline_file(settings.baseline_file, moved, thresholds=thresholds)
    changed = {name for name, entry in file.tests.items() if moved.tests[name] != entry}
    changed.update(
        entry.nodeid for entry, old in zip(moved.measured, file.measured, strict=True) if entry != old
    )
    return len(changed)
