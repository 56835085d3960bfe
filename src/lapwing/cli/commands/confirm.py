"""Run tests of two commits in turn, so that the machine cancels out: is it really slower?

Side A is another commit, checked out into a git worktree that is removed at the end; side B is the
checkout as it is, uncommitted changes included. Nothing of the checkout is touched. Benchmarks are compared
in place of the tests that measure them. Without NODEID the tests are asked that look slower in the newest
run, and only whether they are slower by their threshold (20% by default).

Each pair takes a fresh process per side, in the order A B B A or B A A B. The first look comes after
10 pairs; until the answer is clear there are more, up to 40, unless it would hardly become clear. However
many looks there are, a test that did not change is called changed at most 2% of the time (1% by each clock).

examples:
  lapwing confirm                                    the suspects, against the base branch
  lapwing confirm --against HEAD~1 tests/test_api.py::test_list
  lapwing confirm --against v2.1 --prepare 'pip install -e .' tests/unit
  lapwing confirm --python .venv/bin/python --format json

Exit code 1 where a test is slower, 0 where none surely is, 2 where nothing could be compared.
"""

import argparse

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.cli.paired_choices import declare_paired, how_to_run
from lapwing.errors import EXIT_FAILED, EXIT_FOUND, EXIT_OK
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.paired_codec import confirmation_dict
from lapwing.operations.confirm import confirm
from lapwing.operations.confirm_suspects import suspects_of
from lapwing.report.pages.paired import confirmation_page


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing confirm`."""
    parser.add_argument(
        "nodeids",
        nargs="*",
        metavar="NODEID",
        help="a test, or a file or class of them (default: what looks slower in the newest run)",
    )
    parser.add_argument(
        "--against",
        metavar="REF",
        help="commit of side A (default: where this branch left the base branch)",
    )
    declare_paired(parser)
    declare_format(parser, "markdown")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Compare the two sides."""
    how = how_to_run(arguments)
    suspects = {} if arguments.nodeids else suspects_of(desk.settings, desk.store)
    names = arguments.nodeids or list(suspects)
    if not names:
        desk.output.say("nothing looks slower in the newest run; name tests to compare them all the same")
        return EXIT_OK
    found = confirm(
        desk.settings,
        names,
        against=arguments.against,
        how=how,
        environ=desk.environ,
        progress=desk.output.progress,
        suspects=suspects,
    )
    if arguments.format == "json":
        desk.output.json(confirmation_dict(found))
    elif arguments.format == "markdown":
        from lapwing.report.render.markdown import render_markdown

        desk.output.text(render_markdown(confirmation_page(found)))
    else:
        desk.output.page(confirmation_page(found))
    if found.verdict is ChangeVerdict.REGRESSED:
        return EXIT_FOUND
    return EXIT_OK if found.pairs else EXIT_FAILED
