"""Keep a test's history when it was renamed or moved.

OLD and NEW are node ids, or the beginnings of many: a folder ('tests/old/'), a file
('tests/test_old.py::'), a class ('tests/test_a.py::TestOld::'), a parametrized test
('tests/test_a.py::test_old['). Where NEW has runs already, both histories become one; where a run holds
both, they are two tests, and --merge is needed. The baseline file is changed with it.

examples:
  lapwing rename tests/test_a.py::test_old tests/test_a.py::test_new
  lapwing rename tests/test_old.py:: tests/unit/test_new.py::
"""

import argparse

from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.rename_tests import rename_tests
from lapwing.units import format_count


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing rename`."""
    parser.add_argument("old", metavar="OLD", help="the name so far")
    parser.add_argument("new", metavar="NEW", help="the name from now on")
    parser.add_argument(
        "--merge",
        action="store_true",
        help="also where runs hold tests of both names; that of NEW counts there",
    )


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Rename."""
    renamed = rename_tests(
        desk.settings, desk.store_if_any, arguments.old, arguments.new, may_merge=arguments.merge
    )
    desk.output.say(f"renamed {format_count(renamed.in_store, 'test')}")
    if renamed.in_baseline:
        count = format_count(renamed.in_baseline, "test")
        desk.output.say(f"renamed {count} in {desk.settings.baseline_file}, too")
    return EXIT_OK
