"""See how far limits are used, and find ones that fit: first limits, or tighter ones after gains.

The last whole runs of the base branch tell. Of each test the 95th percentile over these runs counts,
so that one bad run sets no limit; a limit fits if the highest of its tests keeps it with some
headroom, and is a round number. 'suggest' proposes limits where only built-in ones hold, 'tighten'
lower ones where a gain has lasted over all these runs. Both show the change of pyproject.toml as a
diff and write it with --write only; nothing is ever made wider.

examples:
  lapwing budget                       every limit, and how much of it is used
  lapwing budget suggest               first limits for a suite that has none
  lapwing budget tighten --runs 20
  lapwing budget tighten --headroom 100 --write
"""

import argparse
from typing import Final

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, ConfigurationError
from lapwing.model.budget_use import BudgetUses, budget_uses_dict
from lapwing.operations.budget_edits import budget_edits, write_budgets
from lapwing.operations.budget_use import DEFAULT_RUNS, HEADROOM, budget_uses, suggested, tightened
from lapwing.operations.init.file_edit import FileEdit
from lapwing.report.pages.budget import budget_page
from lapwing.report.render.unified_diff import render_diff
from lapwing.units import parse_percent

_SHOW: Final = "show"


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing budget`."""
    parser.set_defaults(action=_SHOW, runs=DEFAULT_RUNS, headroom=HEADROOM, write=False, format="terminal")
    actions = parser.add_subparsers(metavar="show|suggest|tighten", dest="action")
    _declare(actions.add_parser(_SHOW, help="print limits and their use (default)"))
    for name, told in (
        ("suggest", "propose first limits where only built-in ones hold"),
        ("tighten", "propose lower limits where a gain has lasted"),
    ):
        action = actions.add_parser(name, help=told)
        _declare(action)
        action.add_argument(
            "--headroom",
            type=_share,
            default=HEADROOM,
            metavar="PERCENT",
            help=f"how far over what was taken a limit has to be (default: {HEADROOM:.0%})".replace(
                "%", "%%"
            ),
        )
        action.add_argument("--write", action="store_true", help="write pyproject.toml")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Show, and write what was asked for."""
    uses = _asked(arguments, desk)
    edits, by_hand = budget_edits(desk.settings, uses)
    diff = "".join(render_diff(edit.path, edit.before, edit.after) for edit in edits)
    uses = uses._replace(notes=(*uses.notes, *by_hand))
    if arguments.format == "json":
        desk.output.json(budget_uses_dict(uses, diff))
    else:
        desk.output.page(budget_page(uses, hints=_hints(arguments, edits)))
        if diff:
            desk.output.text(f"\n{diff}")
    if edits and arguments.write:
        write_budgets(desk.settings, edits)
        desk.output.say_aside(f"wrote {edits[0].path}")
    return EXIT_OK


def _declare(parser: argparse.ArgumentParser) -> None:
    parser.add_argument(
        "--runs",
        type=positive,
        default=DEFAULT_RUNS,
        metavar="N",
        help=f"how many runs to look at (default: {DEFAULT_RUNS})",
    )
    declare_format(parser)


def _asked(arguments: argparse.Namespace, desk: Desk) -> BudgetUses:
    uses = budget_uses(desk.settings, desk.store, most_runs=arguments.runs)
    if arguments.action == "suggest":
        return suggested(uses, headroom=arguments.headroom)
    if arguments.action == "tighten":
        return tightened(desk.settings, uses, headroom=arguments.headroom)
    return uses


def _hints(arguments: argparse.Namespace, edits: tuple[FileEdit, ...]) -> tuple[str, ...]:
    if arguments.action in (None, _SHOW):
        return ("First limits: lapwing budget suggest. Tighter ones after gains: lapwing budget tighten.",)
    if edits and not arguments.write:
        return ("To write it: the same command with --write",)
    return ()


def _share(text: str) -> float:
    """The share in a percentage, as the type of an argument. Raises ArgumentTypeError."""
    try:
        return parse_percent(text)
    except ConfigurationError as error:
        raise argparse.ArgumentTypeError(error.what) from error
