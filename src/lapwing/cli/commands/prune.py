"""Remove old runs from the store, after showing which.

Defaults are the settings keep_days (90) and keep_size (1GB).

examples:
  lapwing prune --dry-run
  lapwing prune --older-than 30d --yes
  lapwing prune --keep-size 200MB
"""

import argparse

from lapwing.cli.desk import Desk
from lapwing.cli.output import confirms
from lapwing.config.faults import together
from lapwing.errors import EXIT_OK, ConfigurationError
from lapwing.operations.prune_runs import Retention, plan_pruning, prune_runs, retention
from lapwing.store.protocol import Removal
from lapwing.units import format_count, parse_duration, parse_size


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing prune`."""
    parser.add_argument("--older-than", metavar="AGE", help="remove runs older than this, such as 30d")
    parser.add_argument("--keep-size", metavar="SIZE", help="then the oldest until the store fits this")
    parser.add_argument("--dry-run", action="store_true", help="only show what would go")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Show, ask, remove."""
    limits = _limits(arguments, desk)
    store = desk.store_as_it_is  # on a full disk it is this command that makes room for what waits
    removals = plan_pruning(store, limits)
    if not removals:
        desk.output.say("nothing to remove")
        return EXIT_OK
    if arguments.dry_run or not arguments.yes:
        for line in _lines(removals):
            desk.output.say(line)
    if arguments.dry_run:
        desk.output.say("nothing was removed (--dry-run)")
        return EXIT_OK
    desk.output.flush()
    if not arguments.yes and not confirms("Remove these runs for good?"):
        raise ConfigurationError("nothing was removed", mend="Write --yes to remove without being asked.")
    for line in _lines(prune_runs(store, limits)):
        desk.output.say(f"removed {line}")
    return EXIT_OK


def _limits(arguments: argparse.Namespace, desk: Desk) -> Retention:
    age, size = arguments.older_than, arguments.keep_size
    if desk.settings_untold().faults and not (age and size):
        # A limit that someone has written wrong must not be taken for none, and history go by the default.
        raise together(desk.settings_untold().faults)
    return retention(
        desk.settings,
        age_ns=parse_duration(age, where="--older-than") if age else None,
        keep_bytes=parse_size(size, where="--keep-size") if size else None,
    )


def _lines(removals: list[Removal]) -> list[str]:
    return [
        f"{format_count(len(each.run_ids), 'run')} with {format_count(each.results, 'result')} "
        f"({each.reason}): {each.run_ids[0][:13]} to {each.run_ids[-1][:13]}"
        for each in removals
        if each.run_ids
    ]
