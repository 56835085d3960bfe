"""The team's store: a PostgreSQL database. See `protocol.py` for what each method promises."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import Final, Self

from lapwing.model.accepted import AcceptedStep
from lapwing.model.day import DaySummary
from lapwing.model.load import StoredLoad
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.profile import ProfileSummary
from lapwing.model.record import Count, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.model.series import FailedAttempt, HistoryPoint, RunSamples
from lapwing.model.state_change import StateChange
from lapwing.store import (
    postgresql_accepted,
    postgresql_columns,
    postgresql_days,
    postgresql_entries,
    postgresql_load,
    postgresql_profiles,
    postgresql_read,
    postgresql_rename,
    postgresql_retention,
    postgresql_write,
)
from lapwing.store.postgresql_connection import (
    connect,
    lone_transaction,
    place_of,
    snapshot,
    transaction,
    translated,
)
from lapwing.store.postgresql_identities import names, one
from lapwing.store.postgresql_kept_numbers import KeptNumbers
from lapwing.store.postgresql_partitions import make_partitions
from lapwing.store.postgresql_text import from_text
from lapwing.store.protocol import OneTest, Removal, RunDigest, RunQuery
from lapwing.store.snapshot_around import snapshot_around

_NAMES_AT_ONCE: Final = 10_000


class PostgresqlStore:
    """Runs in the database at `url`; its tables are made if they are not there and `create` is true.

    Waits up to `timeout_s` seconds for the server. Raises NoDataError without tables, StoreError if
    it cannot be opened.
    """

    def __init__(self, url: str, *, create: bool, timeout_s: float = 5.0) -> None:
        self.place = place_of(url)
        self._connection = connect(url, create=create, timeout_s=timeout_s)
        self._numbers = KeptNumbers()

    def snapshot(self) -> AbstractContextManager[None]:
        """Read one state of the store in the whole block, whatever others write meanwhile."""
        return snapshot_around(snapshot(self._connection), lambda: translated(self.place))

    def write_run(self, recorded: RecordedRun) -> bool:
        """Keep a run whole, in one transaction. False if a run of that id is there already."""
        return self.write_run_in_parts(recorded.run, (), lambda: recorded)

    def write_run_in_parts(
        self, run: Run, parts: Iterable[Sequence[TestRecord]], rest: Callable[[], RecordedRun]
    ) -> bool:
        """Like `write_run`, for a run that is too large to be held whole."""
        key = run.started_at_ns
        with translated(self.place):
            while True:
                make_partitions(self._connection, key)
                with transaction(self._connection):
                    written = postgresql_write.write_run(
                        self._connection, run, parts, rest, key=key, numbers=self._numbers
                    )
                self._numbers.keep()
                if written is not None:
                    return written
                key += 1

    def runs(self, query: RunQuery = RunQuery()) -> list[RunDigest]:
        """Runs that fit `query`, newest first."""
        with translated(self.place):
            return postgresql_read.runs(self._connection, query)

    def run_count(self) -> int:
        """How many runs there are."""
        with translated(self.place):
            return int(one(self._connection, "SELECT count(*) FROM run"))

    def stamp(self, *, project: str, of_runs: bool = True) -> str:
        """What changes whenever a run of `project` comes or goes, or something is said of its tests."""
        with translated(self.place):
            return postgresql_read.stamp(self._connection, project, of_runs=of_runs)

    def stamp_until(self, started_at_ns: int, *, project: str) -> str:
        """What changes whenever one of the last runs of `project` up to then does."""
        with translated(self.place):
            return postgresql_read.stamp_until(self._connection, started_at_ns, project)

    def read_run(self, run_id: str) -> RecordedRun:
        """A run with all its records, in the order recorded. Raises NoDataError."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_read.read_run(self._connection, run_id, where=self.place)

    def one_test(self, run_id: str, nodeid: str) -> OneTest:
        """What a run recorded of one test. Raises NoDataError."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_read.one_test(self._connection, run_id, nodeid, where=self.place)

    def test_names(self, run_id: str) -> Iterator[str]:
        """The tests that a run has, each once, read as they are asked for. Raises NoDataError."""
        with translated(self.place):
            numbers = postgresql_read.test_numbers(self._connection, run_id, where=self.place)
        return self._named(numbers)

    def _named(self, numbers: Sequence[int]) -> Iterator[str]:
        for first in range(0, len(numbers), _NAMES_AT_ONCE):
            with translated(self.place):
                chunk = numbers[first : first + _NAMES_AT_ONCE]
                found = names(self._connection, "test", "nodeid", chunk)
            yield from found.values()

    def add_confirm_attempts(self, run_id: str, attempts: Sequence[TestRecord]) -> None:
        """Keep attempts by which tests of a run were run again. Raises NoDataError."""
        with translated(self.place), transaction(self._connection):
            postgresql_write.add_confirm_attempts(
                self._connection, run_id, attempts, numbers=self._numbers, where=self.place
            )

    def confirm_attempts(self, run_id: str) -> tuple[TestRecord, ...]:
        """The attempts by which tests of a run were run again. Raises NoDataError."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_read.confirm_attempts(self._connection, run_id, where=self.place)

    def samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """The tests of each run as columns: last attempt of each, passed only."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_columns.samples(self._connection, run_ids, where=self.place)

    def counters(self, run_id: str, nodeids: Sequence[str] | None = None) -> dict[str, Mapping[str, Count]]:
        """What probes counted in the last attempt of each of these tests that the run has."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_columns.counters(self._connection, run_id, nodeids, where=self.place)

    def benchmarks(self, run_ids: Sequence[str]) -> list[tuple[BenchmarkRecord, ...]]:
        """What benchmarks measured in each run, in the order recorded."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_read.benchmarks(self._connection, run_ids, where=self.place)

    def fixture_samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """Set-up time summed per fixture of each run; a subject is `name (file)`."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_columns.fixture_samples(self._connection, run_ids, where=self.place)

    def collection_samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """Collection time per module of each run, of the slowest worker."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_columns.collection_samples(self._connection, run_ids, where=self.place)

    def history(
        self, nodeid: str, *, project: str | None = None, branch: str | None = None, limit: int = 100
    ) -> list[HistoryPoint]:
        """Runs of one test, newest first, last attempts."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_columns.history(
                self._connection, nodeid, project=project, branch=branch, limit=limit
            )

    def series(
        self, run_ids: Sequence[str], nodeids: Iterable[str], *, project: str | None = None
    ) -> list[RunSamples]:
        """Samples of some tests in each run that is there, in no order within a run."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_columns.series(self._connection, run_ids, nodeids, project=project)

    def alike(self, run_id: str, wall_ns: int, *, most: int) -> list[str]:
        """At most `most` tests that took about `wall_ns` in a run. Raises NoDataError."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_columns.alike(self._connection, run_id, wall_ns, most, where=self.place)

    def failed_attempts(self, run_ids: Sequence[str]) -> list[FailedAttempt]:
        """The attempts of these runs that failed, in the order recorded."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_columns.failed_attempts(self._connection, run_ids)

    def accept(self, steps: Sequence[AcceptedStep], *, project: str) -> None:
        """Keep steps that somebody meant, in one transaction."""
        with translated(self.place), transaction(self._connection):
            postgresql_accepted.accept(self._connection, steps, project=project)

    def accepted(self, *, project: str | None = None) -> list[AcceptedStep]:
        """All accepted steps, in the order accepted."""
        with translated(self.place):
            return postgresql_accepted.accepted(self._connection, project=project)

    def withdraw(self, nodeids: Iterable[str], *, project: str) -> int:
        """Forget the accepted steps of these tests; returns how many there were."""
        with translated(self.place), transaction(self._connection):
            return postgresql_accepted.withdraw(self._connection, nodeids, project=project)

    def write_load(self, stored: StoredLoad) -> None:
        """Keep the result of a load or stress test."""
        with translated(self.place), transaction(self._connection):
            postgresql_load.write_load(self._connection, stored)

    def loads(self, *, project: str, name: str | None = None, limit: int = 100) -> list[StoredLoad]:
        """Results of load and stress tests, newest first."""
        with translated(self.place):
            return postgresql_load.loads(
                self._connection, project=project, name=name, limit=limit, where=self.place
            )

    def write_profiles(self, summaries: Sequence[ProfileSummary], *, project: str) -> None:
        """Keep what profilers saw of tests, in one transaction."""
        with translated(self.place), transaction(self._connection):
            postgresql_profiles.write_profiles(self._connection, summaries, project=project)

    def profiles(self, nodeid: str, *, project: str | None = None, limit: int = 10) -> list[ProfileSummary]:
        """Profiles of one test, newest first."""
        with translated(self.place):
            return postgresql_profiles.profiles(
                self._connection, nodeid, project=project, limit=limit, where=self.place
            )

    def shared_runs(self, old: str, new: str, *, project: str | None = None) -> int:
        """How many runs hold results of a test under both its names, if `old` became `new`."""
        with translated(self.place), snapshot(self._connection):
            return postgresql_rename.shared_runs(self._connection, old, new, project=project)

    def rename(self, old: str, new: str, *, project: str | None = None) -> int:
        """Give the history of `old` to `new`; returns how many tests were renamed."""
        with translated(self.place), lone_transaction(self._connection):
            return postgresql_rename.rename(self._connection, old, new, project=project)

    def prune(self, *, older_than_ns: int | None, keep_bytes: int | None, dry_run: bool) -> list[Removal]:
        """Remove runs started before a moment, then the oldest until the facts are small enough."""
        with translated(self.place):
            if older_than_ns is not None and not dry_run:
                with transaction(self._connection):
                    postgresql_load.forget_loads(self._connection, older_than_ns=older_than_ns)
                    postgresql_profiles.forget_profiles(self._connection, older_than_ns=older_than_ns)
            return postgresql_retention.prune(
                self._connection, older_than_ns=older_than_ns, keep_bytes=keep_bytes, dry_run=dry_run
            )

    def days(self, nodeid: str, *, project: str) -> list[DaySummary]:
        """What is left of the removed runs of a test: one summary per day, oldest first."""
        with translated(self.place):
            return postgresql_days.days(self._connection, nodeid, project=project)

    def suite_days(self, *, project: str) -> list[DaySummary]:
        """What is left of the removed complete runs of a suite: one summary per day, oldest first."""
        with translated(self.place):
            return postgresql_days.suite_days(self._connection, project=project)

    def projects(self) -> list[str]:
        """Names of the projects that have runs, by name."""
        with translated(self.place):
            rows = self._connection.execute(
                "SELECT name FROM project WHERE EXISTS (SELECT 1 FROM run WHERE run.project = project.id)"
            )
            return sorted(from_text(name) for (name,) in rows)

    def put_entry(self, kind: str, name: str, document: str) -> None:
        """Keep a small document of a server under `name`, in the place of what was there."""
        with translated(self.place):
            postgresql_entries.put_entry(self._connection, kind, name, document)

    def entry(self, kind: str, name: str) -> str | None:
        """The document kept under `name`, or None."""
        with translated(self.place):
            return postgresql_entries.entry(self._connection, kind, name)

    def entries(self, kind: str) -> dict[str, str]:
        """All documents of a kind by name."""
        with translated(self.place):
            return postgresql_entries.entries(self._connection, kind)

    def drop_entry(self, kind: str, name: str) -> bool:
        """Forget what is kept under `name`; whether there was anything."""
        with translated(self.place):
            return postgresql_entries.drop_entry(self._connection, kind, name)

    def add_state_change(self, change: StateChange) -> None:
        """Add a line to the log of who changed what."""
        with translated(self.place):
            postgresql_entries.add_state_change(self._connection, change)

    def state_changes(self, *, limit: int) -> list[StateChange]:
        """The newest lines of that log, newest first."""
        with translated(self.place):
            return postgresql_entries.state_changes(self._connection, limit=limit)

    def close(self) -> None:
        """Let go of the store."""
        with translated(self.place):
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
