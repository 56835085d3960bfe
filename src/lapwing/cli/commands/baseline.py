"""Keep a baseline file in git, and see what it holds.

examples:
  lapwing baseline update               from the newest complete run
  lapwing baseline update --runs 5      run the suite five times first (arguments for pytest after --)
  lapwing baseline show
  lapwing baseline export baseline.json
  lapwing baseline import artifacts/
"""

import argparse

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_FAILED, EXIT_OK, ConfigurationError, NoDataError
from lapwing.operations.baseline_files import baseline_state, export_baseline, import_baseline
from lapwing.operations.find_run import BASELINE, find_run
from lapwing.operations.run_suite import run_suite
from lapwing.operations.update_baseline import (
    newest_complete_runs,
    newest_so_far,
    update_from_store,
    written,
)
from lapwing.report.pages.baseline import baseline_dict, baseline_page
from lapwing.units import format_count

_TESTS_FAILED = 1


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing baseline`."""
    parser.set_defaults(action="show", runs=0, yes=False, arguments=[], format="terminal")
    actions = parser.add_subparsers(metavar="update|show|export|import", dest="action")
    update = actions.add_parser("update", help="write the baseline file")
    update.add_argument(
        "--runs", type=positive, default=0, metavar="N", help="run the suite N times and use these runs"
    )
    update.add_argument(
        "--yes",
        action="store_true",
        help="overwrite without asking, even by runs that have only a part of its tests",
    )
    update.add_argument("arguments", nargs="*", metavar="-- PYTEST ARGUMENTS", help="handed to pytest")
    show = actions.add_parser("show", help="print the baseline (default)")
    declare_format(show)
    export = actions.add_parser("export", help="write the baseline to another file")
    export.add_argument("file", metavar="FILE", nargs="?", default="-", help="- is standard output")
    take = actions.add_parser("import", help="take a baseline file, or the newest in a folder of artifacts")
    take.add_argument("path", metavar="PATH")
    take.add_argument("--yes", action="store_true", help="overwrite without asking")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Do what was asked."""
    action = arguments.action or "show"
    if action == "update":
        return _update(arguments, desk)
    if action == "import":
        desk.confirm_overwriting(desk.settings.baseline_file, unasked=arguments.yes)
        baseline, source = import_baseline(desk.settings, arguments.path)
        desk.output.say(f"took the baseline of {format_count(len(baseline.tests), 'test')} from {source}")
        return EXIT_OK
    if action == "export":
        desk.output.write_or_say(export_baseline(desk.settings), arguments.file)
        return EXIT_OK
    return _show(arguments, desk)


def _update(arguments: argparse.Namespace, desk: Desk) -> int:
    settings = desk.settings
    if arguments.arguments and not arguments.runs:
        raise ConfigurationError(
            f"{' '.join(arguments.arguments)} would go to pytest, and without --runs it is not run",
            mend="Add --runs N, or leave it out: then the newest complete run becomes the baseline.",
        )
    desk.confirm_overwriting(settings.baseline_file, unasked=arguments.yes)
    older = newest_so_far(settings, arguments.runs) if arguments.runs else frozenset()
    for number in range(1, arguments.runs + 1):
        desk.output.say_aside(f"run {number} of {arguments.runs}")
        code = run_suite(settings, arguments.arguments, environ=desk.environ, with_store=arguments.store)
        if code not in (EXIT_OK, _TESTS_FAILED):
            desk.output.say_aside(f"pytest ended with {code}; the baseline stays as it is")
            return EXIT_FAILED
    runs = newest_complete_runs(settings, desk.store, max(1, arguments.runs), older=older)
    if len(runs) < arguments.runs:
        raise NoDataError(
            f"{len(runs)} of {arguments.runs} runs are complete", mend="See 'lapwing runs' for the reason."
        )
    updated = update_from_store(settings, desk.store, runs, even_if_partial=arguments.yes)
    desk.output.say(f"{written(settings, updated)} from {format_count(len(runs), 'run')}")
    return EXIT_OK


def _show(arguments: argparse.Namespace, desk: Desk) -> int:
    baseline = find_run(desk.settings, desk.store_if_any, BASELINE).baseline
    assert baseline is not None
    state = baseline_state(desk.settings, desk.store_if_any, baseline)
    if arguments.format == "json":
        desk.output.json(baseline_dict(baseline, state))
    else:
        desk.output.page(baseline_page(baseline, state))
    return EXIT_OK
