"""Show one test over its runs: a chart with its steps, and between which commits they happened.

NODEID is a test's name, or a part of it that no other test has. The speed of the machine is taken out:
what all tests did at once was the machine. Steps are told from six runs on, and only where chance
hardly explains them; a test that comes and goes between two times is called bimodal instead.

examples:
  lapwing history tests/test_shop.py::test_pay
  lapwing history test_pay --limit 300 --metric cpu
  lapwing history test_pay --runs 20          the newest 20 runs as a table, too
  lapwing history test_pay --format json
"""

import argparse

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.find_test import find_test
from lapwing.operations.read_history import DEFAULT_RUNS, METRICS, read_history
from lapwing.report.history_documents import subject_history_dict
from lapwing.report.pages.subject_history import subject_history_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing history`."""
    parser.add_argument("nodeid", metavar="NODEID", help="a test, or a part of its name")
    parser.add_argument(
        "--metric", choices=METRICS, default=METRICS[0], help="what to look at (default: wall)"
    )
    parser.add_argument(
        "--limit",
        type=positive,
        default=DEFAULT_RUNS,
        metavar="N",
        help=f"look at the last N runs (default: {DEFAULT_RUNS})",
    )
    parser.add_argument("--branch", metavar="NAME", help="runs of this branch (default: the base branch)")
    parser.add_argument(
        "--runs", type=positive, default=0, metavar="N", help="list the newest N runs, too (default: none)"
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Show the history."""
    settings, store = desk.settings, desk.store
    nodeid = find_test(store, arguments.nodeid, project=settings.project)
    desk.output.progress(f"reading the runs of {nodeid}")
    history = read_history(
        settings, store, nodeid, metric=arguments.metric, limit=arguments.limit, branch=arguments.branch
    )
    if arguments.format == "json":
        desk.output.json(subject_history_dict(history))
    else:
        desk.output.page(subject_history_page(history, most=arguments.runs, width=desk.output.width))
    return EXIT_OK
