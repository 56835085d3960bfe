"""Make a badge for a README: what is slower, budgets, the suite's time, slow tests.

svg is a picture to be kept beside the README or served from an artifact; shields is the JSON that
https://img.shields.io/endpoint?url=... draws a badge from. A project without a run gets a badge that
says "no data".

examples:
  lapwing badge --output badge.svg                          regressions of the newest run
  lapwing badge --kind time --output docs/test-time.svg
  lapwing badge --kind budgets --format shields --output public/budgets.json
  lapwing badge latest~1 --label "nightly"

Exit codes: 0 made, 2 there is no such run.
"""

import argparse

from lapwing.cli.choices import declare_run
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.model.badge import BadgeKind
from lapwing.operations.badge import badge
from lapwing.report.render.badge import badge_shields, badge_svg


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing badge`."""
    declare_run(parser, may_be_baseline=False)
    parser.add_argument(
        "--kind",
        choices=tuple(BadgeKind),
        type=BadgeKind,
        default=BadgeKind.REGRESSIONS,
        help="what it tells (default: %(default)s)",
    )
    parser.add_argument("--format", choices=("svg", "shields"), default="svg", help="form of the badge")
    parser.add_argument("--label", default="", metavar="TEXT", help="words on its left side")
    parser.add_argument("--output", metavar="FILE", help="write to FILE; - is standard output")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Make it."""
    made = badge(desk.settings, desk.store_if_any, arguments.run, arguments.kind, label=arguments.label)
    text = badge_svg(made) if arguments.format == "svg" else badge_shields(made)
    desk.output.write_or_say(text, arguments.output)
    return EXIT_OK
