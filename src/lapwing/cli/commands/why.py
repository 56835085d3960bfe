"""Tell where the time of a run went, by cause.

All workers together: start-up, collection and imports, fixtures by name, calls, tear-down, pytest
itself, workers without a test to run. The time of tests again by what was done in it: computing,
sleeping, waiting for child processes, a database, the network or a processor; the rest is called
unexplained. Then the worker that ended last, and what still ran while others had nothing left to do.

examples:
  lapwing why                         the newest run
  lapwing why 0192f3a1 --most 20      more fixtures and modules
  lapwing why --format json
  lapwing why --imports               collect once more: which imports take long, and who asked first
"""

import argparse

from lapwing.cli.choices import declare_format, declare_run, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.why import why_of
from lapwing.report.advice_documents import imports_dict, why_dict
from lapwing.report.pages.why import why_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing why`."""
    declare_run(parser, may_be_baseline=False)
    parser.add_argument(
        "--most", type=positive, default=10, metavar="N", help="at most N fixtures and modules (default: 10)"
    )
    parser.add_argument(
        "--imports",
        action="store_true",
        help="instead: collect the suite in a process of its own and tell its slowest imports",
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Tell it."""
    if arguments.imports:
        return _tell_imports(arguments, desk)
    answer = why_of(desk.settings, desk.store, arguments.run, most=arguments.most)
    if arguments.format == "json":
        desk.output.json(why_dict(answer.recorded.run, answer.why))
    else:
        desk.output.page(why_page(answer.recorded.run, answer.why, arguments.most))
    return EXIT_OK


def _tell_imports(arguments: argparse.Namespace, desk: Desk) -> int:
    from lapwing.operations.import_times import import_times
    from lapwing.report.pages.imports import imports_page

    costs = import_times(desk.settings, (), environ=desk.environ)
    if arguments.format == "json":
        desk.output.json(imports_dict(costs))
    else:
        desk.output.page(imports_page(costs, arguments.most))
    return EXIT_OK
