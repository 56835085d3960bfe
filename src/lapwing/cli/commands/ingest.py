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
from collections.abc import Iterable, Iterator

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.cli.json_document import write_document
from lapwing.cli.progress import Progress
from lapwing.errors import EXIT_FAILED, EXIT_FOUND, EXIT_OK
from lapwing.model.codec import FORMAT_VERSION
from lapwing.model.read_codec import read_files_list, read_test_dict
from lapwing.model.read_test import ReadFile
from lapwing.operations.ingest_reports import ReadReports, read_all, store_reports, tests_of
from lapwing.operations.read_reports import Report, reports
from lapwing.operations.tally_reports import Tally, tally, tally_of
from lapwing.report.pages.ingest import ingest_page, last_line


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing ingest`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="reports: files, folders, globs, or -")
    parser.add_argument("--dry-run", action="store_true", help="say what was read, store nothing")
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Read, store unless told otherwise, and say what was read."""
    with Progress(desk.output) as progress:
        found = reports(
            arguments.paths,
            standard_input=sys.stdin.buffer,
            on_bytes=progress.add,
            root=desk.settings.root,
        )
        if arguments.dry_run and arguments.format == "json":
            return _list(found, desk)
        if arguments.dry_run:
            counted = tally(found)
            read = None
        else:
            read = read_all(found)
            counted = tally_of(read)
    stored_as = ""
    if read is not None and not arguments.dry_run and read.tests:
        stored_as = store_reports(desk.settings, read, environ=desk.environ).run_id
    if read is not None and arguments.format == "json":
        desk.output.json(_document(read, stored_as))
    else:
        desk.output.page(ingest_page(counted.files, counted.outcomes, counted.slowest, stored_as=stored_as))
        desk.output.say(last_line(counted.files, is_terminal=desk.output.is_terminal))
    return _exit_code(counted)


def _list(found: Iterable[Report], desk: Desk) -> int:
    """Print what is read report by report: no more than the tests of one are held at a time."""
    files: list[ReadFile] = []
    has_tests = False

    def tests() -> Iterator[dict[str, object]]:
        nonlocal has_tests
        for report in found:
            for named in tests_of(report):
                has_tests = has_tests or not named.test.is_parent
                yield read_test_dict(named.nodeid, named.test)
            files.append(report.facts())

    head = {"format_version": FORMAT_VERSION, "run_id": None}
    write_document(desk.output, head, "tests", tests(), lambda: {"files": read_files_list(files)})
    if not has_tests:
        return EXIT_FAILED
    return EXIT_FOUND if any(file.lost_tests for file in files) else EXIT_OK


def _document(read: ReadReports, stored_as: str) -> dict[str, object]:
    return {
        "format_version": FORMAT_VERSION,
        "run_id": stored_as or None,
        "tests": [read_test_dict(named.nodeid, named.test) for named in read.tests],
        "files": read_files_list(read.files),
    }


def _exit_code(counted: Tally) -> int:
    if not counted.outcomes:
        return EXIT_FAILED
    return EXIT_FOUND if any(file.lost_tests for file in counted.files) else EXIT_OK
