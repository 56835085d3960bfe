"""Print how long each test takes, by median over recorded runs.

The last five complete runs of each test count; where nothing is recorded, the baseline file. With
--format pytest-split it is the file .test_durations as pytest-split reads and writes it: seconds by node
id, sorted, fit for git. 'pytest --shard' and 'lapwing shard --times' take such a file, too.

examples:
  lapwing durations
  lapwing durations --format pytest-split --output .test_durations
  lapwing durations --format json
"""

import argparse

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, NoDataError
from lapwing.operations.recorded_times import recorded_times
from lapwing.report.advice_documents import durations_dict, pytest_split_text
from lapwing.report.pages.shard import durations_page

_PYTEST_SPLIT = "pytest-split"


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing durations`."""
    parser.add_argument(
        "--limit", type=positive, default=30, metavar="N", help="at most N tests on the page (default: 30)"
    )
    parser.add_argument("--output", metavar="FILE", help="write pytest-split's form to this file")
    declare_format(parser, _PYTEST_SPLIT)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Print them."""
    known = recorded_times(desk.settings, desk.store_if_any)
    if not known.tests:
        raise NoDataError("no test has a recorded time", mend="Record one with: pytest --track-performance")
    if arguments.format == _PYTEST_SPLIT:
        desk.output.write_or_say(pytest_split_text(known), arguments.output)
    elif arguments.format == "json":
        desk.output.json(durations_dict(known))
    else:
        desk.output.page(durations_page(known, arguments.limit))
    return EXIT_OK
