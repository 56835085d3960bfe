"""Find the commit that made a test slower.

Commits between a good one and a bad one are checked out into git worktrees and measured against
the good one in pairs of fresh processes, as 'lapwing confirm' does it. The checkout is not
touched: unlike 'git bisect' this may run in the middle of your work. Commits in which the test does not
run are skipped. Of a merge both sides are searched; with --first-parent the merge itself is named.

examples:
  lapwing bisect tests/test_api.py::test_list --good v2.1
  lapwing bisect tests/test_api.py::test_list --good HEAD~50 --bad HEAD~3 --first-parent
  lapwing bisect tests/test_api.py::test_list --good v2.1 --prepare 'pip install -e .' --format json

Exit code 1 where the commit (or the few that are left) was found, 0 where the test is not slower in the
bad one, 2 where that cannot be told.
"""

import argparse

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.cli.paired_choices import declare_paired, how_to_run
from lapwing.errors import EXIT_FAILED, EXIT_FOUND, EXIT_OK
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.paired_codec import bisection_dict
from lapwing.operations.bisect import bisect
from lapwing.report.pages.bisect import bisection_page, step_line


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing bisect`."""
    parser.add_argument("nodeid", metavar="NODEID", help="the test")
    parser.add_argument("--good", required=True, metavar="REF", help="a commit in which it was fast")
    parser.add_argument(
        "--bad", default="HEAD", metavar="REF", help="a commit in which it is slow (default: HEAD)"
    )
    parser.add_argument("--first-parent", action="store_true", help="search only the first parents of merges")
    declare_paired(parser)
    declare_format(parser, "markdown")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Search."""
    found = bisect(
        desk.settings,
        arguments.nodeid,
        good=arguments.good,
        bad=arguments.bad,
        first_parent_only=arguments.first_parent,
        how=how_to_run(arguments),
        environ=desk.environ,
        progress=desk.output.progress,
        tell=lambda step: desk.output.say_aside(step_line(step)),
    )
    if arguments.format == "json":
        desk.output.json(bisection_dict(found))
    elif arguments.format == "markdown":
        from lapwing.report.render.markdown import render_markdown

        desk.output.text(render_markdown(bisection_page(found)))
    else:
        desk.output.page(bisection_page(found))
    if found.candidates:
        return EXIT_FOUND
    is_not_slower = found.whole.verdict in (ChangeVerdict.UNCHANGED, ChangeVerdict.IMPROVED)
    return EXIT_OK if is_not_slower else EXIT_FAILED
