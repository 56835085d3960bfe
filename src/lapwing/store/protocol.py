"""What every store can do. One contract suite runs over all of them.

Facts (results of tests, fixtures, collection, benchmarks) and metadata (runs, tests' names,
projects) are written through the same door and kept apart behind it, so that a store of facts
on another system can stand in for one part.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from contextlib import AbstractContextManager
from types import TracebackType
from typing import NamedTuple, Protocol, Self

from lapwing.model.accepted import AcceptedStep
from lapwing.model.day import DaySummary
from lapwing.model.load import StoredLoad
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.profile import ProfileSummary
from lapwing.model.record import Count, FixtureRecord, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.model.series import FailedAttempt, HistoryPoint, RunSamples
from lapwing.model.state_change import StateChange


class RunQuery(NamedTuple):
    """Which runs to list; None and empty mean "any"."""

    project: str | None = None
    package: str | None = None
    branch: str | None = None
    commit: str | None = None  # a full commit id
    machine_class: str | None = None
    is_complete: bool | None = None
    id_prefix: str | None = None
    before_ns: int | None = None  # started before this moment (since the epoch)
    since_ns: int | None = None
    limit: int | None = None


class RunDigest(NamedTuple):
    """A run with the counts that a list of runs shows, without its records."""

    run: Run
    tests: int  # distinct tests
    outcomes: tuple[tuple[str, int], ...]  # outcome of the last attempt -> tests
    worker_ns: int  # sum of all phases of all attempts


class OneTest(NamedTuple):
    """What a run recorded of one test."""

    attempts: tuple[TestRecord, ...]  # in the order recorded
    fixtures: tuple[FixtureRecord, ...]  # that were set up for it, in the order recorded


class Removal(NamedTuple):
    """What retention would remove, or has removed."""

    run_ids: tuple[str, ...]  # oldest first
    results: int
    reason: str  # "older than 90 days", "over 1 GB"


class Store(Protocol):
    """Runs at rest. Every method may raise StoreError."""

    def snapshot(self) -> AbstractContextManager[None]:
        """Read one state of the store in the whole block, whatever others write meanwhile.

        Nothing may be written in it. A snapshot inside of another is that one."""

    def write_run(self, recorded: RecordedRun) -> bool:
        """Keep a run whole, in one transaction. False if a run of that id is there already."""

    def write_run_in_parts(
        self, run: Run, parts: Iterable[Sequence[TestRecord]], rest: Callable[[], RecordedRun]
    ) -> bool:
        """Like `write_run`, for a run that is too large to be held whole.

        `parts` are its results in their order, all attempts of a test in one part. Behind the last of them
        `rest` tells the facts of the run as it ended, and whatever is left to be written; id, project and
        start are those of `run`. What either raises goes on to the caller, and nothing was written."""

    def runs(self, query: RunQuery = RunQuery()) -> list[RunDigest]:
        """Runs that fit `query`, newest first."""

    def run_count(self) -> int:
        """How many runs there are."""

    def stamp(self, *, project: str, of_runs: bool = True) -> str:
        """What changes whenever a run of `project` comes or goes, the first or last one of another, a step
        is accepted or withdrawn, tests are renamed, or the newest run is confirmed; without `of_runs` what
        changes when steps are accepted or withdrawn and tests renamed."""

    def stamp_until(self, started_at_ns: int, *, project: str) -> str:
        """What changes whenever one of the last 400 runs of `project` that started by then comes, goes or is
        confirmed."""

    def read_run(self, run_id: str) -> RecordedRun:
        """A run with all its records, in the order recorded. Raises NoDataError."""

    def one_test(self, run_id: str, nodeid: str) -> OneTest:
        """What a run recorded of one test, without reading the others; empty where it is not in that run.
        Raises NoDataError."""

    def test_names(self, run_id: str) -> Iterator[str]:
        """The tests that a run has, each once and in no order, read from the store as they are asked for:
        what is held meanwhile is a few bytes for each. Raises NoDataError, when called."""

    def add_confirm_attempts(self, run_id: str, attempts: Sequence[TestRecord]) -> None:
        """Keep attempts by which suspects of a run were run again, numbered from 0 downward by round.

        They are evidence about that run: no other method gives them as results of it, and none of them
        becomes part of a baseline. Raises NoDataError."""

    def confirm_attempts(self, run_id: str) -> tuple[TestRecord, ...]:
        """The attempts kept by `add_confirm_attempts`, in the order kept. Raises NoDataError."""

    def samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """The tests of each run as columns: last attempt of each, passed only."""

    def counters(self, run_id: str, nodeids: Sequence[str] | None = None) -> dict[str, Mapping[str, Count]]:
        """What probes counted in the last attempt of each of these tests that the run has, by probe; without
        `nodeids`, of all its tests in which something was counted. Raises NoDataError."""

    def benchmarks(self, run_ids: Sequence[str]) -> list[tuple[BenchmarkRecord, ...]]:
        """What benchmarks measured in each run, in the order recorded. Raises NoDataError."""

    def fixture_samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """Set-up time summed per fixture (name and location) of each run."""

    def collection_samples(self, run_ids: Sequence[str]) -> list[RunSamples]:
        """Collection time per module of each run, of the slowest worker."""

    def history(
        self, nodeid: str, *, project: str | None = None, branch: str | None = None, limit: int = 100
    ) -> list[HistoryPoint]:
        """Runs of one test, newest first, last attempts; only those on `branch`, or on none that is known,
        where one is named."""

    def series(
        self, run_ids: Sequence[str], nodeids: Iterable[str], *, project: str | None = None
    ) -> list[RunSamples]:
        """Samples of some tests in each run that is there, in no order within a run: like `samples`,
        without reading the other tests."""

    def alike(self, run_id: str, wall_ns: int, *, most: int) -> list[str]:
        """At most `most` tests that took about `wall_ns` in a run, last attempts that passed: of the
        nearest by ratio those that `series` reads quickly. Raises NoDataError."""

    def failed_attempts(self, run_ids: Sequence[str]) -> list[FailedAttempt]:
        """The attempts of these runs that failed, in the order recorded."""

    def accept(self, steps: Sequence[AcceptedStep], *, project: str) -> None:
        """Keep steps that somebody meant, in one transaction."""

    def accepted(self, *, project: str | None = None) -> list[AcceptedStep]:
        """All accepted steps, in the order accepted."""

    def withdraw(self, nodeids: Iterable[str], *, project: str) -> int:
        """Forget the accepted steps of these tests. Returns how many there were."""

    def shared_runs(self, old: str, new: str, *, project: str | None = None) -> int:
        """How many runs hold results of a test under both its names, if `old` became `new`."""

    def rename(self, old: str, new: str, *, project: str | None = None) -> int:
        """Give the history of `old` to `new`: a node id, or the beginning of many that ends at
        a `/`, `::` or `[`. Where `new` has runs already, both histories become one.
        Returns how many tests were renamed."""

    def write_load(self, stored: StoredLoad) -> None:
        """Keep the result of a load or stress test."""

    def loads(self, *, project: str, name: str | None = None, limit: int = 100) -> list[StoredLoad]:
        """Results of load and stress tests of `project`, of one `name` or all, newest first."""

    def write_profiles(self, summaries: Sequence[ProfileSummary], *, project: str) -> None:
        """Keep what profilers saw of tests, in one transaction."""

    def profiles(self, nodeid: str, *, project: str | None = None, limit: int = 10) -> list[ProfileSummary]:
        """Profiles of one test, newest first."""

    def prune(self, *, older_than_ns: int | None, keep_bytes: int | None, dry_run: bool) -> list[Removal]:
        """Remove runs started before a moment, then the oldest until the store is small enough.

        Results of load tests and profiles that started before that moment go with them. Of the runs
        their sums by day stay: see `days`."""

    def days(self, nodeid: str, *, project: str) -> list[DaySummary]:
        """What is left of the removed runs of a test: one summary per day, oldest first."""

    def suite_days(self, *, project: str) -> list[DaySummary]:
        """What is left of the removed complete runs of a suite: one summary per day, oldest first."""

    def projects(self) -> list[str]:
        """Names of the projects that have runs, by name."""

    def put_entry(self, kind: str, name: str, document: str) -> None:
        """Keep a small document of a server under `name`, in the place of what was there."""

    def entry(self, kind: str, name: str) -> str | None:
        """The document kept under `name`, or None."""

    def entries(self, kind: str) -> dict[str, str]:
        """All documents of a kind by name."""

    def drop_entry(self, kind: str, name: str) -> bool:
        """Forget what is kept under `name`; whether there was anything."""

    def add_state_change(self, change: StateChange) -> None:
        """Add a line to the log of who changed what."""

    def state_changes(self, *, limit: int) -> list[StateChange]:
        """The newest lines of that log, newest first."""

    def close(self) -> None:
        """Let go of the store."""

    def __enter__(self) -> Self: ...

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None: ...
