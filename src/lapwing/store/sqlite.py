"""The embedded store: one SQLite file. See `protocol.py` for what each method promises.

Each method imports what it needs: the test process opens a store to write one run, and every
module that it does not load is time that a user's run does not pay.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Sequence
from pathlib import Path
from types import TracebackType
from typing import TYPE_CHECKING, Self

from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.store.sqlite_connection import connect
from lapwing.store.sqlite_errors import translated
from lapwing.store.transaction import snapshot, transaction, unchecked_transaction

if TYPE_CHECKING:
    from collections.abc import Iterator, Mapping
    from contextlib import AbstractContextManager

    from lapwing.model.accepted import AcceptedStep
    from lapwing.model.day import DaySummary
    from lapwing.model.load import StoredLoad
    from lapwing.model.measurement import BenchmarkRecord
    from lapwing.model.profile import ProfileSummary
    from lapwing.model.record import Count
    from lapwing.model.run import Run
    from lapwing.model.series import FailedAttempt, HistoryPoint, RunSamples
    from lapwing.model.state_change import StateChange
    from lapwing.store.protocol import OneTest, Removal, RunDigest, RunQuery


class SqliteStore:
    """Runs in the SQLite file at `path`, made if it is not there and `create` is true.

    Waits up to `busy_timeout_s` seconds for other processes that write. To be used by the
    thread that made it. Raises NoDataError without a file, StoreError if it cannot be opened.
    """

    def __init__(self, path: Path, *, create: bool, busy_timeout_s: float = 5.0) -> None:
        self.path = path
        self._connection = connect(path, create=create, busy_timeout_s=busy_timeout_s)

    def snapshot(self) -> AbstractContextManager[None]:
        """Read one state of the store in the whole block, whatever others write meanwhile."""
        from lapwing.store.snapshot_around import snapshot_around

        return snapshot_around(snapshot(self._connection), lambda: translated(self.path))

    def write_run(self, recorded: RecordedRun) -> bool:
        """Keep a run whole, in one transaction. False if a run of that id is there already."""
        return self.write_run_in_parts(recorded.run, (), lambda: recorded)

    def write_run_in_parts(
        self, run: Run, parts: Iterable[Sequence[TestRecord]], rest: Callable[[], RecordedRun]
    ) -> bool:
        """Like `write_run`, for a run that is too large to be held whole."""
        from lapwing.store import sqlite_write

        # Unchecked: every number that a row refers to was looked up or made in this transaction,
        # and checking them again costs a quarter of writing the rows.
        with translated(self.path), unchecked_transaction(self._connection):
            return sqlite_write.write_run(self._connection, run, parts, rest)

    def runs(self, query: RunQuery | None = None) -> list[RunDigest]:
        """Runs that fit `query`, newest first."""
        from lapwing.store import sqlite_read
        from lapwing.store.protocol import RunQuery

        with translated(self.path):
            return sqlite_read.runs(self._connection, query or RunQuery())

    def run_count(self) -> int:
        """How many runs there are."""
        with translated(self.path):
            (count,) = self._connection.execute("SELECT count(*) FROM run").fetchone()
        return int(count)

    def stamp(self, *, project: str, of_runs: bool = True) -> str:
        """What changes whenever a run of `project` comes or goes, or something is said of its tests."""
        from lapwing.store import sqlite_read

        with translated(self.path):
            return sqlite_read.stamp(self._connection, project, of_runs=of_runs)

    def stamp_until(self, started_at_ns: int, *, project: str) -> str:
        """What changes whenever one of the last runs of `project` up to then does."""
        from lapwing.store import sqlite_read

        with translated(self.path):
            return sqlite_read.stamp_until(self._connection, started_at_ns, project)

    def read_run(self, run_id: str) -> RecordedRun:
        """A run with all its records, in the order recorded. Raises NoDataError."""
        from lapwing.store import sqlite_read

        with translated(self.path), snapshot(self._connection):
            return sqlite_read.read_run(self._connection, run_id, where=str(self.path))

    def one_test(self, run_id: str, nodeid: str) -> OneTest:
        """What a run recorded of one test. Raises NoDataError."""
        from lapwing.store import sqlite_read

        with translated(self.path), snapshot(self._connection):
            return sqlite_read.one_test(self._connection, run_id, nodeid, where=str(self.path))

    def test_names(self, run_id: str) -> Iterator[str]:
        """The tests that a run has, each once, read as they are asked for. Raises NoDataError."""
        from lapwing.store import sqlite_names

        with translated(self.path), snapshot(self._connection):
            numbers = sqlite_names.test_numbers(self._connection, run_id, where=str(self.path))
        return self._named(numbers)

    def _named(self, numbers: Iterable[int]) -> Iterator[str]:
        from lapwing.store.sqlite_identities import chunks, names

        for chunk in chunks(numbers):
            with translated(self.path):
                found = names(self._connection, "test", "nodeid", chunk)
            yield from found.values()
        # A million names went through the cache, and none of them is asked for soon.
        self._connection.execute("PRAGMA shrink_memory")

    def add_confirm_attempts(self, run_id: str, attempts: Sequence[TestRecord]) -> None:
        """Keep attempts by which tests of a run were run again. Raises NoDataError."""
        from lapwing.store import sqlite_confirm

        with translated(self.path), transaction(self._connection):
            sqlite_confirm.add_confirm_attempts(self._connection, run_id, attempts, where=str(self.path))

    def confirm_attempts(self, run_id: str) -> tuple[TestRecord, ...]:
        """The attempts by which tests of a run were run again. Raises NoDataError."""
        from lapwing.store import sqlite_confirm

        with translated(self.path), snapshot(self._connection):
            return sqlite_confirm.confirm_attempts(self._connection, run_id, where=str(self.path))

    def samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """The tests of each run as columns: last attempt of each, passed only."""
        from lapwing.store import sqlite_columns

        with translated(self.path), snapshot(self._connection):
            return sqlite_columns.samples(self._connection, run_ids, where=str(self.path))

    def counters(self, run_id: str, nodeids: Sequence[str] | None = None) -> dict[str, Mapping[str, Count]]:
        """What probes counted in the last attempt of each of these tests that the run has."""
        from lapwing.store import sqlite_columns

        with translated(self.path), snapshot(self._connection):
            return sqlite_columns.counters(self._connection, run_id, nodeids, where=str(self.path))

    def benchmarks(self, run_ids: Sequence[str]) -> list[tuple[BenchmarkRecord, ...]]:
        """What benchmarks measured in each run, in the order recorded."""
        from lapwing.store import sqlite_read

        with translated(self.path), snapshot(self._connection):
            return sqlite_read.benchmarks(self._connection, run_ids, where=str(self.path))

    def fixture_samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """Set-up time summed per fixture of each run; a subject is `name (file)`."""
        from lapwing.store import sqlite_columns

        with translated(self.path), snapshot(self._connection):
            return sqlite_columns.fixture_samples(self._connection, run_ids, where=str(self.path))

    def collection_samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """Collection time per module of each run, of the slowest worker."""
        from lapwing.store import sqlite_columns

        with translated(self.path), snapshot(self._connection):
            return sqlite_columns.collection_samples(self._connection, run_ids, where=str(self.path))

    def history(
        self, nodeid: str, *, project: str | None = None, branch: str | None = None, limit: int = 100
    ) -> list[HistoryPoint]:
        """Runs of one test, newest first, last attempts."""
        from lapwing.store import sqlite_columns

        with translated(self.path), snapshot(self._connection):
            return sqlite_columns.history(
                self._connection, nodeid, project=project, branch=branch, limit=limit
            )

    def series(
        self, run_ids: Sequence[str], nodeids: Iterable[str], *, project: str | None = None
    ) -> list[RunSamples]:
        """Samples of some tests in each run that is there, in no order within a run."""
        from lapwing.store import sqlite_series

        with translated(self.path), snapshot(self._connection):
            return sqlite_series.series(self._connection, run_ids, nodeids, project=project)

    def alike(self, run_id: str, wall_ns: int, *, most: int) -> list[str]:
        """At most `most` tests that took about `wall_ns` in a run. Raises NoDataError."""
        from lapwing.store import sqlite_series

        with translated(self.path), snapshot(self._connection):
            return sqlite_series.alike(self._connection, run_id, wall_ns, most, where=str(self.path))

    def failed_attempts(self, run_ids: Sequence[str]) -> list[FailedAttempt]:
        """The attempts of these runs that failed, in the order recorded."""
        from lapwing.store import sqlite_series

        with translated(self.path), snapshot(self._connection):
            return sqlite_series.failed_attempts(self._connection, run_ids)

    def accept(self, steps: Sequence[AcceptedStep], *, project: str) -> None:
        """Keep steps that somebody meant, in one transaction."""
        from lapwing.store import sqlite_accepted

        with translated(self.path), transaction(self._connection):
            sqlite_accepted.accept(self._connection, steps, project=project)

    def accepted(self, *, project: str | None = None) -> list[AcceptedStep]:
        """All accepted steps, in the order accepted."""
        from lapwing.store import sqlite_accepted

        with translated(self.path):
            return sqlite_accepted.accepted(self._connection, project=project)

    def withdraw(self, nodeids: Iterable[str], *, project: str) -> int:
        """Forget the accepted steps of these tests; returns how many there were."""
        from lapwing.store import sqlite_accepted

        with translated(self.path), transaction(self._connection):
            return sqlite_accepted.withdraw(self._connection, nodeids, project=project)

    def write_load(self, stored: StoredLoad) -> None:
        """Keep the result of a load or stress test."""
        from lapwing.store import sqlite_load

        with translated(self.path), transaction(self._connection):
            sqlite_load.write_load(self._connection, stored)

    def loads(self, *, project: str, name: str | None = None, limit: int = 100) -> list[StoredLoad]:
        """Results of load and stress tests, newest first."""
        from lapwing.store import sqlite_load

        with translated(self.path), snapshot(self._connection):
            return sqlite_load.loads(
                self._connection, project=project, name=name, limit=limit, where=str(self.path)
            )

    def write_profiles(self, summaries: Sequence[ProfileSummary], *, project: str) -> None:
        """Keep what profilers saw of tests, in one transaction."""
        from lapwing.store import sqlite_profiles

        with translated(self.path), transaction(self._connection):
            sqlite_profiles.write_profiles(self._connection, summaries, project=project)

    def profiles(self, nodeid: str, *, project: str | None = None, limit: int = 10) -> list[ProfileSummary]:
        """Profiles of one test, newest first."""
        from lapwing.store import sqlite_profiles

        with translated(self.path), snapshot(self._connection):
            return sqlite_profiles.profiles(
                self._connection, nodeid, project=project, limit=limit, where=str(self.path)
            )

    def shared_runs(self, old: str, new: str, *, project: str | None = None) -> int:
        """How many runs hold results of a test under both its names, if `old` became `new`."""
        from lapwing.store import sqlite_rename

        with translated(self.path), snapshot(self._connection):
            return sqlite_rename.shared_runs(self._connection, old, new, project=project)

    def rename(self, old: str, new: str, *, project: str | None = None) -> int:
        """Give the history of `old` to `new`; returns how many tests were renamed."""
        from lapwing.store import sqlite_rename

        with translated(self.path), unchecked_transaction(self._connection):
            return sqlite_rename.rename(self._connection, old, new, project=project)

    def prune(self, *, older_than_ns: int | None, keep_bytes: int | None, dry_run: bool) -> list[Removal]:
        """Remove runs started before a moment, then the oldest until the store is small enough.

        What `dry_run` tells for `keep_bytes` is estimated; the removal itself measures.
        """
        from lapwing.store import sqlite_load, sqlite_profiles, sqlite_retention

        with translated(self.path):
            if older_than_ns is not None and not dry_run:
                with transaction(self._connection):
                    sqlite_load.forget_loads(self._connection, older_than_ns=older_than_ns)
                    sqlite_profiles.forget_profiles(self._connection, older_than_ns=older_than_ns)
            return sqlite_retention.prune(
                self._connection, older_than_ns=older_than_ns, keep_bytes=keep_bytes, dry_run=dry_run
            )

    def days(self, nodeid: str, *, project: str) -> list[DaySummary]:
        """What is left of the removed runs of a test: one summary per day, oldest first."""
        from lapwing.store import sqlite_days

        with translated(self.path):
            return sqlite_days.days(self._connection, nodeid, project=project)

    def suite_days(self, *, project: str) -> list[DaySummary]:
        """What is left of the removed complete runs of a suite: one summary per day, oldest first."""
        from lapwing.store import sqlite_days

        with translated(self.path):
            return sqlite_days.suite_days(self._connection, project=project)

    def projects(self) -> list[str]:
        """Names of the projects that have runs, by name."""
        from lapwing.store.sql_text import from_sql

        with translated(self.path):
            rows = self._connection.execute("SELECT name FROM project WHERE id IN (SELECT project FROM run)")
            return sorted(from_sql(name) for (name,) in rows)

    def put_entry(self, kind: str, name: str, document: str) -> None:
        """Keep a small document of a server under `name`, in the place of what was there."""
        from lapwing.store import sqlite_entries

        with translated(self.path), transaction(self._connection):
            sqlite_entries.put_entry(self._connection, kind, name, document)

    def entry(self, kind: str, name: str) -> str | None:
        """The document kept under `name`, or None."""
        from lapwing.store import sqlite_entries

        with translated(self.path):
            return sqlite_entries.entry(self._connection, kind, name)

    def entries(self, kind: str) -> dict[str, str]:
        """All documents of a kind by name."""
        from lapwing.store import sqlite_entries

        with translated(self.path):
            return sqlite_entries.entries(self._connection, kind)

    def drop_entry(self, kind: str, name: str) -> bool:
        """Forget what is kept under `name`; whether there was anything."""
        from lapwing.store import sqlite_entries

        with translated(self.path), transaction(self._connection):
            return sqlite_entries.drop_entry(self._connection, kind, name)

    def add_state_change(self, change: StateChange) -> None:
        """Add a line to the log of who changed what."""
        from lapwing.store import sqlite_entries

        with translated(self.path), transaction(self._connection):
            sqlite_entries.add_state_change(self._connection, change)

    def state_changes(self, *, limit: int) -> list[StateChange]:
        """The newest lines of that log, newest first."""
        from lapwing.store import sqlite_entries

        with translated(self.path):
            return sqlite_entries.state_changes(self._connection, limit=limit)

    def close(self) -> None:
        """Let go of the store."""
        with translated(self.path):
            self._connection.close()

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self.close()
