"""A change is meant: remember it, and begin the test's baseline there."""

import fnmatch
import time
from collections.abc import Sequence
from typing import Final

from lapwing.analysis.accepted_entries import moved_entries
from lapwing.config.choices import BaselineSource
from lapwing.config.settings import Settings
from lapwing.environment.person import who
from lapwing.errors import NoDataError
from lapwing.model.accepted import AcceptedStep
from lapwing.model.comparison import RunComparison
from lapwing.model.decisive import is_decisive
from lapwing.model.metric import WALL
from lapwing.model.run import Run
from lapwing.model.value import Value
from lapwing.operations.find_run import find_run
from lapwing.operations.find_test import find_test, recorded_tests
from lapwing.operations.judge_run import judge_run
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
            meant[find_test(store, pattern, project=settings.project)] = None
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
    """The last step that nobody accepted; for one too young to be seen, the newest run."""
    if nodeid in _slower(judgment) and judgment is not None:
        ratio = next(
            (
                each.ratio
                for each in judgment.comparisons
                if (each.nodeid, each.metric) == (nodeid, WALL.name)
            ),
            None,
        )
        young = _from_run(nodeid, newest)._replace(ratio=ratio)
    else:
        young = None
    history = read_history(settings, store, nodeid)
    if not history.steps or history.steps[-1].accepted is not None:
        return young
    last = history.steps[-1]
    return AcceptedStep(
        nodeid=nodeid,
        run_id=last.after.run_id,
        from_ns=last.after.started_at_ns,
        commit=last.after.commit,
        ratio=last.step.ratio,
    )


def _move_in_file(settings: Settings, store: Store, nodeids: Sequence[str], newest: Run) -> int:
    """Move the tests' entries in the baseline file, if the project keeps one; how many."""
    if settings.baseline is BaselineSource.HISTORY:
        return 0
    thresholds = settings.change_thresholds
    file = read_baseline_file(settings.baseline_file, thresholds=thresholds)
    if file is None or file.tests.keys().isdisjoint(nodeids):
        return 0
    from lapwing.analysis.compare import compare_with_baseline_file

    judged = store.samples([newest.run_id])
    judgment = compare_with_baseline_file(
        file, judged, thresholds, same_machine_class=file.machine_class in ("", newest.machine_class)
    )
    moved = moved_entries(file, nodeids, judgment.comparisons, thresholds)
    write_baseline_file(settings.baseline_file, moved, thresholds=thresholds)
    return sum(moved.tests[name] != entry for name, entry in file.tests.items())
