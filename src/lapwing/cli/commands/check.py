"""Judge the newest run: exit code 1 where a test or a sum became slower than the baseline allows.

What cannot be told (too little history, another machine) is said and does not fail.

examples:
  lapwing check
  lapwing check --run latest~1 --severity critical
  lapwing check --format json

Exit codes: 0 nothing broken, 1 something broken, 2 could not judge.
"""

import argparse

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_FOUND, EXIT_OK
from lapwing.model.codec import comparison_dict, run_comparison_dict
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.operations.compare_named import compare_named
from lapwing.operations.find_run import BASELINE
from lapwing.report.pages.changes import by_verdict
from lapwing.report.pages.check import check_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing check`."""
    parser.add_argument("--run", default="latest", metavar="RUN", help="the run to judge (default: latest)")
    parser.add_argument(
        "--severity",
        choices=("warning", "critical"),
        default="warning",
        help="the least severity that fails (default: warning)",
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Judge the run."""
    judgment = compare_named(desk.settings, desk.store, BASELINE, arguments.run).judgment
    failing = (
        {Severity.CRITICAL} if arguments.severity == "critical" else {Severity.WARNING, Severity.CRITICAL}
    )
    sums = [each for each in judgment.suite if each.verdict == ChangeVerdict.REGRESSED]
    broken = [
        each for each in (*by_verdict(judgment, ChangeVerdict.REGRESSED), *sums) if each.severity in failing
    ]
    broken.sort(key=lambda each: -each.ratio)
    if arguments.format == "json":
        document = run_comparison_dict(judgment)
        document["broken"] = [comparison_dict(each) for each in broken]
        desk.output.json(document)
    else:
        threshold = desk.settings.critical_threshold if arguments.severity == "critical" else None
        desk.output.page(
            check_page(
                judgment,
                broken,
                threshold=desk.settings.individual_test_threshold if threshold is None else threshold,
            )
        )
    return EXIT_FOUND if broken else EXIT_OK
