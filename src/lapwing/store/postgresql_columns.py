"""Reading columns of samples and the history of a test out of a PostgreSQL store."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from itertools import chain, islice, repeat
from typing import Any, Final, NamedTuple

from lapwing.model.fixture_subject import fixture_subject
from lapwing.model.record import FAILURES, Count, Outcome
from lapwing.model.series import FailedAttempt, HistoryPoint, RunSamples
from lapwing.store.alike import gathered, nearest, pool_size
from lapwing.store.block_reading import SampleFinder, durations_of, in_order_of_execution, sample_columns
from lapwing.store.postgresql_block_read import (
    DURATIONS,
    blocks_of,
    blocks_of_runs,
    bounds,
    leading,
    rows_and_blocks,
    samples_in_blocks,
)
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_found import FoundRun
from lapwing.store.postgresql_identities import known, names
from lapwing.store.postgresql_read import run_key, runs_called
from lapwing.store.postgresql_text import digest_of, from_row, to_text
from lapwing.store.result_blocks import SAMPLE_COLUMNS, place_of
from lapwing.store.samples_finder import SamplesFinder
from lapwing.store.sqlite_rows import counts_from_sql

_Row = tuple[Any, ...]

_PASSED: Final = Outcome.PASSED.value
_MEASURES: Final = tuple(
    name for name in SAMPLE_COLUMNS if name not in ("test", "worker", "category", "ordinal")
)
_AFTER_DELTA: Final = SAMPLE_COLUMNS.index("delta_bytes") + 1
_SAMPLES: Final = f"""
    SELECT {", ".join(SAMPLE_COLUMNS)} FROM result
    WHERE run = %s AND is_last AND outcome = %s AND wall_ns IS NOT NULL
"""
# Run by run: with a list of runs each partition would be searched for the tests of all of them. Those that
# hold none of the runs are not looked at, for which their bounds are told, too.
_SERIES: Final = f"""
    SELECT found.* FROM unnest(%s::bigint[]) AS wanted (run)
    CROSS JOIN LATERAL (
        SELECT run, {", ".join(SAMPLE_COLUMNS)} FROM result
        WHERE result.run = wanted.run AND result.run BETWEEN %s AND %s AND test = ANY(%s)
        AND is_last AND outcome = %s AND wall_ns IS NOT NULL
    ) AS found
"""
_DURATIONS: Final = (
    "SELECT test, wall_ns FROM result WHERE run = %s AND is_last AND outcome = %s AND wall_ns IS NOT NULL"
)
_COUNTERS: Final = """
    SELECT test, counters FROM result WHERE run = %s AND is_last AND test = ANY(%s)
"""
_ALL_COUNTERS: Final = """
    SELECT test.nodeid, counters FROM result JOIN test ON test.id = result.test
    WHERE run = %s AND is_last AND counters IS NOT NULL
"""
_FIXTURES: Final = """
    SELECT fixture.name, fixture.location, worker.name, setup_ns
    FROM fixture_result
    JOIN fixture ON fixture.id = fixture_result.fixture
    JOIN worker ON worker.id = fixture_result.worker
    WHERE run = %s AND NOT failed
    ORDER BY ordinal
"""
_COLLECTION: Final = """
    SELECT module.nodeid, worker.name, duration_ns, cpu_ns
    FROM collect_result
    JOIN module ON module.id = collect_result.module
    JOIN worker ON worker.id = collect_result.worker
    WHERE run = %s AND outcome = %s
    ORDER BY ordinal
"""
_NEWEST: Final = """
    SELECT id, run_id, started_at_ns, commit_id, branch, is_complete, machine_class FROM run
    WHERE project = %s {} AND id < %s ORDER BY id DESC LIMIT %s
"""
_OUTCOMES: Final = """
    SELECT wanted.run, found.* FROM unnest(%s::bigint[]) AS wanted (run)
    CROSS JOIN LATERAL (
        SELECT outcome, attempt, wall_ns, cpu_ns, peak_bytes, delta_bytes FROM result
        WHERE result.run = wanted.run AND result.run BETWEEN %s AND %s AND test = %s AND is_last LIMIT 1
    ) AS found
