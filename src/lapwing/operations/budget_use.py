"""How far are the limits of this project used, and which others would fit? Asks the history."""

from collections.abc import Iterator, Mapping
from typing import Final

from lapwing.analysis.budget_use import budget_use, with_first_limit, with_tighter_limit
from lapwing.check.judge import judge_packages, judge_tests
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.budget import DEADLINE, SUITE_TIME, Budget, BudgetPlan
from lapwing.model.budget_use import BudgetUse, BudgetUses, Scope
from lapwing.model.record import Outcome
from lapwing.model.run import RecordedRun, Run
from lapwing.model.watched import Watched
from lapwing.operations.budget_plan import budget_plan
from lapwing.operations.read_history import on_branch
from lapwing.operations.watched_counters import watched_counters
from lapwing.store.protocol import RunQuery, Store
from lapwing.units import format_count

DEFAULT_RUNS: Final = 10
HEADROOM: Final = 0.5

_LOOK_BACK: Final = 200
_LEAST_SHARE: Final = 0.5  # of the tests of the largest run: others were runs of a part
_BUILT_IN: Final = "default"

_Taken = dict[str, list[int]]


def budget_uses(settings: Settings, store: Store, *, most_runs: int = DEFAULT_RUNS) -> BudgetUses:
    """Every limit of the configuration and of marks on tests, with what the newest runs took of it.

    At most `most_runs` whole runs of the base branch are read, passed tests only. Deadlines follow
    from budgets and are left out. Raises NoDataError where there is no such run.
    """
    runs = _runs(settings, store, most_runs)
    plan = budget_plan(settings, package=settings.package, with_deadlines=False)
    taken: dict[tuple[str, str], _Taken] = {}
    own: dict[tuple[str, Budget], list[int]] = {}
    whole: list[int] = []
    parts: dict[str, list[int]] = {name: [] for name in plan.packages}
    for run in runs:
        recorded = store.read_run(run.run_id)
        whole.append(recorded.run.duration_ns)
        for judged in judge_packages(recorded.tests, plan):
            parts[judged.nodeid].append(judged.value or 0)
        _collect(recorded, plan, watched_counters(settings, run), taken, own)
    uses = [
        *_categories(plan, taken),
        *(
            budget_use(Scope.TEST, test, budget, {test: values}, is_in_config=False)
            for (test, budget), values in own.items()
        ),
        *(_of_many(Scope.PACKAGE, name, plan.packages[name], each) for name, each in parts.items() if each),
        *_suite(plan, settings.package, whole),
    ]
    return BudgetUses(tuple(run.run_id for run in runs), tuple(uses))


def suggested(uses: BudgetUses, *, headroom: float = HEADROOM) -> BudgetUses:
    """First limits for what has none but the built-in ones, `headroom` (a share) above what was taken."""
    return uses._replace(uses=tuple(with_first_limit(each, headroom) for each in uses.uses))


def tightened(settings: Settings, uses: BudgetUses, *, headroom: float = HEADROOM) -> BudgetUses:
    """Tighter limits where a gain has lasted over all runs that were read.

    With fewer of them than `baseline_min_runs` nothing is proposed, and a note says so.
    """
    if len(uses.run_ids) < settings.baseline_min_runs:
        note = (
            f"{format_count(len(uses.run_ids), 'whole run')} of {settings.baseline_min_runs} that tell a "
            "lasting gain: record more first"
        )
        return uses._replace(notes=(*uses.notes, note))
    return uses._replace(uses=tuple(with_tighter_limit(each, headroom) for each in uses.uses))


def _runs(settings: Settings, store: Store, most: int) -> list[Run]:
    """The newest whole runs, newest first."""
    query = RunQuery(
        project=settings.project, package=settings.package or None, is_complete=True, limit=_LOOK_BACK
    )
    digests = {each.run.run_id: each for each in store.runs(query)}
    runs = on_branch(settings, [each.run for each in digests.values()], None)
    largest = max((digests[run.run_id].tests for run in runs), default=0)
    runs = [run for run in runs if digests[run.run_id].tests >= max(1, _LEAST_SHARE * largest)]
    if not runs:
        raise NoDataError(
            "no complete run is recorded yet", mend="Record one with: pytest --track-performance"
        )
    return runs[:most]


def _collect(
    recorded: RecordedRun,
    plan: BudgetPlan,
    watched: Watched,
    taken: dict[tuple[str, str], _Taken],
    own: dict[tuple[str, Budget], list[int]],
) -> None:
    """What the passed tests of a run took: of their category's limits, and of those that they carry."""
    carried = {(each.nodeid, budget) for each in recorded.budgets if each.nodeid for budget in each.budgets}
    for judged in judge_tests(
        (each for each in recorded.tests if each.outcome is Outcome.PASSED),
        plan,
        [each for each in recorded.budgets if each.nodeid],
        watched=watched,
    ):
        if judged.value is None or judged.budget.metric == DEADLINE:
            continue
        if (judged.nodeid, judged.budget) in carried:
            own.setdefault((judged.nodeid, judged.budget), []).append(judged.value)
        else:
            values = taken.setdefault((judged.category, judged.budget.metric), {})
            values.setdefault(judged.nodeid, []).append(judged.value)


def _categories(plan: BudgetPlan, taken: Mapping[tuple[str, str], _Taken]) -> Iterator[BudgetUse]:
    for category, budgets in plan.categories.items():
        for budget in budgets:
            values = taken.get((category, budget.metric), {})
            if values or budget.origin.startswith("pyproject.toml"):
                yield _use(Scope.CATEGORY, category, budget, values)


def _suite(plan: BudgetPlan, package: str, whole: list[int]) -> Iterator[BudgetUse]:
    if plan.suite is not None:
        is_package = ".packages." in plan.suite.origin
        scope = Scope.PACKAGE if is_package else Scope.SUITE
        yield _of_many(scope, package if is_package else "", plan.suite, whole)


def _of_many(scope: Scope, name: str, budget: Budget, took: list[int]) -> BudgetUse:
    """What many tests together took of their limit, in each run."""
    return _use(scope, name, budget, {SUITE_TIME: took})._replace(highest="")


def _use(scope: Scope, name: str, budget: Budget, values: _Taken | Mapping[str, list[int]]) -> BudgetUse:
    return budget_use(
        scope,
        name,
        budget,
        values,
        is_set=budget.origin != _BUILT_IN,
        is_in_config=not budget.origin.startswith("environment "),
    )
