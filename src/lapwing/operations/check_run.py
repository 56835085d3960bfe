"""May this run pass? Budgets, deadlines, regressions, counts and the suite's time, judged together."""

from collections.abc import Collection, Iterator, Mapping, Sequence
from contextlib import suppress
from typing import Final

from lapwing.analysis.baseline_counts import most_counted
from lapwing.analysis.limits import Limits
from lapwing.check.breaches import (
    budget_breaches,
    new_count_breaches,
    regression_breaches,
    slow_tests_breach,
)
from lapwing.config.settings import Settings
from lapwing.environment.git import resolve_revision
from lapwing.errors import NoDataError
from lapwing.measure.probes.watched import probe_of
from lapwing.model.budget import DEADLINE, MISS_SHARE, JudgedBudget, LimitVerdict
from lapwing.model.comparison import Severity
from lapwing.model.gate import GATED_COUNTERS, Breach, GateAnswer, Guard
from lapwing.model.last_attempt import last_attempts
from lapwing.model.metric import WALL, metric_named
from lapwing.model.record import Outcome
from lapwing.model.run import RecordedRun
from lapwing.operations.choose_baseline import Baseline
from lapwing.operations.compare_named import Compared, compare_named
from lapwing.operations.find_run import BASELINE, LATEST, find_run
from lapwing.operations.judge_limits import judge_limits
from lapwing.operations.judging.loads import judge_kept_loads, judge_loads
from lapwing.operations.read_run import records_of
from lapwing.store.protocol import RunQuery, Store
from lapwing.units import format_count

_BASELINE_RUNS: Final = 5  # looked into for counters
_UNCOUNTED: Final = (
    "the baseline file does not tell what its runs counted, and they are not in this store. "
    "Make it anew: lapwing baseline update"
)
_DIFFERENT: Final = "the baseline comes from another class of machine"


def check_run(
    settings: Settings,
    store: Store,
    name: str,
    *,
    against: str = BASELINE,
    fail_on: Collection[Guard] | None = None,
    severity: Severity = Severity.WARNING,
) -> GateAnswer:
    """The run called `name`, judged by its limits and `against` a baseline.

    `fail_on` are the guards that fail it (None: all); `severity` the least of a regression that
    does. Without a baseline regressions cannot be told, unless `fail_on` names them: then, and
    without a run, NoDataError is raised.
    """
    found = find_run(settings, store, name)
    recorded = records_of(store, found)
    if not recorded.tests and not recorded.benchmarks:
        raise NoDataError(f"{name} holds no test", mend="Record one with: pytest --track-performance")
    unknown: list[str] = []
    compared = _compared(settings, store, name, against, fail_on, unknown)
    factor = None if compared is None else compared.judgment.machine_factor
    judged = judge_limits(settings, recorded, machine_factor=factor)
    of_loads, loads_untold = judge_loads(settings, store, recorded)
    breaches = sorted(
        (
            *of_loads,
            *_of_limits(judged, compared, recorded.run.runner),
            *_of_baseline(settings, store, recorded, compared, unknown),
        ),
        key=lambda each: (-each.excess, each.subject),
    )
    fails = {each: _fails(each, fail_on, severity) for each in breaches}
    return GateAnswer(
        run=recorded.run,
        tests=len(last_attempts(recorded.tests)),
        breaches=tuple(each for each in breaches if fails[each]),
        tolerated=tuple(each for each in breaches if not fails[each]),
        near=tuple(sorted((each for each in judged if each.is_near), key=lambda each: -each.used)),
        unknown=(*unknown, *_unknown(settings, recorded, judged, compared), *loads_untold),
        comparison=compared.judgment if compared is not None else None,
        fail_on=tuple(Guard) if fail_on is None else tuple(fail_on),
        severity=severity,
    )


def check_named(
    settings: Settings,
    store: Store,
    name: str,
    *,
    fail_on: Collection[Guard] | None = None,
    severity: Severity = Severity.WARNING,
) -> GateAnswer:
    """The run called `name`, judged as by `check_run`; for the newest of none, the load tests that are kept.

    Raises NoDataError where neither is there, or `fail_on` names what only a run can tell.
    """
    try:
        answer = check_run(settings, store, name, fail_on=fail_on, severity=severity)
        return answer._replace(notes=(*answer.notes, *_other_code(settings, answer, name)))
    except NoDataError:
        does_fit = name == LATEST and fail_on in (None, {Guard.LOAD})
        judged = judge_kept_loads(settings, store) if does_fit else None
        if judged is None or store.runs(RunQuery(project=settings.project, limit=1)):
            raise
    breaches, untold = judged
    return GateAnswer(
        run=None,
        tests=0,
        breaches=tuple(sorted(breaches, key=lambda each: (-each.excess, each.subject))),
        unknown=("tests: no run is recorded yet. Record one with: pytest --track-performance", *untold),
        fail_on=tuple(Guard) if fail_on is None else tuple(fail_on),
        severity=severity,
    )


