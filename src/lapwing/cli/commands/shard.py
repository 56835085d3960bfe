"""Split the suite into shards that take the same time.

By recorded time, the longest test first into the emptiest shard; the longest shard is never more than
4/3 of the least that any split could reach, and is told against it. A test without a recorded time counts as
the median of its category. Tests that belong to groups of pytest-xdist stay together.
'pytest --shard 2/5' runs a shard of what pytest collects, and knows groups by name.

examples:
  lapwing shard --shards 5            how the tests of the newest complete run are split
  lapwing shard --shards 5 --only 2   the names of the second shard, one a line
  go test ./... -list . | lapwing shard --shards 3 --only 1 --tests -
  lapwing shard --shards 5 --stable --format json

Every machine must split by the same times: share the store, the baseline file, or a file written by
'lapwing durations --format pytest-split'. The plan's digest tells whether they do.
"""

import argparse
import sys
from pathlib import Path

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.cli.output import STANDARD_OUTPUT
from lapwing.errors import EXIT_OK, ConfigurationError
from lapwing.operations.shard import read_names, shard_recorded
from lapwing.report.advice_documents import shards_dict
from lapwing.report.pages.shard import shard_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing shard`."""
    parser.add_argument("--shards", type=positive, required=True, metavar="N", help="into how many parts")
    parser.add_argument(
        "--only", type=positive, metavar="K", help="print the names of the K-th shard, one a line"
    )
    parser.add_argument(
        "--tests", metavar="FILE", help="split the names in this file (-: standard input), one a line"
    )
    parser.add_argument("--times", metavar="FILE", help="take times from this file of pytest-split's form")
    parser.add_argument(
        "--stable", action="store_true", help="keep tests in their shard when times change a little"
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Split it."""
    if arguments.only is not None and arguments.only > arguments.shards:
        raise ConfigurationError(
            f"there is no shard {arguments.only} of {arguments.shards}",
            where="--only",
            mend=f"Shards are numbered from 1 to {arguments.shards}.",
        )
    plan = shard_recorded(
        desk.settings,
        desk.store_if_any,
        arguments.shards,
        is_stable=arguments.stable,
        names=_names(arguments.tests),
        times=None if arguments.times is None else Path(arguments.times),
    )
    if arguments.format == "json":
        desk.output.json(shards_dict(plan))
    elif arguments.only is not None:
        for name in plan.shards[arguments.only - 1].tests:
            desk.output.say(name)
    else:
        desk.output.page(shard_page(plan))
    return EXIT_OK


def _names(source: str | None) -> list[str] | None:
    if source is None:
        return None
    if source == STANDARD_OUTPUT:  # the same sign for standard input
        return [line.rstrip("\r\n") for line in sys.stdin if line.strip()]
    return read_names(Path(source))
