"""Judge the newest run: exit code 1 where a test or a sum became slower than the baseline allows.

What cannot be told (too little history, another machine) is said and fails nothing: the verdict is
"cannot tell", the exit code 0.

examples:
  lapwing check
  lapwing check --run latest~1 --severity critical
  lapwing check --format json

Exit codes: 0 nothing surely slower, 1 something slower, 2 no run or no baseline.
"""

import argparse
from collections.abc import Mapping
from functools import partial

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_FOUND, EXIT_OK
from lapwing.model.codec import comparison_dict, run_comparison_dict
from lapwing.model.comparison import ChangeVerdict, Comparison, Severity
from lapwing.model.decisive import is_decisive
from lapwing.model.metric import CATEGORY_WALL, GROUP_WALL, SUITE_WALL, WALL
from lapwing.model.thresholds import ChangeThresholds
from lapwing.operations.compare_named import compare_named
from lapwing.operations.find_run import BASELINE
from lapwing.report.pages.changes import by_verdict
from lapwing.report.pages.check import check_page
from lapwing.units import format_change, format_duration


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
    compared = compare_named(desk.settings, desk.store, BASELINE, arguments.run)
    judgment = compared.judgment
    failing = (
        {Severity.CRITICAL} if arguments.severity == "critical" else {Severity.WARNING, Severity.CRITICAL}
    )
    sums = filter(is_decisive, judgment.suite)
    broken = [
        each for each in (*by_verdict(judgment, ChangeVerdict.REGRESSED), *sums) if each.severity in failing
    ]
    broken.sort(key=lambda each: -each.ratio)
    if arguments.format == "json":
        document = run_comparison_dict(judgment)
        document["passed"] = not broken
        document["severity"] = arguments.severity
        document["broken"] = [comparison_dict(each) for each in broken]
        desk.output.json(document)
    else:
        limit_of = partial(
            _limit,
            thresholds=desk.settings.change_thresholds,
            by_hand=compared.limits_by_hand,
            is_critical=arguments.severity == "critical",
        )
        desk.output.page(check_page(judgment, broken, limit_of=limit_of))
    return EXIT_FOUND if broken else EXIT_OK


def _limit(
    comparison: Comparison, *, thresholds: ChangeThresholds, by_hand: Mapping[str, int], is_critical: bool
) -> str:
    """Over what a comparison is: a limit set by hand, else a share of the baseline."""
    if comparison.metric == WALL.name and comparison.nodeid in by_hand:
        return f"{format_duration(by_hand[comparison.nodeid])} by hand"
    if comparison.metric in (SUITE_WALL.name, GROUP_WALL.name, CATEGORY_WALL.name):
        share = thresholds.suite_critical if is_critical else thresholds.suite_warning
    else:
        share = thresholds.critical if is_critical else thresholds.warning
    return format_change(1 + share)
