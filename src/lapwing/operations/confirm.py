"""Is it really slower? Tests of two commits, run in turn on this machine."""

import sys
from collections.abc import Mapping, Sequence
from pathlib import Path

from lapwing.analysis.paired import judge_pairs
from lapwing.analysis.paired_outlook import is_settled
from lapwing.config.settings import Settings
from lapwing.environment.git_files import find_git_folder
from lapwing.environment.worktree_commits import commit_named, commit_to_compare_with, is_changed
from lapwing.errors import NoDataError, ProjectError
from lapwing.model.comparison import ChangeVerdict, worst_verdict
from lapwing.model.paired import Confirmation, Pair, PairedComparison, SideFacts
from lapwing.model.paired_design import Design
from lapwing.model.thresholds import ChangeThresholds
from lapwing.model.value import Value
from lapwing.operations.paired.imports import imports_fault
from lapwing.operations.paired.pairs import (
    Progress,
    judged_pairs,
    measure_pairs,
    measured_on_both,
    warm_up,
    why_not_compared,
)
from lapwing.operations.paired.place import Place, open_place
from lapwing.operations.paired.prepare import prepare
from lapwing.operations.paired.side import PytestChoice, Side, Subject, side_at

CHECKOUT = "the checkout as it is"


class HowToRun(Value):
    """How tests are run on a side."""

    python: str = sys.executable
    prepare: str = ""  # shell command for a fresh tree, "" for none
    copy: tuple[str, ...] = ()  # globs of untracked files that a fresh tree needs, too
    arguments: tuple[str, ...] = ()  # for pytest
    timeout_s: float = 600.0
    design: Design = Design()


class CheckedSides(Value):
    """What both sides were asked to run, and per test why it cannot be compared ("" where it can)."""

    choice: PytestChoice
    reasons: Mapping[str, str]
    subjects: Mapping[str, Sequence[Subject]]  # per test what of it is measured


class Workshop:
    """Makes sides of one repository in a place."""

    def __init__(self, settings: Settings, place: Place, how: HowToRun, environ: Mapping[str, str]) -> None:
        self.place = place
        self.root = settings.root.resolve()
        self._how = how
        self._environ = environ
        self._made = 0

    def checkout(self) -> Side:
        """The side of the user's checkout, used as it is."""
        return self._side(CHECKOUT, self.place.top, self._how.python, self._environ)

    def side(self, name: str, commit: str) -> tuple[Side, tuple[str, ...]]:
        """A fresh tree of `commit`, and what had to be left out of it. Raises ProjectError."""
        self._made += 1
        tree, notes = self.place.add(f"tree{self._made}", commit)
        self._copy_into(tree)
        python, environ = self._how.python, self._environ
        root = tree / self.root.relative_to(self.place.top)
        if not root.is_dir():
            raise ProjectError(f"there is no folder {root.relative_to(tree)} in it", where=name)
        if self._how.prepare:
            prepared = prepare(
                self._how.prepare,
                tree_root=root,
                overlay=self.place.folder / f"env{self._made}",
                python=python,
                environ=environ,
            )
            python, environ = prepared.python, prepared.environ
        return self._side(name, tree, python, environ), notes

    def work(self) -> Path:
        """The folder for what the processes of a side leave."""
        return self.place.folder / "work"

    def choice(self, names: Sequence[str]) -> PytestChoice:
        """These tests, run as was asked for."""
        return PytestChoice(tuple(names), self._how.arguments, self._how.timeout_s)

    def _side(self, name: str, tree: Path, python: str, environ: Mapping[str, str]) -> Side:
        top = self.place.top
        return side_at(
            name, tree, top=top, root=self.root, python=python, environ=environ, facts_from=self.root
        )

    def _copy_into(self, tree: Path) -> None:
        """Copy what the globs name and the tree does not have. Nothing of the tree is replaced."""
        import shutil

        for glob in self._how.copy:
            found = [path for path in self.place.top.glob(glob) if path.is_file()]
            if not found:
                raise ProjectError(
                    f"no file of the checkout fits {glob!r}",
                    where="--copy",
                    mend="Write globs relative to the top of the repository.",
                )
            for path in found:
                target = tree / path.relative_to(self.place.top)
                if not target.exists():
                    target.parent.mkdir(parents=True, exist_ok=True)
                    shutil.copy2(path, target)


