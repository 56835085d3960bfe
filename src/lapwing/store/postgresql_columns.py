"""Reading columns of samples and the history of a test out of a PostgreSQL store."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any, Final, NamedTuple

from lapwing.model.fixture_subject import fixture_subject
from lapwing.model.record import FAILURES, Count, Outcome
from lapwing.model.series import FailedAttempt, HistoryPoint, RunSamples
from lapwing.store.alike import ONE_IN, SHORTEST_NS, gathered
from lapwing.store.postgresql_connection import Connection
from lapwing.store.postgresql_identities import known, names
from lapwing.store.postgresql_read import run_key
from lapwing.store.postgresql_text import digest_of, from_row, from_text, to_text
from lapwing.store.sqlite_rows import counts_from_sql

_Row = tuple[Any, ...]

_MEASURES: Final = (
    "wall_ns",
    "cpu_ns",
    "peak_bytes",
    "delta_bytes",
    "involuntary_switches",
    "run_delay_ns",
    "gc_ns",
)
_SAMPLES: Final = f"""
    SELECT test, worker, category, {", ".join(_MEASURES)} FROM result
    WHERE run = %s AND is_last AND outcome = %s AND wall_ns IS NOT NULL
"""
# Run by run: with a list of runs each partition would be searched for the tests of all of them.
_SERIES: Final = f"""
    SELECT found.* FROM unnest(%s::bigint[]) AS wanted (run)
    CROSS JOIN LATERAL (
        SELECT run, test, worker, category, {", ".join(_MEASURES)} FROM result
        WHERE result.run = wanted.run AND test = ANY(%s)
        AND is_last AND outcome = %s AND wall_ns IS NOT NULL
    ) AS found
"""
_NEAREST: Final = """
    SELECT test FROM result WHERE run = %s AND is_last AND outcome = %s AND wall_ns IS NOT NULL
    ORDER BY abs(ln(greatest(wall_ns, %s)::float8 / %s)), test
    LIMIT (SELECT greatest(%s, tests / %s) FROM run WHERE id = %s)
"""
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
# Run by run, newest first, through the key of `result`: the planner would rather read whole weeks.
_HISTORY: Final = """
    SELECT run.run_id, run.started_at_ns, run.commit_id, run.branch, run.is_complete, found.outcome,
           found.attempt, found.wall_ns, found.cpu_ns, found.peak_bytes, found.delta_bytes, run.machine_class
    FROM run
    CROSS JOIN LATERAL (
        SELECT outcome, attempt, wall_ns, cpu_ns, peak_bytes, delta_bytes FROM result
        WHERE result.run = run.id AND result.test = %s AND result.is_last LIMIT 1
    ) AS found
    WHERE run.project = %s {}
    ORDER BY run.id DESC LIMIT %s
