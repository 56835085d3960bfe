"""Keep a test's history when it was renamed or moved.

OLD and NEW are node ids, or the beginnings of many: a folder ('tests/old/'), a file
('tests/test_old.py::'), a class ('tests/test_a.py::TestOld::'), a parametrized test
('tests/test_a.py::test_old['). Where NEW has runs already, both histories become one.

examples:
  lapwing rename tests/test_a.py::test_old tests/test_a.py::test_new
  lapwing rename tests/test_old.py:: tests/unit/test_new.py::
"""

import argparse

from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, NoDataError


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing rename`."""
    parser.add_argument("old", metavar="OLD", help="the name so far")
    parser.add_argument("new", metavar="NEW", help="the name from now on")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Rename."""
    renamed = desk.store.rename(arguments.old, arguments.new, project=desk.settings.project)
    if not renamed:
        raise NoDataError(
            f"no recorded test is called {arguments.old!r} or begins with it",
            mend="'lapwing show' lists the tests of a run; a folder ends with /, a file or class with ::",
        )
    desk.output.say(f"renamed {renamed} test{'s' if renamed != 1 else ''}")
    return EXIT_OK
