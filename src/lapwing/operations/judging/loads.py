"""Do load tests keep their limits? Those that are kept, and those that a run measured in its tests."""

from collections.abc import Iterable

from lapwing.check.load_limits import load_breaches, untold_limits
from lapwing.config.settings import Settings
from lapwing.model.gate import Breach
from lapwing.model.load import LoadResult
from lapwing.model.load_limits import LoadFigures
from lapwing.model.load_metrics import ACHIEVED, HIGHEST_HELD, LATENCY_P50, LATENCY_P95
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.run import RecordedRun
from lapwing.store.protocol import Store

_FIELDS = {LATENCY_P50: "p50_ns", LATENCY_P95: "p95_ns", ACHIEVED: "rps", HIGHEST_HELD: "rps"}


def judge_loads(
    settings: Settings, store: Store, recorded: RecordedRun
) -> tuple[list[Breach], tuple[str, ...]]:
    """The broken limits of load tests as of the run, and what cannot be told of others, a sentence each."""
    if not settings.load_budgets:
        return [], ()
    from lapwing.operations.load_store import loads_as_of

    kept = [figures_of(each.result, each.commit) for each in loads_as_of(store, recorded.run, most=None)]
    loads = [*kept, *_of_tests(recorded.benchmarks)]
    broken = load_breaches(loads, settings.load_budgets, judged_commit=recorded.run.revision.commit)
    return broken, tuple(untold_limits(loads, settings.load_budgets))


def judge_kept_loads(settings: Settings, store: Store) -> tuple[list[Breach], tuple[str, ...]] | None:
    """The same of what is kept, without a run; None where nothing is, or no limit is set."""
    if not settings.load_budgets:
        return None
    from lapwing.operations.load_store import newest_loads

    loads = [figures_of(each.result) for each in newest_loads(store, settings.project)]
    if not loads:
        return None
    return load_breaches(loads, settings.load_budgets), tuple(untold_limits(loads, settings.load_budgets))


def judge_load(settings: Settings, result: LoadResult) -> list[Breach]:
    """The limits that a load test just played has broken."""
    return load_breaches([figures_of(result)], settings.load_budgets) if settings.load_budgets else []


def figures_of(result: LoadResult, commit: str | None = None) -> LoadFigures:
    """What of `result` is judged."""
    lightest = min(result.steps, key=lambda step: step.load, default=None)
    held = [step for step in result.steps if step.is_held]
    step = max(held, key=lambda step: step.load, default=lightest)
    if step is None:
        return LoadFigures(name=result.name, at="no load", commit=commit, is_complete=False)
    return LoadFigures(
        name=result.name,
        at=f"{step.load:.4g} {result.unit.value}",
        p50_ns=step.p50_ns,
        p95_ns=step.p95_ns,
        p99_ns=step.p99_ns,
        failures=step.failure_share,
        rps=step.achieved_rps,
        commit=commit,
        is_complete=result.is_complete,
    )


def _of_tests(records: Iterable[BenchmarkRecord]) -> list[LoadFigures]:
    """Of load tests inside of tests, which keep a median of their own for each figure."""
    found: dict[tuple[str, str], LoadFigures] = {}
    for record in records:
        field = _FIELDS.get(record.metric)
        if field is not None and record.samples:
            load = f"{record.metadata.get('load', '')} in {record.nodeid}".strip()
            figures = found.get((record.nodeid, record.name), LoadFigures(name=record.name, at=load))
            value = record.samples[-1]
            found[record.nodeid, record.name] = figures._replace(
                **{field: value if field == "rps" else round(value)}
            )
    return list(found.values())
