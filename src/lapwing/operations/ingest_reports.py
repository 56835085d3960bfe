"""Take reports of other tools in as one run: the tests they tell become its records."""

from collections.abc import Callable, Iterable, Mapping
from functools import lru_cache
from pathlib import Path

from lapwing.config.categories import category_of
from lapwing.config.settings import Settings
from lapwing.errors import NoDataError
from lapwing.ingest.reader import HISTORY_ID
from lapwing.ingest.to_run import NamedTest, benchmarks_of, named_tests, records_of
from lapwing.model.read_test import ReadFile
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.model.value import Value
from lapwing.operations.category_path import category_path
from lapwing.operations.read_reports import Report
from lapwing.record.run_facts import begin_run
from lapwing.record.run_id import new_run_id
from lapwing.store.open_store import open_store


class ReadReports(Value):
    """All that some reports say."""

    tests: tuple[NamedTest, ...]
    files: tuple[ReadFile, ...]
    started_at_ns: int | None = None  # the earliest moment told

    @property
    def count(self) -> int:
        """Tests that count: leaves, each once."""
        return sum(file.tests for file in self.files)


class CommandFacts(Value):
    """The command that wrote the reports, where Lapwing ran it itself."""

    command: tuple[str, ...]
    started_at_ns: int
    duration_ns: int
    exit_status: int


def tests_of(report: Report) -> list[NamedTest]:
    """The tests of one report, attempts put together; afterwards its facts are known."""
    entries = list(report.entries())  # before its tool is asked for: reading tells it
    return named_tests(entries, report.tool)


def read_all(reports: Iterable[Report]) -> ReadReports:
    """Everything in `reports`, in memory."""
    tests: list[NamedTest] = []
    files: list[ReadFile] = []
    starts: list[int] = []
    for report in reports:
        named = tests_of(report)
        tests += named
        files.append(report.facts())
        starts += [each.test.start_ns for each in named if each.test.start_ns is not None]
        if report.started_at_ns is not None:
            starts.append(report.started_at_ns)
    return ReadReports(tuple(tests), tuple(files), min(starts, default=None))


def store_reports(
    settings: Settings,
    read: ReadReports,
    *,
    environ: Mapping[str, str],
    command: CommandFacts | None = None,
) -> Run:
    """Keep what was read as one run, and return it. Raises NoDataError where there is no test, StoreError."""
    recorded = run_of(settings, read, environ=environ, command=command)
    with open_store(settings.store, create=True) as store:
        store.write_run(recorded)
    return recorded.run


def run_of(
    settings: Settings,
    read: ReadReports,
    *,
    environ: Mapping[str, str],
    command: CommandFacts | None = None,
) -> RecordedRun:
    """The run that the reports tell of. Raises NoDataError where they tell of no test.

    Revision, machine and CI job are those of here and now: take reports in where they were written.
    """
    facts = begin_run(settings, command=(), workers=0, distribution="no", environ=environ)
    start = command.started_at_ns if command is not None else read.started_at_ns
    if start is None:
        start = _newest_change(read.files) or facts.started_at_ns
    tests = _records(settings, read.tests, start)
    benchmarks = benchmarks_of(read.tests)
    if not tests and not benchmarks:
        raise NoDataError(
            "the reports hold no test",
            mend="See what was found in them with: lapwing ingest --dry-run PATH",
        )
    lost = any(file.lost_tests for file in read.files)
    run = facts._replace(
        run_id=new_run_id(start),
        started_at_ns=start,
        duration_ns=_duration_ns(tests),
        runner=", ".join(sorted({file.tool or file.format for file in read.files if file.tests}))
        or "reports",
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
    return RecordedRun(run=run, tests=tuple(tests), benchmarks=benchmarks)


def _records(settings: Settings, tests: Iterable[NamedTest], start_ns: int) -> list[TestRecord]:
    """The records of all leaves; a test of one name in several reports counts its attempts on."""
    categories = _category_finder(settings)
    attempts: dict[str, int] = {}
    records: list[TestRecord] = []
    for named in _attempts_in_order(tests):
        first = attempts.get(named.nodeid, 0) + 1
        made = records_of(named, categories, run_start_ns=start_ns, first_attempt=first)
        if made:
            attempts[named.nodeid] = made[-1].attempt
        records += made
    return records


def _attempts_in_order(tests: Iterable[NamedTest]) -> list[NamedTest]:
    """`tests` with those that have a file per attempt (Allure's) by their starts: the last one is judged."""
    listed = list(tests)
    apart = [named for named in listed if _has_file_of_its_own(named)]
    if not apart:
        return listed
    apart.sort(key=lambda named: named.test.start_ns or 0)
    return [*(named for named in listed if not _has_file_of_its_own(named)), *apart]


def _has_file_of_its_own(named: NamedTest) -> bool:
    return any(name == HISTORY_ID for name, _ in named.test.properties)


def _category_finder(settings: Settings) -> Callable[[str, Iterable[str]], str]:
    remembered = lru_cache(maxsize=4096)(lambda path, tags: category_of(path, tags, settings.categories))
    return lambda nodeid, tags: remembered(category_path(nodeid), tuple(tags))


def _duration_ns(tests: Iterable[TestRecord]) -> int:
    """From the start of the first to the end of the last where starts are told, else the sum."""
    records = list(tests)
    total = sum(record.duration_ns or 0 for record in records)
    if any(record.start_ns for record in records):
        return max(record.start_ns + (record.duration_ns or 0) for record in records)
    return total


def _newest_change(files: Iterable[ReadFile]) -> int | None:
    """When the newest of the files was written, None for standard input alone."""
    places = [Path(file.path) for file in files if file.is_report]
    return max((place.stat().st_mtime_ns for place in places if place.is_file()), default=None)