"""
_OUTCOMES_WIDTH: Final = 7
_AFTER_ALL: Final = 2**63 - 1
_ON_BRANCH: Final = "AND (run.branch = %s OR run.branch IS NULL)"


def samples(connection: Connection, run_ids: Sequence[str], *, where: str) -> list[RunSamples]:
    """The tests of each run as columns. Raises NoDataError for a run that is not there."""
    runs_called(connection, run_ids)  # of all at once
    runs = [run_key(connection, run_id, where=where) for run_id in run_ids]
    read = [columns_of_run(connection, run.key) for run in runs]
    tests = names(connection, "test", "nodeid", {test for columns in read for test in columns["test"]})
    named = _Named.of(connection, tests, read)
    return [
        named.samples(run_id, run.machine_class, columns)
        for run_id, run, columns in zip(run_ids, runs, read, strict=True)
    ]


def columns_of_run(connection: Connection, key: int) -> dict[str, list[Any]]:
    """The samples of the run numbered `key`, by column, names as numbers: passed last attempts only."""
    read: list[list[Any]] = [[] for _ in SAMPLE_COLUMNS]
    rows = connection.execute(_SAMPLES, (key, _PASSED)).fetchall()
    parts = chain([zip(*rows, strict=True)] if rows else [], map(sample_columns, blocks_of(connection, key)))
    for part in parts:
        for column, values in zip(read, part, strict=True):
            column += values
    return in_order_of_execution(read)


def series(
    connection: Connection, run_ids: Sequence[str], nodeids: Iterable[str], *, project: str | None
) -> list[RunSamples]:
    """The samples of these tests in each run: see `Store.series`. A run that is not there is left out."""
    runs = runs_called(connection, run_ids)
    number = None if project is None else _project(connection, project)
    tests = known(connection, "test", nodeids, project=number)
    if project is not None and number is None:
        tests = {}
    by_run: dict[int, list[Sequence[Any]]] = {run.key: [] for run in runs.values()}
    find = SamplesFinder(tests)
    keys = list(by_run)
    rows, blocks = rows_and_blocks(
        connection,
        (_SERIES, (keys, *bounds(keys), list(tests), _PASSED)),
        1 + len(SAMPLE_COLUMNS),
        blocks_of_runs("facts", keys, find.places),
    )
    for key, *row in rows:
        by_run[key].append(row)
    for key, place, facts in blocks:
        by_run[key] += find(place, facts)
    columns = {
        key: dict(zip(SAMPLE_COLUMNS, zip(*rows, strict=True) if rows else repeat(()), strict=False))
        for key, rows in by_run.items()
    }
    named = _Named.of(connection, tests, columns.values())
    return [
        named.samples(run_id, runs[run_id].machine_class, columns[runs[run_id].key])
        for run_id in run_ids
        if run_id in runs
    ]


def alike(connection: Connection, run_id: str, wall_ns: int, most: int, *, where: str) -> list[str]:
    """Tests that took about `wall_ns` in a run: see `Store.alike`. Raises NoDataError that names `where`."""
    run = run_key(connection, run_id, where=where)
    rows, blocks = rows_and_blocks(connection, (_DURATIONS, (run.key, _PASSED)), 2, (DURATIONS, (run.key,)))
    tests, took = durations_of(rows, (facts for _, _, facts in blocks))
    numbers = gathered(nearest(tests, took, wall_ns, pool_size(len(tests), most)), most)
    found = names(connection, "test", "nodeid", numbers)
    connection.found.numbers("test", run.project).update((found[number], number) for number in numbers)
    return [found[number] for number in numbers]


def failed_attempts(connection: Connection, run_ids: Sequence[str]) -> list[FailedAttempt]:
    """The attempts of these runs that failed: see `Store.failed_attempts`."""
    runs = runs_called(connection, run_ids)
    words = [outcome.value for outcome in FAILURES]
    rows = [
        (run_id, *row)
        for run_id in dict.fromkeys(run_ids)
        if run_id in runs
        for row in connection.execute(
            "SELECT test, outcome, attempt, is_last FROM result"
            " WHERE run = %s AND outcome = ANY(%s) ORDER BY ordinal",
            (runs[run_id].key, words),
        )
    ]
    tests = names(connection, "test", "nodeid", {row[1] for row in rows})
    return [
        FailedAttempt(run_id, tests[test], outcome, attempt, is_last)
        for run_id, test, outcome, attempt, is_last in rows
    ]


def counters(
    connection: Connection, run_id: str, nodeids: Sequence[str] | None, *, where: str
) -> dict[str, Mapping[str, Count]]:
    """Counters of the last attempt of those of `nodeids` that the run has, or of all tests that have any.
    Raises NoDataError."""
    key = run_key(connection, run_id, where=where).key
    if nodeids is None:
        rows = map(from_row, connection.execute(_ALL_COUNTERS, (key,)))
        return {nodeid: counts_from_sql(text) for nodeid, text in rows}
    tests = known(connection, "test", nodeids)
    rows = map(from_row, connection.execute(_COUNTERS, (key, list(tests))))
    found: dict[str, Mapping[str, Count]] = {tests[test]: counts_from_sql(text) for test, text in rows}
    found.update((tests[row[0]], {}) for _, row in samples_in_blocks(connection, [key], tests))  # type: ignore[index]
    return found


def fixture_samples(connection: Connection, run_ids: Sequence[str], *, where: str) -> list[RunSamples]:
    """Set-up time of each fixture, by `fixture_subject`, summed over its set-ups that did not fail."""
    read = []
    for run_id in run_ids:
        key, machine_class, _ = run_key(connection, run_id, where=where)
        sums: dict[str, tuple[str, int]] = {}
        for name, location, worker, setup_ns in map(from_row, connection.execute(_FIXTURES, (key,))):
            subject = fixture_subject(name, location)
            first, before = sums.get(subject, (worker, 0))
            sums[subject] = (first, before + setup_ns)
        rows = [(subject, worker, total, None) for subject, (worker, total) in sums.items()]
        read.append(_from_rows(run_id, machine_class, rows))
    return read


def collection_samples(connection: Connection, run_ids: Sequence[str], *, where: str) -> list[RunSamples]:
    """Collection time of each module in the worker where it took longest."""
    read = []
    for run_id in run_ids:
        key, machine_class, _ = run_key(connection, run_id, where=where)
        slowest: dict[str, _Row] = {}
        for row in map(from_row, connection.execute(_COLLECTION, (key, _PASSED))):
            if row[0] not in slowest or row[2] > slowest[row[0]][2]:
                slowest[row[0]] = row
        read.append(_from_rows(run_id, machine_class, list(slowest.values())))
    return read


def history(
    connection: Connection, nodeid: str, *, project: str | None, branch: str | None, limit: int
) -> list[HistoryPoint]:
    """Runs of one test, newest first, last attempts; of all projects where `project` is None."""
    tests = connection.execute(
        "SELECT test.id, test.project FROM test JOIN project ON project.id = test.project"
        " WHERE test.digest = %s AND (%s::text IS NULL OR project.name = %s)",
        (digest_of(nodeid), *([None if project is None else to_text(project)] * 2)),
    ).fetchall()
    on_branch, named = ("", ()) if branch is None else (_ON_BRANCH, (to_text(branch),))
    points: list[HistoryPoint] = []
    for test, number in tests:
        if project is not None:
            connection.found.projects[project] = number
        connection.found.numbers("test", number)[nodeid] = test
        points += islice(_points(connection, test, on_branch, (number, *named), limit), limit)
    points.sort(key=lambda point: point.started_at_ns, reverse=True)
    return points[:limit]


def _points(
    connection: Connection, test: int, on_branch: str, chosen: tuple[Any, ...], at_once: int
) -> Iterator[HistoryPoint]:
    """The history of the test with this number, newest first, so many runs at once."""
    before = _AFTER_ALL
    while True:
        runs = connection.execute(_NEWEST.format(on_branch), (*chosen, before, at_once)).fetchall()
        if not runs:
            return
        keys = [row[0] for row in runs]
        before = keys[-1]
        rows, blocks = rows_and_blocks(
            connection,
            (_OUTCOMES, (keys, *bounds(keys), test)),
            _OUTCOMES_WIDTH,
            blocks_of_runs(leading(_AFTER_DELTA), keys, [place_of(test)]),
        )
        found = {key: measured for key, *measured in rows}
        find = SampleFinder(test, _AFTER_DELTA)
        for key, _, facts in blocks:
            sample = find(facts)
            if sample is not None:
                found[key] = [_PASSED, 1, *sample[1:]]
        for key, *row in runs:
            if key in found:
                run_id, *told, machine_class = from_row(tuple(row))
                connection.found.runs[run_id] = FoundRun(key, machine_class, chosen[0])
                yield HistoryPoint._make((run_id, *told, *found[key], machine_class))
        if len(runs) < at_once:
            return


def _project(connection: Connection, name: str) -> int | None:
    found = connection.found.projects
    if name not in found:
        row = connection.execute("SELECT id FROM project WHERE digest = %s", (digest_of(name),)).fetchone()
        if row is None:
            return None
        found[name] = row[0]
    return found[name]


class _Named(NamedTuple):
    """Names of what rows of samples refer to by number."""

    tests: Mapping[int, str]
    workers: Mapping[int, str]
    categories: Mapping[int, str]

    @classmethod
    def of(
        cls, connection: Connection, tests: Mapping[int, str], read: Iterable[Mapping[str, Sequence[Any]]]
    ) -> "_Named":
        """The names of the workers and categories in what was read, beside those of its tests."""
        workers: set[int] = set()
        categories: set[int] = set()
        for columns in read:
            workers.update(columns["worker"])
            categories.update(columns["category"])
        return cls(
            tests,
            names(connection, "worker", "name", workers) if workers else {},
            names(connection, "category", "name", categories) if categories else {},
        )

    def samples(self, run_id: str, machine_class: str, columns: Mapping[str, Sequence[Any]]) -> RunSamples:
        """What was read of a run, under its names."""
        return RunSamples(
            run_id=run_id,
            subjects=tuple(map(self.tests.__getitem__, columns["test"])),
            workers=tuple(map(self.workers.__getitem__, columns["worker"])),
            categories=tuple(map(self.categories.__getitem__, columns["category"])),
            machine_class=machine_class,
            **{name: tuple(columns[name]) for name in _MEASURES},
        )


def _from_rows(run_id: str, machine_class: str, rows: Sequence[_Row]) -> RunSamples:
    subjects, workers, wall_ns, cpu_ns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return RunSamples(run_id, subjects, workers, wall_ns, cpu_ns, machine_class=machine_class)
