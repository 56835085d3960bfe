"""Tell where the time of a run went, by cause.

All workers together: start-up, collection and imports, fixtures by name, calls, tear-down, pytest
itself, workers without a test to run. The time of tests again by what was done in it: computing,
sleeping, waiting for child processes, a database, the network or a processor; the rest is called
unexplained. Then the worker that ended last, and what still ran while others had nothing left to do.

examples:
  lapwing why                         the newest run
  lapwing why 0192f3a1 --most 20      more fixtures and modules
  lapwing why --format json
"""

import argparse

from lapwing.cli.choices import declare_format, declare_run, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.why import why_of
from lapwing.report.advice_documents import why_dict
from lapwing.report.pages.why import why_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing why`."""
    declare_run(parser, may_be_baseline=False)
    parser.add_argument(
        "--most", type=positive, default=10, metavar="N", help="at most N fixtures and modules (default: 10)"
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Tell it."""
    answer = why_of(desk.settings, desk.store, arguments.run, most=arguments.most)
    if arguments.format == "json":
        desk.output.json(why_dict(answer.recorded.run, answer.why))
    else:
        desk.output.page(why_page(answer.recorded.run, answer.why))
    return EXIT_OK
