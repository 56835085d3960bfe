"""What is wrong in a run, and what of what was wrong is not any more?"""

from collections.abc import Iterable, Iterator
from typing import Final

from lapwing.config.settings import Settings
from lapwing.model.alert import AlertBook, AlertLevel, CauseKind, Condition, OpenAlert
from lapwing.model.comparison import Comparison, Severity
from lapwing.model.gate import Breach, GateAnswer
from lapwing.model.metric import METRICS
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.alert_causes import causes_of
from lapwing.operations.check_run import check_run
from lapwing.operations.find_flaky import find_flaky
from lapwing.operations.find_run import find_run
from lapwing.operations.read_run import records_of
from lapwing.operations.watch_system import system_conditions
from lapwing.report.notice import Level
from lapwing.report.pages.gate_notices import breach_notice
from lapwing.store.protocol import RunQuery, Store
from lapwing.units import format_change, format_count, format_share

_RECOVERY: Final = 0.5
"""Share of the threshold of a warning below which a regression has recovered. A test that lies just below
its threshold would otherwise be told slower and recovered in turn."""

_GONE_AFTER: Final = 20
"""Complete runs without a test after which its alerts are closed: parts of a suite run alone, too."""

_OF_THE_RUN: Final = (CauseKind.SUITE, CauseKind.SLOW_TESTS)


def conditions_of(
    settings: Settings, store: Store, name: str, book: AlertBook
) -> tuple[str, list[Condition]]:
    """The id of the run called `name`, and the conditions of everything that was measured in it.

    Of causes that are open in `book` it says whether they have recovered. Raises NoDataError.
    """
    answer = check_run(settings, store, name)
    recorded = records_of(store, find_run(settings, store, name))
    seen = {each.cause: each for each in system_conditions(settings, recorded.run)}
    wrong = seen | {each.cause: each for each in (*_of_breaches(answer, recorded), *_flaky(settings, store))}
    better = [
        condition
        for cause, known in book.open.items()
        if cause not in wrong
        and (condition := _after(known, answer, recorded, settings) or _gone(known, settings, store))
    ]
    return recorded.run.run_id, [*wrong.values(), *better]


def _of_breaches(answer: GateAnswer, recorded: RecordedRun) -> Iterator[Condition]:
    category_of = {record.nodeid: record.category for record in recorded.tests}
    for breach in causes_of(answer.breaches, category_of):
        notice = breach_notice(breach, Level.ERROR)
        is_critical = breach.severity is Severity.CRITICAL
        yield Condition(
            kind=CauseKind(breach.guard.value),
            subject=breach.subject,
            what=breach.what,
            level=AlertLevel.CRITICAL if is_critical else AlertLevel.WARNING,
            title=_title(breach, notice.title),
            body="\n".join(filter(None, (notice.message, breach.mend, _where(recorded.run)))),
        )


def _title(breach: Breach, what: str) -> str:
    by = (
        f" {format_change(breach.ratio)}"
        if breach.ratio and CauseKind(breach.guard.value) is CauseKind.REGRESSION
        else ""
    )
    of = f" ({breach.what})" if breach.what else ""
    return f"{what}{by}: {breach.subject}{of}"


def _where(run: Run) -> str:
    commit = f", commit {run.revision.commit[:10]}" if run.revision.commit else ""
    branch = f" on {run.revision.branch}" if run.revision.branch else ""
    job = f", {run.ci.url}" if run.ci is not None and run.ci.url else ""
    return f"run {run.run_id}{commit}{branch}{job}"


def _flaky(settings: Settings, store: Store) -> Iterator[Condition]:
    for each in find_flaky(settings, store).outcomes:
        yield Condition(
            kind=CauseKind.FLAKY,
            subject=each.nodeid,
            level=AlertLevel.WARNING,
            title=f"Flaky: {each.nodeid}",
            body=f"{each.nodeid} failed {each.failed} of {each.failed + each.passed} times "
            f"({format_share(each.rate)}) on {format_count(each.commits, 'commit')} where it also passed",
        )


def _after(
    known: OpenAlert, answer: GateAnswer, recorded: RecordedRun, settings: Settings
) -> Condition | None:
    """The condition of an open cause that is not over its limit; None where that was not measured."""
    calm = Condition(known.kind, known.subject, known.what)
    if known.kind is CauseKind.FLAKY:
        return calm._replace(is_recovered=True, body="It does the same thing on every commit again.")
    if known.kind is CauseKind.SYSTEM:  # this run was not watched
        return None
    if known.kind in _OF_THE_RUN:
        return (
            calm._replace(is_recovered=not _is_near("", answer), body=_where(recorded.run))
            if recorded.run.is_complete
            else None
        )
    if known.kind is CauseKind.REGRESSION:
        found = _comparison(known, answer)
        if found is None:
            return None
        is_sum = found in (answer.comparison.suite if answer.comparison else ())
        threshold = settings.suite_threshold if is_sum else settings.individual_test_threshold
        return calm._replace(
            is_recovered=found.ratio <= 1 + _RECOVERY * threshold,
            body=f"{format_change(found.ratio)} against its baseline\n{_where(recorded.run)}",
        )
    if not any(
        record.nodeid == known.subject and record.duration_ns is not None for record in recorded.tests
    ):
        return None
    return calm._replace(is_recovered=not _is_near(known.subject, answer), body=_where(recorded.run))


def _gone(known: OpenAlert, settings: Settings, store: Store) -> Condition | None:
    """The condition of an open cause whose test was removed, or renamed: no recent complete run has it."""
    if "::" not in known.subject:  # a sum, the machine
        return None
    recent = store.runs(RunQuery(project=settings.project, is_complete=True, limit=_GONE_AFTER))
    if len(recent) < _GONE_AFTER or known.since_ns > recent[-1].run.started_at_ns:
        return None
    newest = store.history(known.subject, project=settings.project, limit=1)
    if newest and newest[0].started_at_ns >= recent[-1].run.started_at_ns:
        return None
    body = f"The newest {_GONE_AFTER} complete runs do not have this test."
    return Condition(known.kind, known.subject, known.what, is_recovered=True, body=body)


def _is_near(nodeid: str, answer: GateAnswer) -> bool:
    """Whether a budget of the test (or of the suite for "") is nearly used up: it then has not recovered."""
    return any(each.nodeid == nodeid for each in answer.near)


def _comparison(known: OpenAlert, answer: GateAnswer) -> Comparison | None:
    judgment = answer.comparison
    if judgment is None or judgment.reason:
        return None
    every: Iterable[Comparison] = (*judgment.comparisons, *judgment.suite)
    return next((each for each in every if each.nodeid == known.subject and _words(each) == known.what), None)


def _words(comparison: Comparison) -> str:
    metric = METRICS.get(comparison.metric)
    return comparison.metric if metric is None else metric.words