"""

_ON_BRANCH: Final = "AND (run.branch = %s OR run.branch IS NULL)"


def samples(connection: Connection, run_ids: Sequence[str], *, where: str) -> list[RunSamples]:
    """The tests of each run as columns. Raises NoDataError for a run that is not there."""
    found = [(run_id, *run_key(connection, run_id, where=where)) for run_id in run_ids]
    read = [
        connection.execute(f"{_SAMPLES} ORDER BY worker, ordinal", (key, Outcome.PASSED.value)).fetchall()
        for _, key, _ in found
    ]
    tests = names(connection, "test", "nodeid", {row[0] for rows in read for row in rows})
    named = _Named.of(connection, tests, read)
    return [
        named.samples(run_id, machine_class, rows)
        for (run_id, _, machine_class), rows in zip(found, read, strict=True)
    ]


def series(
    connection: Connection, run_ids: Sequence[str], nodeids: Iterable[str], *, project: str | None
) -> list[RunSamples]:
    """The samples of these tests in each run: see `Store.series`. A run that is not there is left out."""
    runs = _runs(connection, run_ids)
    number = None if project is None else _project(connection, project)
    tests = known(connection, "test", nodeids, project=number)
    if project is not None and number is None:
        tests = {}
    # One statement for all runs: planning it, and the way there and back, cost more than the rows.
    rows = connection.execute(
        _SERIES, ([key for key, _ in runs.values()], list(tests), Outcome.PASSED.value)
    ).fetchall()
    by_run: dict[int, list[_Row]] = {key: [] for key, _ in runs.values()}
    for key, *row in rows:
        by_run[key].append(tuple(row))
    named = _Named.of(connection, tests, by_run.values())
    return [
        named.samples(run_id, runs[run_id][1], by_run[runs[run_id][0]])
        for run_id in run_ids
        if run_id in runs
    ]


def alike(connection: Connection, run_id: str, wall_ns: int, most: int, *, where: str) -> list[str]:
    """Tests that took about `wall_ns` in a run: see `Store.alike`. Raises NoDataError that names `where`."""
    key, _ = run_key(connection, run_id, where=where)
    asked = (key, Outcome.PASSED.value, SHORTEST_NS, max(wall_ns, SHORTEST_NS), most, ONE_IN, key)
    numbers = gathered([test for (test,) in connection.execute(_NEAREST, asked)], most)
    found = names(connection, "test", "nodeid", numbers)
    return [found[number] for number in numbers]


def failed_attempts(connection: Connection, run_ids: Sequence[str]) -> list[FailedAttempt]:
    """The attempts of these runs that failed: see `Store.failed_attempts`."""
    runs = _runs(connection, run_ids)
    words = [outcome.value for outcome in FAILURES]
    rows = [
        (run_id, *row)
        for run_id in dict.fromkeys(run_ids)
        if run_id in runs
        for row in connection.execute(
            "SELECT test, outcome, attempt, is_last FROM result"
            " WHERE run = %s AND outcome = ANY(%s) ORDER BY ordinal",
            (runs[run_id][0], words),
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
    key, _ = run_key(connection, run_id, where=where)
    if nodeids is None:
        rows = map(from_row, connection.execute(_ALL_COUNTERS, (key,)))
        return {nodeid: counts_from_sql(text) for nodeid, text in rows}
    tests = known(connection, "test", nodeids)
    rows = map(from_row, connection.execute(_COUNTERS, (key, list(tests))))
    return {tests[test]: counts_from_sql(text) for test, text in rows}


def fixture_samples(connection: Connection, run_ids: Sequence[str], *, where: str) -> list[RunSamples]:
    """Set-up time of each fixture, by `fixture_subject`, summed over its set-ups that did not fail."""
    read = []
    for run_id in run_ids:
        key, machine_class = run_key(connection, run_id, where=where)
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
        key, machine_class = run_key(connection, run_id, where=where)
        slowest: dict[str, _Row] = {}
        for row in map(from_row, connection.execute(_COLLECTION, (key, Outcome.PASSED.value))):
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
    points = [
        HistoryPoint(*from_row(row))
        for test, number in tests
        for row in connection.execute(_HISTORY.format(on_branch), (test, number, *named, limit))
    ]
    points.sort(key=lambda point: point.started_at_ns, reverse=True)
    return points[:limit]


def _project(connection: Connection, name: str) -> int | None:
    row = connection.execute("SELECT id FROM project WHERE digest = %s", (digest_of(name),)).fetchone()
    return None if row is None else int(row[0])


def _runs(connection: Connection, run_ids: Sequence[str]) -> dict[str, tuple[int, str]]:
    """Number and machine class of the runs that are there."""
    rows = connection.execute(
        "SELECT run_id, id, machine_class FROM run WHERE run_id = ANY(%s)", (list(map(to_text, run_ids)),)
    )
    return {from_text(run_id): (key, from_text(machine_class)) for run_id, key, machine_class in rows}


class _Named(NamedTuple):
    """Names of what rows of samples refer to by number."""

    tests: Mapping[int, str]
    workers: Mapping[int, str]
    categories: Mapping[int, str]

    @classmethod
    def of(cls, connection: Connection, tests: Mapping[int, str], read: Iterable[Sequence[_Row]]) -> "_Named":
        """The names of the workers and categories in what was read, beside those of its tests."""
        workers, categories = set(), set()
        for rows in read:
            workers.update([row[1] for row in rows])
            categories.update([row[2] for row in rows])
        return cls(
            tests,
            names(connection, "worker", "name", workers) if workers else {},
            names(connection, "category", "name", categories) if categories else {},
        )

    def samples(self, run_id: str, machine_class: str, rows: Sequence[_Row]) -> RunSamples:
        """The rows of a run as columns."""
        tests, workers, categories, *columns = (
            zip(*rows, strict=True) if rows else [()] * (3 + len(_MEASURES))
        )
        return RunSamples(
            run_id=run_id,
            subjects=tuple(map(self.tests.__getitem__, tests)),
            workers=tuple(map(self.workers.__getitem__, workers)),
            categories=tuple(map(self.categories.__getitem__, categories)),
            machine_class=machine_class,
            **dict(zip(_MEASURES, columns, strict=True)),
        )


def _from_rows(run_id: str, machine_class: str, rows: Sequence[_Row]) -> RunSamples:
    subjects, workers, wall_ns, cpu_ns = zip(*rows, strict=True) if rows else ((), (), (), ())
    return RunSamples(run_id, subjects, workers, wall_ns, cpu_ns, machine_class=machine_class)
