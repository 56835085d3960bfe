"""What did this benchmark do over runs? The medians of its samples, the machine taken out."""

from collections.abc import Callable, Mapping, Sequence
from statistics import median
from typing import Final

from lapwing.analysis.columns import Raw
from lapwing.analysis.run_factors import run_factors
from lapwing.analysis.scheduling import cpu, quiet_wall, with_gc_everywhere
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.model.history import SubjectHistory
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.metric import CPU, WALL
from lapwing.model.run import Run
from lapwing.model.series import HistoryPoint, RunSamples
from lapwing.operations.history_steps import with_steps
from lapwing.operations.read_history import DEFAULT_RUNS, on_branch
from lapwing.store.protocol import RunQuery, Store

_MOST_NAMED: Final = 8
_SPEAKING: Final = 300  # tests, the longest of the newest run, that tell how fast the machine was
_TIMES: Final[Mapping[str, Callable[[RunSamples], Raw]]] = {WALL.name: quiet_wall, CPU.name: cpu}

_Subject = tuple[str, str]  # test or script, benchmark


def read_benchmark_history(
    settings: Settings,
    store: Store,
    text: str,
    *,
    metric: str = WALL.name,
    limit: int = DEFAULT_RUNS,
    branch: str | None = None,
) -> SubjectHistory:
    """The benchmark called `text` in the last `limit` runs on `branch` that measured it.

    `text` is its name, its test, or a part of both that no other benchmark has. The machine is told from
    the tests of the same runs; a script has none. Raises NoDataError.
    """
    runs, measured = _measured(settings, store, limit, branch)
    subject = _named(measured, text, metric)
    return _history(settings, store, runs, measured, subject, metric, limit)


def test_of_benchmark(settings: Settings, store: Store, text: str) -> str:
    """The test, or script, that measures the benchmark called `text`. Raises NoDataError."""
    _, measured = _measured(settings, store, DEFAULT_RUNS, None)
    nodeids = {record.nodeid: None for records in measured for record in records}
    fitting = [nodeid for nodeid in nodeids if text == nodeid]
    return fitting[0] if fitting else _named(measured, text, "")[0]


test_of_benchmark.__test__ = False  # type: ignore[attr-defined]


def benchmark_histories(settings: Settings, store: Store, nodeid: str) -> list[SubjectHistory]:
    """The histories of all that the test `nodeid` measures: of each benchmark and metric."""
    runs, measured = _measured(settings, store, DEFAULT_RUNS, None)
    subjects = {
        (record.name, record.metric): None
        for records in measured
        for record in records
        if record.nodeid == nodeid and record.samples
    }
    return [
        _history(settings, store, runs, measured, (nodeid, name), metric, DEFAULT_RUNS)
        for name, metric in subjects
    ]


def _measured(
    settings: Settings, store: Store, limit: int, branch: str | None
) -> tuple[list[Run], list[tuple[BenchmarkRecord, ...]]]:
    """The runs among which `limit` may hold a benchmark, newest first, and what they measured."""
    digests = store.runs(RunQuery(project=settings.project, limit=4 * limit))
    runs = on_branch(settings, [digest.run for digest in digests], branch)
    return runs, store.benchmarks([run.run_id for run in runs])


def _history(
    settings: Settings,
    store: Store,
    runs: Sequence[Run],
    measured: Sequence[Sequence[BenchmarkRecord]],
    subject: _Subject,
    metric: str,
    limit: int,
) -> SubjectHistory:
    samples_of = [_samples(records, subject, metric) for records in measured]
    chosen = [(run, records) for run, records in zip(runs, samples_of, strict=True) if records][:limit][::-1]
    factors = _factors(store, [run for run, _ in chosen], metric)
    newest = chosen[-1][1][-1]
    centers = [median([value for record in records for value in record.samples]) for _, records in chosen]
    history = SubjectHistory(
        nodeid=subject[0],
        benchmark=subject[1],
        metric=metric,
        unit=newest.unit,
        higher_is_better=newest.higher_is_better,
        points=tuple(_point(run) for run, _ in chosen),
        measured=tuple(range(len(chosen))),
        values=tuple(center / (factor or 1.0) for center, factor in zip(centers, factors, strict=True)),
        factors=tuple(factor or 1.0 for factor in factors),
        accepted=tuple(
            step for step in store.accepted(project=settings.project) if step.nodeid == subject[0]
        ),
    )
    return with_steps(settings, store, history, factors)


def _named(measured: Sequence[Sequence[BenchmarkRecord]], text: str, metric: str) -> _Subject:
    known: dict[_Subject, set[str]] = {}
    for records in measured:
        for record in records:
            known.setdefault((record.nodeid, record.name), set()).add(record.metric)
    exact = [subject for subject in known if text in (*subject, _text(subject))]
    fitting = exact or [subject for subject in known if text in _text(subject)]
    if not fitting:
        named = ", ".join(map(_text, [*known][:_MOST_NAMED]))
        raise NoDataError(
            f"no benchmark is called {text!r}",
            mend=f"There are {named}."
            if named
            else "No run holds a benchmark: measure with the fixture perf.",
        )
    with_metric = [subject for subject in fitting if not metric or metric in known[subject]]
    if not with_metric:
        metrics = ", ".join(sorted(set().union(*(known[subject] for subject in fitting))))
        raise NoDataError(
            f"{text!r} has no metric {metric!r}", mend=f"It has {metrics}: name one with --metric."
        )
    if len(with_metric) > 1:
        named = ", ".join(map(_text, with_metric[:_MOST_NAMED]))
        raise NoDataError(f"{text!r} is part of several benchmarks: {named}", mend="Write more of the name.")
    return with_metric[0]


def _text(subject: _Subject) -> str:
    return f"{subject[0]} ({subject[1]})"


def _samples(records: Sequence[BenchmarkRecord], subject: _Subject, metric: str) -> list[BenchmarkRecord]:
    return [
        record
        for record in records
        if (record.nodeid, record.name, record.metric) == (*subject, metric) and record.samples
    ]


def _factors(store: Store, runs: Sequence[Run], metric: str) -> list[float | None]:
    """How many times slower the machine was; all None for what no machine stretches."""
    raw = _TIMES.get(metric)
    if raw is None:
        return [None] * len(runs)
    (samples,) = with_gc_everywhere(store.samples([run.run_id for run in runs]))
    newest = samples[-1]
    ranked = sorted(zip(newest.wall_ns, newest.subjects, strict=True), reverse=True)
    speaking = {nodeid for _, nodeid in ranked[:_SPEAKING]}
    return run_factors([run.only(speaking) for run in samples], raw)


def _point(run: Run) -> HistoryPoint:
    return HistoryPoint(
        run_id=run.run_id,
        started_at_ns=run.started_at_ns,
        commit=run.revision.commit,
        branch=run.revision.branch,
        is_complete=run.is_complete,
        outcome="passed",
        attempt=1,
        wall_ns=None,
        cpu_ns=None,
        peak_bytes=None,
        delta_bytes=None,
        machine_class=run.machine_class,
    )
