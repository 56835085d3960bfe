"""Accept a slowdown that is meant: the baseline of the test begins there.

The last step in the test's history is accepted; one that is too young to be seen there, from the
newest run on. The step is kept with your reason and name, and 'lapwing check' compares with the runs since.
Benchmarks are accepted with the test that measures them, by its name or theirs.
An entry in the baseline file moves to the new level, to be committed with the change. Improvements
need no acceptance: the baseline follows one that lasted five runs.

examples:
  lapwing accept tests/test_shop.py::test_pay --reason "pays by card now"
  lapwing accept 'tests/api/*' --reason "new client"
  lapwing accept --all --reason "Python 3.14"        all tests that the check calls slower
  lapwing accept test_pay --from latest~2            from that run on
  lapwing accept --list
  lapwing accept test_pay --withdraw
"""

import argparse

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, ConfigurationError
from lapwing.operations.accept_steps import Wish, accept_steps, withdraw_steps
from lapwing.report.history_documents import accepted_dict
from lapwing.report.pages.accepted import accepted_page, newly_accepted_page
from lapwing.units import format_count


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing accept`."""
    parser.add_argument(
        "nodeids",
        metavar="NODEID",
        nargs="*",
        help="a test, a part of its name, a benchmark in it, or a glob",
    )
    parser.add_argument("--all", action="store_true", help="every test that 'lapwing check' calls slower")
    parser.add_argument("--reason", default="", metavar="TEXT", help="why it is meant")
    parser.add_argument("--by", metavar="NAME", help="who accepts it (default: as git signs commits)")
    parser.add_argument("--from", dest="from_run", metavar="RUN", help="the first run of the new level")
    parser.add_argument("--list", action="store_true", help="list what was accepted")
    parser.add_argument("--withdraw", action="store_true", help="forget what was accepted of these tests")
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Accept, list or withdraw."""
    settings, store = desk.settings, desk.store
    if arguments.list:
        steps = store.accepted(project=settings.project)
        if arguments.format == "json":
            desk.output.json(accepted_dict(steps))
        else:
            desk.output.page(accepted_page(steps))
        return EXIT_OK
    if not arguments.nodeids and not arguments.all:
        raise ConfigurationError("no test is named", where="accept", mend="Name a test, or write --all.")
    if arguments.withdraw:
        count = withdraw_steps(settings, store, arguments.nodeids)
        desk.output.say(f"withdrew {format_count(count, 'accepted step')}")
        return EXIT_OK
    wish = Wish(
        patterns=tuple(arguments.nodeids),
        all_slower=arguments.all,
        from_run=arguments.from_run,
        reason=arguments.reason,
        by=arguments.by,
    )
    accepted = accept_steps(settings, store, wish)
    if arguments.format == "json":
        desk.output.json(accepted_dict(accepted.steps))
    else:
        desk.output.page(
            newly_accepted_page(
                accepted.steps,
                accepted.without_step,
                file=str(settings.baseline_file) if accepted.moved_in_file else "",
                moved=accepted.moved_in_file,
            )
        )
    return EXIT_OK
