"""Judge the reports of any test runner: which tests are over the limit of their category?

PATH is a file, a folder, a glob, or - for standard input; every known format is read (see 'lapwing
ingest'). It needs no configuration, no history and no network. The category of a test is told by the
report, by --category, by the configuration, or by words in the path of the test or its report.

examples:
  lapwing audit build/test-results
  lapwing audit --threshold 10 'reports/**/*.xml'        one limit, in seconds, for every test
  lapwing audit --category integration='**/it/**' target/surefire-reports
  lapwing audit --output slow-tests.txt junit.xml        also write 'name: 12.3s' lines
  lapwing audit --expect 1500 reports                    fail if fewer tests are there
  lapwing audit --expect tests.txt reports               fail if one of these names is not there
  lapwing audit --format github reports                  annotations, and the page in the job's summary

Exit codes: 0 all within their limits; 1 a limit is broken, an expected test is missing or a report
broke off; 2 there is no test at all.
"""

import argparse
import sys

from lapwing.cli.choices import declare_format
from lapwing.cli.ci_forms import GATE_FORMS, show_audit_for_ci
from lapwing.cli.desk import Desk
from lapwing.cli.progress import Progress
from lapwing.errors import EXIT_FAILED, EXIT_FOUND, EXIT_OK, ConfigurationError
from lapwing.model.audit import Audit, Vanished, audit_dict
from lapwing.operations.audit import AuditWish, audit
from lapwing.operations.read_reports import reports
from lapwing.operations.roll_call import RollCall, read_names
from lapwing.report.harmless import harmless
from lapwing.report.pages.audit import audit_page, slow_test_line
from lapwing.units import format_count, parse_duration


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing audit`."""
    parser.add_argument("paths", nargs="+", metavar="PATH", help="reports: files, folders, globs, or -")
    parser.add_argument(
        "--threshold", type=_seconds, metavar="SECONDS", help="one limit for every test, such as 10 or 500ms"
    )
    parser.add_argument(
        "--category",
        action="append",
        default=[],
        metavar="NAME[=GLOB]",
        help="NAME=GLOB puts the tests of these files into a category; NAME alone judges only its tests",
    )
    parser.add_argument("--marker", metavar="NAME", help="only tests with this marker or tag")
    parser.add_argument("--output", metavar="FILE", help="write the slow tests, one per line; - for here")
    parser.add_argument("--expect", metavar="N|FILE", help="how many tests must be there, or which")
    declare_format(parser, "markdown", *GATE_FORMS)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Read, judge, and say who is too slow."""
    wish = _wish(arguments)
    roll_call = _roll_call(arguments.expect, desk)
    with Progress(desk.output) as progress:
        found = reports(
            arguments.paths,
            standard_input=sys.stdin.buffer,
            on_bytes=progress.add,
            root=desk.settings.root,
        )
        answer = audit(desk.settings, found, wish, roll_call if roll_call.expects_any else None)
    answer = _counted(answer, arguments.expect)
    _show(answer, arguments, desk)
    if not answer.tests:
        return EXIT_FAILED
    return EXIT_FOUND if answer.is_broken else EXIT_OK


def _show(answer: Audit, arguments: argparse.Namespace, desk: Desk) -> None:
    page = audit_page(answer, is_terminal=desk.output.is_terminal)
    if arguments.output is not None:
        lines = "".join(f"{harmless(slow_test_line(test))}\n" for test in answer.failures)
        desk.output.write_or_say(lines, arguments.output)
    if arguments.format == "json":
        desk.output.json(audit_dict(answer))
    elif arguments.format in GATE_FORMS:
        show_audit_for_ci(answer, page, arguments.format, desk)
    elif arguments.format == "markdown":
        from lapwing.report.render.markdown import render_markdown

        desk.output.text(render_markdown(page))
    else:
        desk.output.page(page)


def _wish(arguments: argparse.Namespace) -> AuditWish:
    globs: dict[str, tuple[str, ...]] = {}
    only = None
    for word in arguments.category:
        name, is_glob, pattern = word.partition("=")
        name = name.strip()
        if is_glob:
            globs[name] = (*globs.get(name, ()), pattern)
        else:
            only = name
    return AuditWish(
        places=tuple(arguments.paths),
        threshold_ns=arguments.threshold,
        globs=globs,
        marker=arguments.marker,
        category=only,
    )


def _roll_call(expected: str | None, desk: Desk) -> RollCall:
    """Who must be there: those of a file, and those that earlier runs of the same runner had."""
    roll_call = RollCall()
    if expected is not None and not expected.isdigit():
        roll_call.expect_names(read_names(expected), expected)
    store = desk.store_if_any
    if store is not None:
        roll_call.expect_history(desk.settings, store)
    return roll_call


def _counted(answer: Audit, expected: str | None) -> Audit:
    """With what is missing of a number of tests."""
    if expected is None or not expected.isdigit() or answer.tests >= int(expected):
        return answer
    what = f"expected {format_count(int(expected), 'test')}, read {answer.tests:,}"
    return answer._replace(vanished=(*answer.vanished, Vanished((), what, is_failure=True)))


def _seconds(text: str) -> int:
    """Nanoseconds of a limit; a bare number is seconds. Raises ArgumentTypeError."""
    try:
        return parse_duration(text, bare_unit="s")
    except ConfigurationError as error:
        raise argparse.ArgumentTypeError(error.what) from error