def _other_code(settings: Settings, answer: GateAnswer, name: str) -> Iterator[str]:
    """That the newest run is of other code than what is checked out: tests that broke off leave none."""
    recorded = None if answer.run is None else answer.run.revision.commit
    present = resolve_revision(settings.root, "HEAD") if name == LATEST and recorded else None
    if recorded and present and recorded != present:
        yield (
            f"judged is a run of {recorded[:10]}, and {present[:10]} is checked out: "
            "to judge that, record it with pytest --track-performance"
        )


def _compared(
    settings: Settings,
    store: Store,
    name: str,
    against: str,
    fail_on: Collection[Guard] | None,
    unknown: list[str],
) -> Compared | None:
    """The comparison; None, and why appended to `unknown`, where there is nothing to compare with."""
    try:
        return compare_named(settings, store, against, name)
    except NoDataError as error:
        if fail_on is not None and Guard.REGRESSION in fail_on:
            raise
        unknown.append(f"regressions: {error.what}. {error.mend}")
        return None


def _of_limits(judged: Sequence[JudgedBudget], compared: Compared | None, runner: str) -> list[Breach]:
    walls: dict[str, float] = {}
    if compared is not None:
        comparisons = compared.judgment.comparisons
        walls = {each.nodeid: each.before for each in comparisons if each.metric == WALL.name}
    return budget_breaches(judged, walls, takes_marks=runner == "pytest")


def _of_baseline(
    settings: Settings, store: Store, recorded: RecordedRun, compared: Compared | None, unknown: list[str]
) -> Iterator[Breach]:
    """What is worse than the baseline; what cannot be told is appended to `unknown`."""
    if compared is None:
        return
    judgment, baseline = compared.judgment, compared.baseline
    limits = Limits(settings.change_thresholds, {each.nodeid: each.category for each in recorded.tests})
    yield from regression_breaches(
        judgment,
        lambda each: limits.of(each.nodeid, metric_named(each.metric)),
        compared.limits_by_hand,
    )
    more = slow_tests_breach(
        recorded.tests,
        slow_ns=settings.slow_test_ns,
        file=baseline.file,
        judgment=judgment,
        allowance=settings.slow_test_allowance,
    )
    if more is not None:
        yield more
    seen = {name for record in recorded.tests for name in record.counters}
    for guard, names in GATED_COUNTERS.items():
        present = seen.intersection(names)
        if present:
            before = _counted_before(store, baseline, present, recorded)
            if before is None:
                unknown.append(f"{guard.value}: {_UNCOUNTED}")
            else:
                yield from new_count_breaches(guard, sorted(present), recorded.tests, before)


def _counted_before(
    store: Store, baseline: Baseline, names: Collection[str], recorded: RecordedRun
) -> Mapping[str, Mapping[str, int]] | None:
    """The most that was counted in the baseline, by test and counter; None where nobody knows.

    A file tells it of all its runs; what older ones do not tell is looked for in the newest of their runs.
    """
    file = baseline.file
    if file is not None and file.counted:
        return {nodeid: entry.counts for nodeid, entry in file.tests.items() if entry.counts}
    nodeids = [each.nodeid for each in recorded.tests if not each.counters.keys().isdisjoint(names)]
    runs = []
    for run_id in (baseline.run_ids if file is None else file.runs)[:_BASELINE_RUNS]:
        with suppress(NoDataError):
            runs.append(store.counters(run_id, nodeids))
    return most_counted(runs, names) if runs or file is None else None


def _fails(breach: Breach, fail_on: Collection[Guard] | None, severity: Severity) -> bool:
    if fail_on is not None and breach.guard not in fail_on:
        return False
    return severity is not Severity.CRITICAL or breach.severity is Severity.CRITICAL


def _unknown(
    settings: Settings, recorded: RecordedRun, judged: Sequence[JudgedBudget], compared: Compared | None
) -> Iterator[str]:
    """What cannot be told of this run, besides single comparisons."""
    run = recorded.run
    if not run.is_complete:
        why = f" ({run.why_incomplete})" if run.why_incomplete else ""
        yield f"the run is not complete{why}: what did not run is not judged"
    silent = [
        each
        for each in judged
        if each.verdict is LimitVerdict.CANNOT_TELL and each.is_of_test and each.budget.metric != DEADLINE
    ]
    for metric in sorted({each.budget.metric for each in silent}):
        tests = [each for each in silent if each.budget.metric == metric]
        mend = _probe_missing(settings, metric, {each.category for each in tests})
        yield f"{metric}: not measured in {format_count(len(tests), 'test')} with a limit of it{mend}"
    never = sum(each.outcome is Outcome.UNFINISHED for each in recorded.tests)
    if never:
        yield f"{format_count(never, 'test')} never ended and {'has' if never == 1 else 'have'} no time"
    if compared is not None and not compared.judgment.same_machine_class:
        yield _DIFFERENT


def _probe_missing(settings: Settings, metric: str, names: Collection[str]) -> str:
    """How to have `metric` counted in tests of the categories `names`; "" if no probe does."""
    probe = probe_of("cache_misses" if metric == MISS_SHARE else metric)
    for category in (settings.categories[name] for name in sorted(names & settings.categories.keys())):
        if probe and probe not in category.probes:
            probes = ", ".join(f'"{each}"' for each in (*category.probes, probe))
            return f"; to count it: [tool.lapwing.categories.{category.name}] probes = [{probes}]"
    return ""
