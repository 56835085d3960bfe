"""Which commit made a test slower? Bisection in worktrees, each commit measured against the good one."""

import math
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

from lapwing.analysis.paired_cut import CutSide, side_of_cut
from lapwing.config.settings import Settings
from lapwing.environment.worktree_commits import (
    commit_facts,
    commit_named,
    first_parent,
    is_ancestor,
    suspects_between,
)
from lapwing.errors import NoDataError, ProjectError
from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.paired import Bisection, BisectStep, CommitFacts, Pair, PairedComparison
from lapwing.operations.confirm import HowToRun, Workshop, check_sides, compare_sides, repository_top
from lapwing.operations.paired.pairs import Progress, measure_pairs
from lapwing.operations.paired.place import open_place
from lapwing.operations.paired.side import Side, Subject

SLOW = "slow"
FAST = "fast"
SKIPPED = "skipped"


def bisect(
    settings: Settings,
    nodeid: str,
    *,
    good: str,
    bad: str,
    first_parent_only: bool,
    how: HowToRun,
    environ: Mapping[str, str],
    progress: Progress,
    tell: Callable[[BisectStep], None],
) -> Bisection:
    """The commit after `good`, up to `bad`, since which the test `nodeid` is slower.

    First `bad` is measured against `good`. A commit in between is slow if it lies over the middle of
    the two on the log scale, so that a slowdown in several steps ends at the one that crosses the
    middle. A commit in which the test does not run is skipped. Of merges both sides are searched, or
    with `first_parent_only` only the first parents. `tell` gets each step as it is done.
    Raises ProjectError.
    """
    top = repository_top(settings.root)
    good_commit, bad_commit = commit_named(top, good), commit_named(top, bad)
    if good_commit == bad_commit or not is_ancestor(top, good_commit, bad_commit):
        raise ProjectError(
            f"{good} does not come before {bad}",
            where="--good",
            mend=f"Name a commit from which {bad} descends, such as the one that 'git merge-base' tells.",
        )
    with open_place(settings.root, top) as place:
        search = _Search(settings, Workshop(settings, place, how, environ), nodeid, how, progress)
        found = Bisection(
            nodeid=nodeid,
            good=commit_facts(top, good_commit),
            bad=commit_facts(top, bad_commit),
            whole=PairedComparison(nodeid=nodeid, verdict=ChangeVerdict.CANNOT_TELL, pairs=0),
        )
        return _narrowed(top, search, found, first_parent_only, tell)


def _narrowed(
    top: Path,
    search: "_Search",
    found: Bisection,
    first_parent_only: bool,
    tell: Callable[[BisectStep], None],
) -> Bisection:
    whole = search.compare(found.good.commit, found.bad.commit)
    found = found._replace(whole=whole)
    if whole.verdict is not ChangeVerdict.REGRESSED:
        return found._replace(reason=_why_not_slower(whole))
    clock = whole.clearest
    assert clock is not None
    goods, bad, steps = {found.good.commit}, found.bad.commit, list[BisectStep]()
    skipped: set[str] = set()
    while True:
        left = suspects_between(top, bad, goods, first_parent_only=first_parent_only)
        choices = [commit for commit in left if commit != bad and commit not in skipped]
        if not choices:
            break
        search.progress_prefix = f"{len(left)} commits left: "
        step = search.step(commit_facts(top, choices[0]), found.good.commit, clock)
        steps.append(step)
        tell(step)
        if step.said == SLOW:
            bad = step.commit.commit
        elif step.said == FAST:
            goods.add(step.commit.commit)
        else:
            skipped.add(step.commit.commit)
    search.progress_prefix = ""
    candidates = tuple(commit_facts(top, commit) for commit in [bad, *sorted(set(left) - {bad})])
    sureness = max(0.0, 1 - (clock.p or 0.0) - sum(step.p for step in steps))
    found = found._replace(steps=tuple(steps), candidates=candidates, sureness=sureness)
    if len(candidates) > 1:
        return found._replace(reason="the test does not run in the commits in between")
    parent = first_parent(top, bad)
    if (parent, bad) == (found.good.commit, found.bad.commit):
        last: PairedComparison | None = whole
    else:
        last = search.compare(parent, bad) if parent is not None else None
    return found._replace(culprit=candidates[0], step=last)


