"""Simulate the suite with other workers, distributions, fixtures.

From the recorded times of one run: tests, fixtures by scope, start-up of workers, and the order in which
pytest-xdist hands tests out. The floor is what no distribution of these units beats: the longest test,
file or group, or everything divided evenly. Tests that compute share the processors of the machine.

examples:
  lapwing what-if --workers 2,4,8
  lapwing what-if --workers 0,4 --dist load,worksteal,loadfile     0: one process, without pytest-xdist
  lapwing what-if --workers 4 --drop 'tests/e2e/*' --drop slow_import
  lapwing what-if --workers 4 --fixture-scope db=session --fixture-scope server=module
  lapwing what-if 0192f3a1 --workers 4 --format json
"""

import argparse

from lapwing.cli.choices import declare_format, declare_run
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.what_if import what_if_of
from lapwing.report.advice_documents import what_if_dict
from lapwing.report.pages.what_if import what_if_page

_MODES = "load,worksteal,loadscope,loadfile,loadgroup"


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing what-if`."""
    declare_run(parser, may_be_baseline=False)
    parser.add_argument(
        "--workers", type=_counts, default=(0, 2, 4, 8), metavar="N,...", help="numbers of workers (0,2,4,8)"
    )
    parser.add_argument(
        "--dist",
        type=_words,
        default=_words(_MODES),
        metavar="MODE,...",
        help=f"modes of distribution (default: {_MODES}; also lapwing, the longest first)",
    )
    parser.add_argument(
        "--drop",
        action="append",
        default=[],
        metavar="PATTERN",
        help="leave out tests like this; may be repeated",
    )
    parser.add_argument(
        "--fixture-scope",
        action="append",
        default=[],
        type=_scope,
        metavar="NAME=SCOPE",
        help="as if the fixture had this scope; may be repeated",
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Simulate."""
    answer = what_if_of(
        desk.settings,
        desk.store,
        arguments.run,
        workers=arguments.workers,
        modes=arguments.dist,
        drop=arguments.drop,
        scopes=dict(arguments.fixture_scope),
    )
    if arguments.format == "json":
        desk.output.json(what_if_dict(answer))
    else:
        desk.output.page(what_if_page(answer))
    return EXIT_OK


def _counts(text: str) -> tuple[int, ...]:
    try:
        return tuple(int(word) for word in text.split(","))
    except ValueError as error:
        raise argparse.ArgumentTypeError(f"{text!r} is not a list such as 2,4,8") from error


def _words(text: str) -> tuple[str, ...]:
    return tuple(word.strip() for word in text.split(","))


def _scope(text: str) -> tuple[str, str]:
    name, equals, scope = text.partition("=")
    if not (name and equals and scope):
        raise argparse.ArgumentTypeError(f"{text!r} is not NAME=SCOPE, such as db=session")
    return name, scope
