"""What would the suite take with other workers, another distribution, fewer tests, wider fixtures?"""

from collections.abc import Mapping, Sequence
from fnmatch import fnmatchcase
from typing import Final

from lapwing.advice.what_if import ALONE, MODES, what_if
from lapwing.analysis.suite_times import suite_times
from lapwing.analysis.worker_spans import first_moment
from lapwing.config.settings import Settings
from lapwing.errors import ConfigurationError, NoDataError
from lapwing.model.run import RecordedRun, Run
from lapwing.model.what_if import SuiteTimes, WhatIf, WhatIfRow
from lapwing.operations.find_run import find_run
from lapwing.operations.read_run import own_records_of
from lapwing.store.protocol import RunQuery, Store

SCOPES: Final = ("class", "module", "package", "session")
MOST_WORKERS: Final = 1024
_NEWEST: Final = 5  # runs in workers that are looked at
_MOST_OTHER: Final = 0.2  # tests that such a run may have more or less, as a share


def what_if_of(
    settings: Settings,
    store: Store | None,
    name: str,
    *,
    workers: Sequence[int],
    modes: Sequence[str],
    drop: Sequence[str] = (),
    scopes: Mapping[str, str] | None = None,
) -> WhatIf:
    """The makespan of the run called `name` for all `workers` in all `modes`.

    Tests that match a pattern of `drop` (of a shell, or a part of the node id) are left out; `scopes`
    gives fixtures by name another scope. Raises NoDataError where there is no such run, and for one that
    was read from reports; ConfigurationError for modes, workers, fixtures or scopes that do not exist.
    """
    _check(workers, modes)
    recorded = own_records_of(store, find_run(settings, store, name))
    _check_scopes(recorded, scopes or {})
    suite = suite_times(recorded, parallel_run(settings, store, recorded), scopes)
    as_it_was = _row(recorded, suite_times(recorded, parallel_run(settings, store, recorded)))
    kept = [test for test in suite.tests if not any(_matches(test.nodeid, pattern) for pattern in drop)]
    chosen = suite._replace(tests=tuple(kept))
    rows = [
        what_if(chosen, count, mode)
        for count in dict.fromkeys(workers)
        for mode in (dict.fromkeys(modes) if count else (ALONE,))
    ]
    return WhatIf(
        run_id=recorded.run.run_id,
        rows=tuple(rows),
        recorded_workers=recorded.run.workers,
        recorded_dist=recorded.run.distribution,
        recorded_ns=recorded.run.duration_ns - first_moment(recorded),
        simulated_ns=as_it_was.makespan_ns,
        tests=len(kept),
        dropped=len(suite.tests) - len(kept),
        command=recorded.run.command,
        worker_costs=suite.worker_costs,
    )


def parallel_run(settings: Settings, store: Store | None, recorded: RecordedRun) -> RecordedRun | None:
    """A complete run in workers of about the same tests, on the same machine: it tells what workers cost.

    Of the newest few the one whose workers were ready first: on a loaded machine they cost up to twice as
    much, and what is predicted is predicted for a free one. None where `recorded` is one itself, or there is
    none.
    """
    tests = len({record.nodeid for record in recorded.tests})
    found = None if store is None else parallel_run_id(settings, store, recorded.run, tests)
    return store.read_run(found) if store is not None and found is not None else None


def parallel_run_id(settings: Settings, store: Store, run: Run, tests: int) -> str | None:
    """The id of the same, for a `run` of so many distinct `tests`. Raises StoreError."""
    if run.workers:
        return None
    query = RunQuery(project=settings.project, is_complete=True, limit=50)
    alike = [
        (ready_ns, digest.run.run_id)
        for digest in store.runs(query)
        if digest.run.workers
        and abs(digest.tests - tests) <= _MOST_OTHER * tests
        and digest.run.machine == run.machine
        and (ready_ns := _ready_after(digest.run)) is not None
    ]
    return min(alike[:_NEWEST])[1] if alike else None


def _ready_after(run: Run) -> int | None:
    """Nanoseconds until the last worker of `run` began its first test; None where none did."""
    return max((each.warmup_ns for each in run.processes if each.warmup_ns is not None), default=None)


def _row(recorded: RecordedRun, suite: SuiteTimes) -> WhatIfRow:
    dist = recorded.run.distribution
    return what_if(suite, recorded.run.workers, dist if dist in MODES else MODES[0])


def _matches(nodeid: str, pattern: str) -> bool:
    return pattern in nodeid or fnmatchcase(nodeid, pattern)


def _check(workers: Sequence[int], modes: Sequence[str]) -> None:
    for mode in modes:
        if mode not in MODES:
            raise ConfigurationError(
                f"there is no distribution {mode!r}", where="--dist", mend=f"Choose of {', '.join(MODES)}."
            )
    for count in workers:
        if not 0 <= count <= MOST_WORKERS:
            raise ConfigurationError(
                f"{count} workers", where="--workers", mend=f"From 0 (one process) to {MOST_WORKERS}."
            )


def _check_scopes(recorded: RecordedRun, scopes: Mapping[str, str]) -> None:
    known = {fixture.name for fixture in recorded.fixtures}
    for name, scope in scopes.items():
        if scope not in SCOPES:
            raise ConfigurationError(
                f"there is no scope {scope!r}",
                where="--fixture-scope",
                mend=f"Choose of {', '.join(SCOPES)}.",
            )
        if name not in known:
            raise NoDataError(
                f"no fixture {name!r} was set up in run {recorded.run.run_id}",
                mend="'lapwing why' names those that cost most.",
            )
