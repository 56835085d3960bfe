"""Run one test under a profiler, and show its hot lines, your own code first.

NODEID is a test's name, or a part of it that no other recorded test has. The test runs alone in a process of
its own: with set-up and tear-down, and with the fixtures of wider scope that it needs. A flame graph is
written as a page that opens offline, and for speedscope; a summary is kept with the test's history.

pyinstrument shows where wall time goes and hardly slows the test; memray shows who holds memory when most of
it is in use; cProfile counts every call. Everything after '--' goes to pytest.

examples:
  lapwing profile tests/test_shop.py::test_pay
  lapwing profile test_pay --memory
  lapwing profile test_pay --cprofile --output profiles/
  lapwing profile test_pay --format json
  lapwing profile test_pay -- -p no:randomly
"""

import argparse
import sys
from pathlib import Path

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.model.profile import ProfilerName
from lapwing.model.profile_codec import summary_dict
from lapwing.operations.profile_one import profile_one
from lapwing.report.pages.profile import profile_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing profile`."""
    parser.add_argument("nodeid", metavar="NODEID", help="a test, or a part of its name")
    which = parser.add_mutually_exclusive_group()
    which.add_argument("--memory", action="store_true", help="memory in use, with memray")
    which.add_argument("--cprofile", action="store_true", help="every call counted, with cProfile")
    parser.add_argument(
        "--output", metavar="DIR", help="write the files here (default: below .lapwing/profiles)"
    )
    parser.add_argument(
        "--most", type=positive, default=10, metavar="N", help="at most N lines and functions (default: 10)"
    )
    parser.add_argument("arguments", nargs="*", metavar="-- ARGUMENTS", help="handed to pytest")
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Run it, show it."""
    profiler = ProfilerName.PYINSTRUMENT
    if arguments.memory:
        profiler = ProfilerName.MEMRAY
    elif arguments.cprofile:
        profiler = ProfilerName.CPROFILE
    desk.output.progress(f"running {arguments.nodeid} under {profiler.value}")
    summary = profile_one(
        desk.settings,
        desk.store_or_new,
        arguments.nodeid,
        profiler,
        python=sys.executable,
        arguments=arguments.arguments,
        into=Path(arguments.output).absolute() if arguments.output else None,
        environ=desk.environ,
    )
    if arguments.format == "json":
        desk.output.json(summary_dict(summary))
    else:
        desk.output.page(profile_page(summary, most=arguments.most))
    return EXIT_OK
