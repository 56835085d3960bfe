"""Take reports of other tools in as one run: the tests they tell become its records, part by part."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from functools import lru_cache
from pathlib import Path
from typing import Final

from lapwing.config.categories import category_of
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.ingest.to_run import benchmarks_of, records_of
from lapwing.model.read_test import ReadFile
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.model.value import Value
from lapwing.operations.category_path import category_path
from lapwing.operations.reports_at_rest import ReportsAtRest
from lapwing.operations.tally_reports import RunningTally, Tally
from lapwing.record.run_facts import begin_run
from lapwing.record.run_id import new_run_id
from lapwing.store.open_store import open_store
from lapwing.store.protocol import Store

_PART: Final = 8_192
"""Results that are written together, or a few more."""

OnTests = Callable[[int], object]
"""Told of how many more were stored, now and then."""


class CommandFacts(Value):
    """The command that wrote the reports, where Lapwing ran it itself."""

    command: tuple[str, ...]
    started_at_ns: int
    duration_ns: int
    exit_status: int


class StoredReports(Value):
    """What reports told, stored as a run."""

    run: Run
    tally: Tally


def store_reports(
    settings: Settings,
    read: ReportsAtRest,
    *,
    environ: Mapping[str, str],
    command: CommandFacts | None = None,
    on_tests: OnTests | None = None,
) -> StoredReports:
    """Keep what was read as one run. Raises NoDataError where there is no test, StoreError."""
    run = run_of(settings, read, environ=environ, command=command)
    with open_store(settings.store, create=True) as store:
        _, stored = write_reports(settings, store, run, read, on_tests=on_tests)
    return stored


def run_of(
    settings: Settings,
    read: ReportsAtRest,
    *,
    environ: Mapping[str, str],
    command: CommandFacts | None = None,
) -> Run:
    """The run that the reports tell of; without a command its duration is not known yet.

    Raises NoDataError where they tell of no test. Revision, machine and CI job are those of here and now:
    take reports in where they were written.
    """
    files = read.files
    if not read.holds_tests:
        raise NoDataError(
            "the reports hold no test",
            mend="See what was found in them with: lapwing ingest --dry-run PATH",
        )
    facts = begin_run(settings, command=(), workers=0, distribution="no", environ=environ)
    start = command.started_at_ns if command is not None else read.started_at_ns
    if start is None:
        start = _newest_change(files) or facts.started_at_ns
    lost = any(file.lost_tests for file in files)
    run = facts._replace(
        run_id=new_run_id(start),
        started_at_ns=start,
        duration_ns=0,
        runner=", ".join(sorted({file.tool or file.format for file in files if file.tests})) or "reports",
        python="",
        implementation="",
        packages={},
        load_average=None,
        is_complete=not lost,
        why_incomplete="a report broke off" if lost else "",
    )
    if command is not None:
        run = run._replace(
            command=command.command, duration_ns=command.duration_ns, exit_status=command.exit_status
        )
    return run


def write_reports(
    settings: Settings, store: Store, run: Run, read: ReportsAtRest, *, on_tests: OnTests | None = None
) -> tuple[bool, StoredReports]:
    """Keep what was read as `run`, part by part, and count it. False if a run of that id is there already.

    Without a command of its own the run takes as long as its tests did. Raises StoreError.
    """
    tally = RunningTally()
    spent = _Spent()

    def parts() -> Iterator[Sequence[TestRecord]]:
        categories = _category_finder(settings)
        part: list[TestRecord] = []
        for whole in read.by_name():
            attempts = 0
            for named in whole:
                tally.add(named)
                made = records_of(
                    named, categories, run_start_ns=run.started_at_ns, first_attempt=attempts + 1
                )
                attempts = made[-1].attempt if made else attempts
                part += made
            if len(part) >= _PART:
                spent.add(part)
                yield part
                if on_tests is not None:
                    on_tests(len(part))
                part = []
        spent.add(part)
        yield part

    def rest() -> RecordedRun:
        benchmarks = benchmarks_of(read.each()) if read.has_benchmarks else ()
        ended = run if run.command else run._replace(duration_ns=spent.duration_ns)
        return RecordedRun(run=ended, benchmarks=benchmarks)

    is_new = store.write_run_in_parts(run, parts(), rest)
    return is_new, StoredReports(run, tally.made(read.files))


class _Spent:
    """From the start of the first test to the end of the last where starts are told, else the sum."""

    def __init__(self) -> None:
        self._sum_ns = 0
        self._end_ns = 0
        self._has_starts = False

    @property
    def duration_ns(self) -> int:
        """Over all that was added."""
        return self._end_ns if self._has_starts else self._sum_ns

    def add(self, records: Iterable[TestRecord]) -> None:
        """Take in `records`."""
        for record in records:
            took = record.duration_ns or 0
            self._sum_ns += took
            self._end_ns = max(self._end_ns, record.start_ns + took)
            self._has_starts = self._has_starts or bool(record.start_ns)


def _category_finder(settings: Settings) -> Callable[[str, Iterable[str]], str]:
    remembered = lru_cache(maxsize=4096)(lambda path, tags: category_of(path, tags, settings.categories))
    return lambda nodeid, tags: remembered(category_path(nodeid), tuple(tags))


def _newest_change(files: Iterable[ReadFile]) -> int | None:
    """When the newest of the files was written, None for standard input alone."""
    places = [Path(file.path) for file in files if file.is_report]
    return max((place.stat().st_mtime_ns for place in places if place.is_file()), default=None)
