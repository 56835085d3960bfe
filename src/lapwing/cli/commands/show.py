"""Show one run: every test's time by phase, its fixtures, its collection.

examples:
  lapwing show                        the newest run, incomplete ones included
  lapwing show latest~1 --sort cpu
  lapwing show 0192f3a1 --test 'tests/test_api.py*'
  lapwing show --format json > run.json
"""

import argparse
import fnmatch

from lapwing.cli.choices import declare_format, declare_run, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, NoDataError
from lapwing.model.codec import recorded_run_dict
from lapwing.model.record import TestRecord
from lapwing.model.run import RecordedRun
from lapwing.operations.find_run import find_run
from lapwing.operations.load_store import loads_as_of
from lapwing.operations.read_run import records_of, time_use
from lapwing.report.pages.show import ORDERS, show_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing show`."""
    declare_run(parser)
    parser.add_argument("--sort", choices=tuple(ORDERS), default="time", help="order of the tests")
    parser.add_argument(
        "--limit", type=positive, default=30, metavar="N", help="at most N tests (default: 30)"
    )
    parser.add_argument("--test", metavar="PATTERN", help="only tests whose node id fits this pattern")
    parser.add_argument("--marker", metavar="NAME", help="only tests with this marker")
    parser.add_argument("--category", metavar="NAME", help="only tests of this category")
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Show the run."""
    found = find_run(desk.settings, desk.store, arguments.run)
    recorded = _filtered(records_of(desk.store, found), arguments)
    if arguments.format == "json":
        desk.output.json(recorded_run_dict(recorded))
    else:
        store = desk.store_if_any if found.run is not None else None
        loads = () if store is None else loads_as_of(store, recorded.run)
        page = show_page(
            recorded, time_use(recorded), order=arguments.sort, most=arguments.limit, loads=loads
        )
        desk.output.page(page)
    return EXIT_OK


def _filtered(recorded: RecordedRun, arguments: argparse.Namespace) -> RecordedRun:
    """The run with only the tests asked for. Raises NoDataError where none is left."""
    if not (arguments.test or arguments.marker or arguments.category):
        return recorded
    tests = tuple(record for record in recorded.tests if _fits(record, arguments))
    if not tests:
        raise NoDataError("no test of this run fits", mend=_wider(arguments.test or ""))
    return recorded._replace(tests=tests)


def _wider(pattern: str) -> str:
    if pattern and not any(sign in pattern for sign in "*?["):
        return f"--test is a pattern for whole node ids: '*{pattern}*' finds a part of one."
    return "Widen --test, --marker or --category."


def _fits(record: TestRecord, arguments: argparse.Namespace) -> bool:
    pattern = arguments.test
    return (
        (pattern is None or record.nodeid == pattern or fnmatch.fnmatchcase(record.nodeid, pattern))
        and (arguments.marker is None or arguments.marker in record.markers)
        and (arguments.category is None or record.category == arguments.category)
    )
