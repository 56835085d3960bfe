"""Set a project up: configuration, .gitignore, test requirements.

Looks at the project, shows what it would write as a diff, and asks. Nothing that is there is
overwritten, and a second time changes nothing, but for deadlines: they are proposed when a run is
recorded in which every test ends in time. Where nobody can be asked (no terminal), it only
shows; --yes writes without asking. The exit code is 0 whether or not something was written, 2
where something cannot be.

examples:
  lapwing init                     look, show, ask
  lapwing init --dry-run           look and show
  lapwing init --yes --make        write, and add the performance targets to the Makefile
  lapwing init --scripts --checklist
  lapwing init --ci github         also workflows that record, compare, comment and hold releases back
"""

import argparse
from collections.abc import Sequence
from pathlib import Path

from lapwing.cli.desk import Desk
from lapwing.cli.output import Output, confirms
from lapwing.errors import EXIT_OK
from lapwing.operations.init_project import SetupPlan, Wishes, apply_setup, plan_setup
from lapwing.report.render.unified_diff import render_diff
from lapwing.units import format_count

_MOST_NAMES = 3


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing init`."""
    parser.add_argument("--make", action="store_true", help="also the performance targets of the Makefile")
    parser.add_argument("--scripts", action="store_true", help="also thin scripts that call the commands")
    parser.add_argument(
        "--checklist", action="store_true", help="also a review checklist in the pull-request template"
    )
    parser.add_argument(
        "--ci", choices=("github", "gitlab"), help="also the pipeline that watches the tests' performance"
    )
    whether = parser.add_mutually_exclusive_group()
    whether.add_argument("--yes", action="store_true", help="write without asking")
    whether.add_argument("--dry-run", action="store_true", help="only show what would be written")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Show, ask, write."""
    wishes = Wishes(
        make=arguments.make,
        scripts=arguments.scripts,
        checklist=arguments.checklist,
        ci=arguments.ci or "",
    )
    plan = plan_setup(desk.settings, wishes)
    _show(plan, desk.output)
    if not plan.edits:
        desk.output.say("Already set up: nothing to write.")
        return EXIT_OK
    if arguments.dry_run or not (arguments.yes or _agreed(desk.output)):
        desk.output.say("Nothing was written.")
        if not arguments.dry_run:
            desk.output.say("To write it: the same command with --yes")
        return EXIT_OK
    apply_setup(plan)
    desk.output.say(f"Wrote {', '.join(edit.path for edit in plan.edits)}.")
    place = "" if Path.cwd().is_relative_to(plan.root) else f", in {plan.root}"
    desk.output.say(f"Next{place}: {plan.record}, then: lapwing report")
    return EXIT_OK


def _show(plan: SetupPlan, output: Output) -> None:
    shape = plan.shape
    files = format_count(shape.test_files, "test file")
    tests = f"{files} in {_few(shape.test_paths)}" if shape.test_files else ""
    config = f"pytest configured in {shape.pytest_config}" if shape.pytest_config else ""
    ci = f"CI in {_few(shape.ci_files)}" if shape.ci_files else ""
    found = "; ".join(each for each in (tests or "no test files", config, ci) if each)
    output.say(f"Looked at {plan.root}: {found}.")
    for edit in plan.edits:
        output.text("\n" + render_diff(edit.path, edit.before, edit.after))
    if plan.edits or plan.notes:
        output.say("")
    for note in plan.notes:
        for line in note.splitlines():
            output.say(line)


def _few(names: Sequence[str]) -> str:
    more = f" and {len(names) - _MOST_NAMES} more" if len(names) > _MOST_NAMES else ""
    return ", ".join(names[:_MOST_NAMES]) + more


def _agreed(output: Output) -> bool:
    output.flush()
    return output.is_terminal and confirms("Write this?")
