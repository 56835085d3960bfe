"""Take in the reports of any test runner as a run.

PATH is a file, a folder, a glob, or - for standard input. Formats are told by content, gzip
included: JUnit XML of every dialect and the reports of many tools besides; other files in a
folder are named and passed over. All reports of one command make one run, which then has a
history, can be compared and be judged like one that Lapwing recorded.

examples:
  lapwing ingest build/test-results
  lapwing ingest 'reports/**/*.xml'
  lapwing ingest --dry-run junit.xml              only say what is in it
  lapwing ingest --dry-run --format json junit.xml
  gunzip -c old.xml.gz | lapwing ingest -

The exit code is 1 if a report broke off and tests may be missing, 2 if there is no test at all.
"""

import argparse
import sys
from collections.abc import Iterator, Sequence
from contextlib import ExitStack

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.cli.json_document import write_document
from lapwing.cli.progress import Progress
from lapwing.errors import EXIT_FAILED, EXIT_FOUND, EXIT_OK
from lapwing.model.codec import FORMAT_VERSION
from lapwing.model.read_codec import read_files_list, read_test_dict
from lapwing.model.read_test import ReadFile
from lapwing.operations.ingest_reports import store_reports
from lapwing.operations.read_reports import Report, reports
from lapwing.operations.reports_at_rest import ReportsAtRest
from lapwing.operations.tally_reports import Tally, tally
from lapwing.report.pages.ingest import ingest_page, last_line


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing ingest`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="reports: files, folders, globs, or -")
    parser.add_argument("--dry-run", action="store_true", help="say what was read, store nothing")
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Read, store unless told otherwise, and say what was read."""
    if arguments.dry_run and arguments.format != "json":
        with Progress(desk.output) as progress:
            counted = tally(_found(arguments, desk, progress))
        return _say(counted, "", desk)
    with ExitStack() as held:
        stored = None
        with Progress(desk.output) as progress:
            read = held.enter_context(ReportsAtRest(_found(arguments, desk, progress)))
            if read.holds_tests and not arguments.dry_run:
                stored = store_reports(desk.settings, read, environ=desk.environ, on_tests=progress.add_tests)
        stored_as = "" if stored is None else stored.run.run_id
        if arguments.format == "json":
            return _list(read, stored_as, desk)
        return _say(Tally(read.files) if stored is None else stored.tally, stored_as, desk)


def _found(arguments: argparse.Namespace, desk: Desk, progress: Progress) -> Iterator[Report]:
    return reports(
        arguments.paths,
        standard_input=sys.stdin.buffer,
        on_bytes=progress.add,
        root=desk.settings.root,
    )


def _say(counted: Tally, stored_as: str, desk: Desk) -> int:
    desk.output.page(ingest_page(counted.files, counted.outcomes, counted.slowest, stored_as=stored_as))
    desk.output.say(last_line(counted.files, is_terminal=desk.output.is_terminal))
    return _exit_code(counted.files, has_tests=bool(counted.outcomes))


def _list(read: ReportsAtRest, stored_as: str, desk: Desk) -> int:
    """Print what was read test by test."""
    files = read.files
    write_document(
        desk.output,
        {"format_version": FORMAT_VERSION, "run_id": stored_as or None},
        "tests",
        (read_test_dict(named.nodeid, named.test) for named in read.each()),
        lambda: {"files": read_files_list(files)},
    )
    return _exit_code(files, has_tests=read.holds_tests)


def _exit_code(files: Sequence[ReadFile], *, has_tests: bool) -> int:
    if not has_tests:
        return EXIT_FAILED
    return EXIT_FOUND if any(file.lost_tests for file in files) else EXIT_OK
