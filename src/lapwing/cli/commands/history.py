"""Show one test over its runs: a chart with its steps, and between which commits they happened.

NODEID is a test's name, or a part of it that no other test has. The speed of the machine is taken out:
what all tests did at once was the machine. Steps are told from six runs on, and only where chance
hardly explains them; a test that comes and goes between two times is called bimodal instead.

With --benchmark NODEID is a benchmark: its name, its test or script, or a part of both. A benchmark's value
in a run is the median of its samples.

examples:
  lapwing history tests/test_shop.py::test_pay
  lapwing history test_pay --limit 300 --metric cpu
  lapwing history test_pay --runs 20          the newest 20 runs as a table, too
  lapwing history test_pay --format json
  lapwing history parse --benchmark
  lapwing history parse --benchmark --metric requests_per_second
"""

import argparse

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, ConfigurationError
from lapwing.model.history import SubjectHistory
from lapwing.operations.find_test import find_test
from lapwing.operations.read_benchmark_history import read_benchmark_history
from lapwing.operations.read_history import DEFAULT_RUNS, METRICS, read_history
from lapwing.report.history_documents import subject_history_dict
from lapwing.report.pages.subject_history import subject_history_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing history`."""
    parser.add_argument("nodeid", metavar="NODEID", help="a test, or a part of its name")
    parser.add_argument(
        "--benchmark", action="store_true", help="look at a benchmark, not at the test around it"
    )
    parser.add_argument(
        "--metric",
        default=METRICS[0],
        metavar="METRIC",
        help=f"what to look at: {', '.join(METRICS)}, or of a benchmark what it measured (default: wall)",
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
    history = _benchmark_history(arguments, desk) if arguments.benchmark else _test_history(arguments, desk)
    if arguments.format == "json":
        desk.output.json(subject_history_dict(history))
    else:
        desk.output.page(subject_history_page(history, most=arguments.runs, width=desk.output.width))
    return EXIT_OK


def _test_history(arguments: argparse.Namespace, desk: Desk) -> SubjectHistory:
    settings, store = desk.settings, desk.store
    if arguments.metric not in METRICS:
        raise ConfigurationError(
            f"tests have no metric {arguments.metric!r}",
            where="--metric",
            mend=f"Choose one of {', '.join(METRICS)}, or add --benchmark.",
        )
    nodeid = find_test(store, arguments.nodeid, project=settings.project)
    desk.output.progress(f"reading the runs of {nodeid}")
    return read_history(
        settings, store, nodeid, metric=arguments.metric, limit=arguments.limit, branch=arguments.branch
    )


def _benchmark_history(arguments: argparse.Namespace, desk: Desk) -> SubjectHistory:
    desk.output.progress("reading the benchmarks of all runs")
    return read_benchmark_history(
        desk.settings,
        desk.store,
        arguments.nodeid,
        metric=arguments.metric,
        limit=arguments.limit,
        branch=arguments.branch,
    )
