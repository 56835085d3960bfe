"""Arguments of the verbs that run two sides in turn."""

import argparse
import shlex
import sys
from typing import Final

from lapwing.cli.choices import positive
from lapwing.model.paired_design import MOST_PAIRS, NEGLIGIBLE, PAIRS, Design
from lapwing.operations.confirm import HowToRun
from lapwing.units import NS_PER_S, parse_duration, parse_percent

_TIMEOUT: Final = "10min"


def declare_paired(parser: argparse.ArgumentParser) -> None:
    """How the sides are run, and how long."""
    run = parser.add_argument_group("how to run the tests")
    run.add_argument(
        "--python",
        default=sys.executable,
        metavar="PATH",
        help="interpreter that runs them (default: this one)",
    )
    run.add_argument(
        "--prepare",
        default="",
        metavar="COMMAND",
        help="shell command run in each tree that is checked out, in an environment of its own on top of "
        "yours, such as 'pip install -e .'",
    )
    run.add_argument(
        "--copy",
        action="append",
        default=[],
        metavar="GLOB",
        help="untracked files that a fresh tree needs, too, relative to the top of the repository; may be "
        "given several times",
    )
    run.add_argument(
        "--pytest-args", default="", metavar="TEXT", help="more arguments for pytest, as one text"
    )
    run.add_argument(
        "--timeout",
        default=_TIMEOUT,
        metavar="TIME",
        help="end a process that takes longer (default: %(default)s)",
    )
    sure = parser.add_argument_group("how sure to be")
    sure.add_argument(
        "--pairs",
        type=positive,
        default=PAIRS,
        metavar="N",
        help="pairs of processes before the first look at the evidence (default: %(default)s)",
    )
    sure.add_argument(
        "--max-pairs",
        type=positive,
        default=MOST_PAIRS,
        metavar="N",
        help="give up to be clearer after so many (default: %(default)s)",
    )
    sure.add_argument(
        "--threshold",
        default=f"{NEGLIGIBLE:.0%}",
        metavar="PERCENT",
        help="change that does not count yet (default: %(default)s)".replace(
            "%(default)s", f"{NEGLIGIBLE:.0%}%"
        ),
    )


def how_to_run(arguments: argparse.Namespace) -> HowToRun:
    """What was said. Raises ConfigurationError."""
    return HowToRun(
        python=arguments.python,
        prepare=arguments.prepare,
        copy=tuple(arguments.copy),
        arguments=tuple(shlex.split(arguments.pytest_args)),
        timeout_s=parse_duration(arguments.timeout, where="--timeout") / NS_PER_S,
        design=Design(
            pairs=arguments.pairs,
            most_pairs=max(arguments.pairs, arguments.max_pairs),
            negligible=parse_percent(arguments.threshold, where="--threshold"),
        ),
    )
