"""Show where the suite's time goes over the weeks: suite, folders, categories, tests.

A robust slope (Theil-Sen) in percent a week with its 95% interval, and how often chance alone makes so clear
an order (Mann-Kendall). The speed of the machine is taken out of each run, and its lasting changes
are told by themselves. Sums are over tests that all these runs have. Runs that lie within a week are
compared from run to run instead.

examples:
  lapwing trend
  lapwing trend --limit 100 --branch main
  lapwing trend --format json
"""

import argparse

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.project.moves import DEFAULT_RUNS, read_moves
from lapwing.report.history_documents import moves_dict
from lapwing.report.pages.moves import moves_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing trend`."""
    parser.add_argument(
        "--limit",
        type=positive,
        default=DEFAULT_RUNS,
        metavar="N",
        help=f"over the last N complete runs (default: {DEFAULT_RUNS})",
    )
    parser.add_argument("--branch", metavar="NAME", help="runs of this branch (default: the base branch)")
    parser.add_argument(
        "--most", type=positive, default=10, metavar="N", help="at most N rows of each kind (default: 10)"
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Show the trends."""
    desk.output.progress("reading the runs")
    moves, machine = read_moves(desk.settings, desk.store, limit=arguments.limit, branch=arguments.branch)
    if arguments.format == "json":
        desk.output.json(moves_dict(moves, machine))
    else:
        desk.output.page(moves_page(moves, machine, most=arguments.most))
    return EXIT_OK
