"""What is there to say about this run? Everything that was recorded, as one report."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import UTC, datetime
from tempfile import TemporaryDirectory
from typing import Final

from lapwing.analysis.baseline_entries import group_name
from lapwing.analysis.flaky import flaky_attempts, flaky_on_a_commit
from lapwing.analysis.recommendations import recommendations
from lapwing.analysis.slowest import slowest_tests
from lapwing.analysis.suite_summary import fixture_costs, module_costs, summarize, summarize_groups
from lapwing.analysis.system_health import system_health
from lapwing.analysis.trends import suite_trend
from lapwing.analysis.where_time_went import attribution
from lapwing.check.kept_limits import kept_limits
from lapwing.config.categories import Category, category_of
from lapwing.config.choices import BaselineSource
from lapwing.config.settings import Settings
from lapwing.model.baseline import BaselineFile
from lapwing.model.budget import JudgedBudget
from lapwing.model.comparison import ChangeVerdict, RunComparison, worst_verdict
from lapwing.model.last_attempt import last_attempts
from lapwing.model.metric import metric_named
from lapwing.model.record import FAILURES, Outcome, TestRecord
from lapwing.model.report import FlakyTest, Report
from lapwing.model.run import RecordedRun, Run, unlike_text
from lapwing.model.series import samples_of
from lapwing.model.trend import Trend, TrendPoint
from lapwing.model.value import Value
from lapwing.operations.advise import advice_of
from lapwing.operations.choose_baseline import choose_baseline
from lapwing.operations.find_run import FoundRun
from lapwing.operations.judge_limits import judge_limits
from lapwing.operations.judge_run import judge_against
from lapwing.operations.judged_side import Side
from lapwing.operations.load_store import loads_as_of
from lapwing.operations.read_run import records_of
from lapwing.operations.recent_changes import RecentChanges, recent_changes
from lapwing.operations.watch_system import watch_of
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunDigest, RunQuery, Store
from lapwing.units import NS_PER_S

TREND_RUNS: Final = 30
_FAILED_RUNS_READ: Final = 10
_FLAKY_CANDIDATES: Final = 50
_LONGEST: Final = 10
_ADVICE: Final = 3  # suggestions


class ReportWish(Value):
    """What a report is asked to show."""

    slow_ns: int  # a test that takes longer is slow
    markers: tuple[str, ...] = ()  # only tests with one of these; empty: all
    categories: tuple[str, ...] = ()
    against_file: bool = False  # compare with the baseline file, whatever the settings say


def make_report(settings: Settings, store: Store | None, found: FoundRun, wish: ReportWish) -> Report:
    """The report on the run, file or baseline that was found. Raises StoreError.

    Without a store a file has no history, and is compared with the baseline file if there is one.
    """
    if store is None:
        with TemporaryDirectory() as folder, open_store(f"{folder}/empty.sqlite", create=True) as empty:
            return make_report(settings, empty, found, wish)
    if found.baseline is not None:
        return report_on(
            _of_baseline(found.name, found.baseline, settings.categories), wish, source="baseline"
        )
    source = "run" if found.recorded is None else "file"
    recorded = records_of(store, found)
    loads = loads_as_of(store, recorded.run)
    if not recorded.tests:
        return report_on(recorded, wish, source=source)._replace(loads=loads)
    comparison = _comparison(settings, store, recorded, wish, is_stored=source == "run")
    factor = None if comparison is None else comparison.machine_factor
    is_whole = source == "run" and bool(recorded.run.processes) and not (wish.markers or wish.categories)
    advice = advice_of(settings, store, recorded).suggestions if is_whole else ()
    report = report_on(
        recorded,
        wish,
        source=source,
        comparison=comparison,
        judged=judge_limits(settings, recorded, machine_factor=factor),
        trend=trend_to(store, recorded),
        flaky=_flaky_in_history(store, recorded.run),
        recent=_recent(store, recorded),
    )
    gaining = tuple(each for each in advice if each.gain_ns)[:_ADVICE]
    system = report.system._replace(watch=watch_of(settings, recorded.run) if source == "run" else None)
    return report._replace(advice=gaining, loads=loads, system=system)


def empty_report(wish: ReportWish) -> Report:
    """The report where nothing is recorded."""
    nothing = RecordedRun(run=Run(run_id="", started_at_ns=0, duration_ns=0))
    return report_on(nothing, wish, source="run")._replace(recorded=None)


def report_on(
    recorded: RecordedRun,
    wish: ReportWish,
    *,
    source: str,
    comparison: RunComparison | None = None,
    trend: Trend | None = None,
    flaky: Sequence[FlakyTest] = (),
    recent: RecentChanges = RecentChanges(),
    judged: Sequence[JudgedBudget] = (),
) -> Report:
    """The report on a run whose comparison and history are known already."""
    if wish.markers or wish.categories:
        recorded, comparison, flaky = _only_wished(recorded, wish, comparison, flaky)
        wished = {record.nodeid for record in recorded.tests}
        judged = [each for each in judged if each.nodeid in wished]
    tests = last_attempts(recorded.tests)
    names = {record.nodeid for record in tests}
    summary = summarize(tests, wish.slow_ns)
    slowest = slowest_tests(recorded, max(_LONGEST, summary.slow_tests))
    use = attribution(_without_startup(recorded) if wish.markers or wish.categories else recorded)
    fixtures = fixture_costs(recorded.fixtures)
    modules = module_costs(recorded.collection)
    system = system_health(recorded, use.pytest_ns)
    return Report(
        recorded=recorded,
        source=source,
        slow_ns=wish.slow_ns,
        time=use,
        summary=summary,
        by_category=summarize_groups(tests, wish.slow_ns, lambda record: record.category),
        by_folder=summarize_groups(tests, wish.slow_ns, lambda record: group_name(record.nodeid)),
        slowest=tuple(slowest),
        system=system,
        markers=wish.markers,
        categories=wish.categories,
        fixtures=fixtures,
        modules=modules,
        trend=trend,
        comparison=comparison,
        flaky=(*flaky_attempts(recorded.tests), *flaky),
        steps=tuple(each for each in recent.steps if each.nodeid in names),
        flaky_times=tuple(each for each in recent.flaky_times if each.nodeid in names),
        history_runs=recent.runs,
        history_tests=recent.looked_at,
        recommendations=recommendations(recorded, slowest, use, fixtures, modules, system),
        limits=kept_limits(judged),
    )


def trend_to(store: Store, recorded: RecordedRun) -> Trend:
    """The suite in the runs up to this one that can be laid beside it, oldest first."""
    tests = len({record.nodeid for record in recorded.tests})
    digests = comparable_runs(store, recorded.run, tests)
    trend = suite_trend(
        [
            TrendPoint(
                run_id=digest.run.run_id,
                started_at_ns=digest.run.started_at_ns,
                commit=digest.run.revision.commit,
                tests=digest.tests,
                total_ns=digest.worker_ns,
            )
            for digest in digests
        ]
    )
    if len(digests) > 1:
        return trend
    others = [each.run for each in _suite_runs(store, recorded.run, tests, machine_class=None)]
    unlike = [text for other in others if (text := unlike_text(other, recorded.run))]
    return trend._replace(unlike=len(unlike), why_unlike=unlike[-1]) if unlike else trend


def comparable_runs(store: Store, run: Run, tests: int) -> list[RunDigest]:
    """Complete runs of the suite up to `run` on its machine class, oldest first, at most 30.

    A run with over a tenth fewer or more than `tests` tests is of another part of the suite.
    """
    return _suite_runs(store, run, tests, machine_class=run.machine_class)


def _suite_runs(store: Store, run: Run, tests: int, *, machine_class: str | None) -> list[RunDigest]:
    digests = store.runs(
        RunQuery(
            project=run.project,
            package=run.package or None,
            machine_class=machine_class,
            is_complete=True,
            before_ns=run.started_at_ns + 1,
            limit=TREND_RUNS,
        )
    )
    return [each for each in reversed(digests) if abs(each.tests - tests) * 10 <= tests]


def _comparison(
    settings: Settings, store: Store, recorded: RecordedRun, wish: ReportWish, *, is_stored: bool
) -> RunComparison | None:
    if wish.against_file:
        settings = settings._replace(baseline=BaselineSource.FILE)
    samples = samples_of(recorded)
    baseline = choose_baseline(settings, store, recorded.run, len(samples.subjects))
    run_ids = (recorded.run.run_id,) if is_stored else ()
    judged = Side(run_ids, recorded=recorded, samples=(samples,))
    return judge_against(settings, store, judged, baseline)


def _recent(store: Store, recorded: RecordedRun) -> RecentChanges:
    tests = len({record.nodeid for record in recorded.tests})
    runs = [digest.run for digest in comparable_runs(store, recorded.run, tests)]
    return recent_changes(store, recorded, runs)


def _flaky_in_history(store: Store, run: Run) -> tuple[FlakyTest, ...]:
    """Tests that failed in one of the last failed runs and passed in another on the same commit."""
    digests = store.runs(
        RunQuery(
            project=run.project,
            package=run.package or None,
            before_ns=run.started_at_ns + 1,
            limit=TREND_RUNS,
        )
    )
    clean = {each.run.run_id for each in digests if each.run.revision.dirty is False}
    failed = [
        each.run.run_id
        for each in digests
        if each.run.run_id in clean and any(name in FAILURES for name, _ in each.outcomes)
    ]
    candidates: dict[str, None] = {}
    for attempt in store.failed_attempts(failed[:_FAILED_RUNS_READ]):
        if attempt.is_last:
            candidates[attempt.nodeid] = None
    return flaky_on_a_commit(
        (nodeid, point.commit, point.outcome)
        for nodeid in list(candidates)[:_FLAKY_CANDIDATES]
        for point in store.history(nodeid, project=run.project, limit=TREND_RUNS)
        if point.commit is not None and point.run_id in clean
    )


def _only_wished(
    recorded: RecordedRun,
    wish: ReportWish,
    comparison: RunComparison | None,
    flaky: Sequence[FlakyTest],
) -> tuple[RecordedRun, RunComparison | None, Sequence[FlakyTest]]:
    """The run with only the tests asked for, and with what belongs to them."""
    tests = tuple(record for record in recorded.tests if _fits(record, wish))
    names = {record.nodeid for record in tests}
    modules = {name.partition("::")[0] for name in names}
    kept = recorded._replace(
        tests=tests,
        fixtures=tuple(each for each in recorded.fixtures if each.requester in names),
        collection=tuple(each for each in recorded.collection if each.nodeid in modules),
        benchmarks=tuple(each for each in recorded.benchmarks if each.nodeid in names),
    )
    if comparison is not None:
        comparisons = tuple(each for each in comparison.comparisons if each.nodeid in names)
        verdicts = [each.verdict for each in comparisons if metric_named(each.metric).decides]
        verdict = worst_verdict([*verdicts, ChangeVerdict.CANNOT_TELL] if comparison.reason else verdicts)
        comparison = comparison._replace(
            verdict=verdict,
            comparisons=comparisons,
            suite=(),
            new_tests=_within(comparison.new_tests, names),
            gone_tests=(),
        )
    return kept, comparison, [each for each in flaky if each.nodeid in names]


def _without_startup(recorded: RecordedRun) -> RecordedRun:
    """The run without what it took to start: that belongs to no test."""
    return recorded._replace(run=recorded.run._replace(startup_ns=0, processes=()))


def _fits(record: TestRecord, wish: ReportWish) -> bool:
    return (not wish.markers or not set(wish.markers).isdisjoint(record.markers)) and (
        not wish.categories or record.category in wish.categories
    )


def _within(nodeids: Iterable[str], names: set[str]) -> tuple[str, ...]:
    return tuple(nodeid for nodeid in nodeids if nodeid in names)


def _of_baseline(name: str, baseline: BaselineFile, categories: Mapping[str, Category]) -> RecordedRun:
    """A baseline's medians as a run: whole durations only, outcomes unknown, categories by the paths."""
    tests = tuple(
        TestRecord(
            nodeid=entry.nodeid,
            outcome=Outcome.UNKNOWN,
            call_ns=entry.duration_ns,
            call_cpu_ns=entry.cpu_ns,
            category=category_of(entry.nodeid.partition("::")[0], (), categories),
        )
        for entry in baseline.tests.values()
    )
    run = Run(
        run_id=name,
        started_at_ns=_midnight_ns(baseline.date),
        duration_ns=sum(entry.duration_ns for entry in baseline.tests.values()),
        runner="",
        is_complete=bool(tests),
        why_incomplete="" if tests else "no tests",
    )
    return RecordedRun(run=run, tests=tests)


def _midnight_ns(date: str) -> int:
    """Nanoseconds since the epoch of the beginning of an ISO date in UTC, 0 for anything else."""
    try:
        return int(datetime.fromisoformat(date).replace(tzinfo=UTC).timestamp()) * NS_PER_S
    except ValueError:
        return 0