class _Search:
    """Measures commits of one repository for one test."""

    def __init__(
        self, settings: Settings, workshop: Workshop, nodeid: str, how: HowToRun, progress: Progress
    ) -> None:
        self._settings = settings
        self._workshop = workshop
        self._nodeid = nodeid
        self._how = how
        self._tell_progress = progress
        self._good: Side | None = None
        self._subject = Subject(nodeid)  # or the benchmark in it that is slower
        self.progress_prefix = ""

    def compare(self, before: str, after: str) -> PairedComparison:
        """A whole paired comparison of two commits."""
        a = self._workshop.side(before[:10], before)[0]
        b = self._workshop.side(after[:10], after)[0]
        try:
            tests, _ = compare_sides(
                self._settings,
                self._workshop,
                a,
                b,
                [self._nodeid],
                commits=(before, after),
                how=self._how,
                progress=self._progress,
            )
        except NoDataError as error:
            return PairedComparison(
                nodeid=self._nodeid, verdict=ChangeVerdict.CANNOT_TELL, pairs=0, reason=error.what
            )
        finally:
            self._workshop.place.remove(a.tree)
            self._workshop.place.remove(b.tree)
        exact = [each for each in tests if each.nodeid == self._nodeid]
        if not exact:
            raise ProjectError(
                f"{self._nodeid[:200]} stands for {len(tests)} tests",
                mend="Name one test: " + ", ".join(each.nodeid for each in tests[:3]),
            )
        slower = [each for each in exact if each.verdict is ChangeVerdict.REGRESSED]
        known = [each for each in exact if each.benchmark == self._subject.benchmark]
        found = (known if self._subject.benchmark else slower) or exact
        self._subject = Subject(self._nodeid, found[0].benchmark)
        return found[0]

    def step(self, commit: CommitFacts, good: str, clock: Comparison) -> BisectStep:
        """Is this commit like the good one or like the bad one?"""
        self._progress(f"measuring {commit.commit[:10]}")
        if self._good is None:
            self._good = self._workshop.side(good[:10], good)[0]
        try:
            side, _ = self._workshop.side(commit.commit[:10], commit.commit)
        except ProjectError as error:
            return _skipped(commit, error.what)
        try:
            reason = self._why_not(self._good, side, (good, commit.commit))
            if reason:
                return _skipped(commit, reason)
            pairs = self._measured(self._good, side, clock)
        except (ProjectError, NoDataError) as error:
            return _skipped(commit, error.what)
        finally:
            self._workshop.place.remove(side.tree)
        answer = self._side_of_cut(pairs, clock)
        if answer is None:
            return _skipped(commit, "the test did not pass on both sides")
        return BisectStep(
            commit=commit,
            said=SLOW if answer.is_over else FAST,
            ratio=answer.ratio,
            p=answer.p,
            pairs=len(pairs),
        )

    def _why_not(self, a: Side, b: Side, commits: tuple[str, str]) -> str:
        checked = check_sides(self._workshop, a, b, [self._nodeid], commits=commits, progress=self._progress)
        return checked.reasons.get(self._nodeid, "the test is not there")

    def _measured(self, a: Side, b: Side, clock: Comparison) -> Sequence[Pair]:
        def is_enough(_: Subject, pairs: Sequence[Pair]) -> bool:
            answer = self._side_of_cut(pairs, clock)
            return answer is not None and answer.p <= self._how.design.error

        return measure_pairs(
            a,
            b,
            [self._subject],
            self._workshop.choice([self._nodeid]),
            self._workshop.work(),
            design=self._how.design,
            progress=self._progress,
            is_enough=is_enough,
        )[self._subject]

    def _side_of_cut(self, pairs: Sequence[Pair], clock: Comparison) -> CutSide | None:
        return side_of_cut(pairs, clock.metric, math.sqrt(clock.ratio), self._how.design)

    def _progress(self, line: str) -> None:
        self._tell_progress(self.progress_prefix + line)


def _skipped(commit: CommitFacts, reason: str) -> BisectStep:
    return BisectStep(commit=commit, said=SKIPPED, ratio=None, p=0.0, pairs=0, reason=reason)


def _why_not_slower(whole: PairedComparison) -> str:
    if whole.verdict is ChangeVerdict.UNCHANGED:
        return "it takes as long in bad as in good"
    if whole.verdict is ChangeVerdict.IMPROVED:
        return "it is faster in bad than in good"
    return f"it cannot be told whether it is slower in bad than in good: {whole.reason}"
