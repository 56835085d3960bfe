"""What is a run compared with? The baseline file of the project, or the runs before it."""

from collections.abc import Mapping

from lapwing.config.settings import Settings
from lapwing.environment.git import detect_base_branch
from lapwing.model.baseline import BaselineFile
from lapwing.model.run import Run, unlike_text
from lapwing.model.value import Value
from lapwing.store.baseline_file import read_baseline_file
from lapwing.store.protocol import RunQuery, Store

_LOOK_BACK = 400  # runs looked at; enough for 20 whole runs among many of single tests


class Baseline(Value):
    """The chosen baseline: a file or runs, never both. `why` says which, in words."""

    why: str
    file: BaselineFile | None = None
    run_ids: tuple[str, ...] = ()  # newest first
    same_machine_class: bool = True
    started_at_ns: Mapping[str, int] = {}  # of the runs, by id
    starts: Mapping[str, int] = {}  # test -> moment at which its accepted level began

    def accepts(self, nodeid: str, run_id: str) -> bool:
        """Whether a chosen run belongs to the accepted level of a test, or of what that measures."""
        return self.started_at_ns.get(run_id, 0) >= self.starts.get(nodeid, 0)


def choose_baseline(settings: Settings, store: Store, run: Run, tests: int) -> Baseline:
    """The baseline for `run`, which has `tests` distinct tests.

    A baseline file is an explicit wish and comes first, unless the settings say "history".
    """
    if settings.baseline != "history":
        file = read_baseline_file(settings.baseline_file, thresholds=settings.change_thresholds)
        if file is not None and (file.tests or file.measured):
            same = not file.machine_class or file.machine_class == run.machine_class
            name = _shown(settings, str(settings.baseline_file))
            unlike = "" if same else f", made on {file.machine_class} (this run: {run.machine_class})"
            return Baseline(why=f"{name} of {file.date}{unlike}", file=file, same_machine_class=same)
        if settings.baseline == "file":
            return Baseline(why=f"no baseline file at {settings.baseline_file}")
    return baseline_from_history(settings, store, run, tests)


def baseline_from_history(settings: Settings, store: Store, run: Run, tests: int) -> Baseline:
    """The newest complete runs of the base branch before `run`, of its machine class if possible.

    Runs that had fewer than half of its tests say too little of the whole, runs of another runner
    nothing. Runs with uncommitted
    changes serve only where there are too few without.
    """
    base = settings.base_branch or detect_base_branch(settings.root)
    query = RunQuery(
        project=run.project,
        package=run.package or None,
        is_complete=True,
        before_ns=run.started_at_ns,
        limit=_LOOK_BACK,
    )
    digests = [
        each
        for each in store.runs(query)
        if each.tests * 2 >= tests and each.run.run_id != run.run_id and each.run.runner == run.runner
    ]
    on_base = [each.run for each in digests if base is None or each.run.revision.branch in (base, None)]
    branch = base or ""
    if not on_base:
        branch = run.revision.branch or ""
        on_base = [each.run for each in digests if each.run.revision.branch == run.revision.branch]
    same = [each for each in on_base if each.machine_class == run.machine_class]
    chosen = same or on_base
    clean = [each for each in chosen if not each.revision.dirty]
    if len(clean) >= settings.baseline_min_runs:
        chosen = clean
    chosen = chosen[: settings.baseline_runs]
    if not chosen:
        return Baseline(why="no earlier complete run")
    where = f" of {branch}" if branch else ""
    machine = " on this machine class" if same else f" {unlike_text(chosen[0], run)}"
    count = "the last complete run" if len(chosen) == 1 else f"the last {len(chosen)} complete runs"
    return Baseline(
        why=f"{count}{where}{machine}",
        run_ids=tuple(each.run_id for each in chosen),
        same_machine_class=bool(same),
        started_at_ns={each.run_id: each.started_at_ns for each in chosen},
        starts=_accepted_starts(store, run),
    )


def _accepted_starts(store: Store, run: Run) -> dict[str, int]:
    """Where the last accepted level of each test began, of those up to `run`."""
    starts: dict[str, int] = {}
    for step in store.accepted(project=run.project):
        if step.from_ns <= run.started_at_ns:
            starts[step.nodeid] = max(step.from_ns, starts.get(step.nodeid, step.from_ns))
    return starts


def _shown(settings: Settings, path: str) -> str:
    return path.removeprefix(f"{settings.root}/")
