"""List flaky tests: in outcome, and in time.

In outcome: failed and passed on one commit, or failed and then passed when run again. The rate is that
of failures over the commits on which the test can pass, with its 95% interval. In time: two modes (a
cache that is there or not), or single runs of over three times the level. The machine is taken out.

examples:
  lapwing flaky
  lapwing flaky --limit 200          look at the times of the last 200 runs
  lapwing flaky --format json

Exit codes: 0 none is flaky in outcome, 1 some are, 2 no run is recorded.
"""

import argparse

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_FOUND, EXIT_OK
from lapwing.operations.find_flaky import DEFAULT_RUNS, find_flaky
from lapwing.report.history_documents import stability_dict
from lapwing.report.pages.flaky import flaky_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing flaky`."""
    parser.add_argument(
        "--limit",
        type=positive,
        default=DEFAULT_RUNS,
        metavar="N",
        help=f"times over the last N complete runs, outcomes over 4 N runs (default: {DEFAULT_RUNS})",
    )
    parser.add_argument(
        "--most", type=positive, default=20, metavar="N", help="at most N tests of each kind (default: 20)"
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """List them."""
    desk.output.progress("reading the runs")
    stability = find_flaky(desk.settings, desk.store, limit=arguments.limit)
    if arguments.format == "json":
        desk.output.json(stability_dict(stability))
    else:
        desk.output.page(flaky_page(stability, arguments.most))
    return EXIT_FOUND if stability.outcomes else EXIT_OK