def confirm(
    settings: Settings,
    names: Sequence[str],
    *,
    against: str | None,
    how: HowToRun,
    environ: Mapping[str, str],
    progress: Progress,
    suspects: Mapping[str, ChangeThresholds] = {},
) -> Confirmation:
    """The tests called `names` on the checkout as it is (side B) against a commit (side A).

    `names` are node ids, or files and classes of them; benchmarks in them are compared one by one. Of
    `suspects` all that is asked is whether they are slower by their own threshold for warnings. Without
    `against` the commit is the merge base with the base branch. Nothing of the checkout is touched. Raises
    ProjectError without git or where a side cannot run, NoDataError where neither side has such a test.
    """
    top = repository_top(settings.root)
    if against is None:
        commit, name = commit_to_compare_with(top, settings.base_branch)
        if not is_changed(top, commit, None):
            raise ProjectError(
                f"the checkout is the same as {name} ({commit[:10]})",
                mend="Name a commit to compare it with: lapwing confirm --against REF",
            )
    else:
        commit, name = commit_named(top, against), against
    progress(f"checking {name} out")
    with open_place(settings.root, top) as place:
        workshop = Workshop(settings, place, how, environ)
        b = workshop.checkout()
        a, notes = workshop.side(name, commit)
        tests, pairs = compare_sides(
            settings,
            workshop,
            a,
            b,
            names,
            commits=(commit, None),
            how=how,
            progress=progress,
            suspects=suspects,
        )
    dirty = is_changed(top, "HEAD", None)
    return Confirmation(
        a=SideFacts(name=name, commit=commit),
        b=SideFacts(name=CHECKOUT, commit=None if dirty else commit_named(top, "HEAD")),
        verdict=worst_verdict([each.verdict for each in tests]),
        tests=tuple(tests),
        pairs=pairs,
        error=2 * how.design.error,
        negligible=how.design.negligible,
        notes=notes,
    )


def compare_sides(
    settings: Settings,
    workshop: Workshop,
    a: Side,
    b: Side,
    names: Sequence[str],
    *,
    commits: tuple[str, str | None],
    how: HowToRun,
    progress: Progress,
    suspects: Mapping[str, ChangeThresholds] = {},
) -> tuple[list[PairedComparison], int]:
    """Every test called `names` on B against A, and how many pairs it took. `commits` are those of A and B.

    Of a test that measures benchmarks, these are compared in its place.

    Raises NoDataError where neither side has such a test.
    """
    checked = check_sides(workshop, a, b, names, commits=commits, progress=progress)
    ready = [
        subject
        for nodeid, reason in checked.reasons.items()
        if not reason
        for subject in checked.subjects[nodeid]
    ]

    def is_enough(subject: Subject, measured: Sequence[Pair]) -> bool:
        own = suspects.get(subject.nodeid)
        limit = own.warning if own is not None else None
        return is_settled(judge_pairs(subject.nodeid, measured, how.design, limit=limit), how.design, limit)

    pairs: dict[Subject, list[Pair]] = {}
    if ready:
        pairs = measure_pairs(
            a,
            b,
            ready,
            checked.choice,
            workshop.work(),
            design=how.design,
            progress=progress,
            is_enough=is_enough,
        )
    judged: dict[str, list[PairedComparison]] = {}
    for each in judged_pairs(pairs, how.design, settings.change_thresholds, suspects):
        judged.setdefault(each.nodeid, []).append(each)
    tests: list[PairedComparison] = []
    for nodeid, reason in checked.reasons.items():
        tests += judged.get(nodeid) or [
            PairedComparison(nodeid=nodeid, verdict=ChangeVerdict.CANNOT_TELL, pairs=0, reason=reason)
        ]
    return tests, max((len(each) for each in pairs.values()), default=0)


def check_sides(
    workshop: Workshop,
    a: Side,
    b: Side,
    names: Sequence[str],
    *,
    commits: tuple[str, str | None],
    progress: Progress,
) -> CheckedSides:
    """Which tests both sides can run, from their own code. Raises NoDataError where neither has one."""
    choice = workshop.choice([name.rstrip("/") for name in names])
    progress("warming both sides up")
    answers = warm_up(a, b, choice, workshop.work())
    nodeids = list(dict.fromkeys([*answers[1].tests, *answers[0].tests]))
    if not nodeids:
        told = [
            f"{side.name}: {error}"
            for side, answer in zip((a, b), answers, strict=True)
            for error in answer.errors
        ]
        raise NoDataError(
            f"no test ran on either side: {'; '.join(told) or 'none fits the names given'}",
            mend="Name tests as 'lapwing show' lists them; node ids start at the root of the project.",
        )

    def changed(paths: Sequence[str]) -> bool:
        return is_changed(workshop.place.top, commits[0], commits[1], paths)

    fault = imports_fault(a, b, answers, top=workshop.place.top, is_changed=changed)
    reasons = {nodeid: why_not_compared(*answers, (a, b), nodeid) or fault for nodeid in nodeids}
    subjects = {nodeid: measured_on_both(*answers, nodeid) for nodeid in nodeids}
    return CheckedSides(choice=choice, reasons=reasons, subjects=subjects)


def repository_top(root: Path) -> Path:
    """The top of the checkout around `root`. Raises ProjectError outside of one."""
    folder = find_git_folder(root.resolve())
    if folder is None:
        raise ProjectError(
            "this is no git repository", where=str(root), mend="Run it in a checkout of the project."
        )
    return folder.top
