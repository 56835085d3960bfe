"""Run the tests with pytest and record them.

Everything after '--' goes to pytest.

examples:
  lapwing run
  lapwing run -- tests/unit -n 2
  lapwing run --save-results          also write the JSON report files

The exit code is pytest's.
"""

import argparse

from lapwing.cli.desk import Desk
from lapwing.operations.run_suite import run_suite


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing run`."""
    parser.add_argument(
        "--save-results", action="store_true", help="write the JSON report files into the results folder"
    )
    parser.add_argument("arguments", nargs="*", metavar="-- PYTEST ARGUMENTS", help="handed to pytest")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Run pytest."""
    return run_suite(
        desk.settings_untold(),  # pytest tells their faults
        arguments.arguments,
        environ=desk.environ,
        save_results=arguments.save_results,
        with_store=arguments.store,
    )
