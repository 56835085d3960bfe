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
from lapwing.errors import EXIT_OK, ConfigurationError
from lapwing.measure.clock import CLOCKS
from lapwing.store.protocol import Removal
from lapwing.units import NS_PER_S, parse_duration, parse_size

_DAY_NS = 86_400 * NS_PER_S


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing prune`."""
    parser.add_argument("--older-than", metavar="AGE", help="remove runs older than this, such as 30d")
    parser.add_argument("--keep-size", metavar="SIZE", help="then the oldest until the store fits this")
    parser.add_argument("--dry-run", action="store_true", help="only show what would go")
    parser.add_argument("--yes", action="store_true", help="do not ask")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Show, ask, remove."""
    older_than, keep_bytes = _limits(arguments, desk)
    removals = desk.store.prune(older_than_ns=older_than, keep_bytes=keep_bytes, dry_run=True)
    lines = _lines(removals)
    if not removals:
        desk.output.say("nothing to remove")
        return EXIT_OK
    if arguments.dry_run:
        for line in lines:
            desk.output.say(line)
        desk.output.say("nothing was removed (--dry-run)")
        return EXIT_OK
    if not arguments.yes and not confirms("Remove these runs for good?", lines):
        raise ConfigurationError("nothing was removed", mend="Write --yes to remove without being asked.")
    removed = desk.store.prune(older_than_ns=older_than, keep_bytes=keep_bytes, dry_run=False)
    for line in _lines(removed):
        desk.output.say(f"removed {line}")
    return EXIT_OK


def _limits(arguments: argparse.Namespace, desk: Desk) -> tuple[int | None, int | None]:
    settings = desk.settings
    if arguments.older_than:
        age: int | None = parse_duration(arguments.older_than, where="--older-than")
    else:
        age = settings.keep_days * _DAY_NS if settings.keep_days else None
    if arguments.keep_size:
        size: int | None = parse_size(arguments.keep_size, where="--keep-size")
    else:
        size = settings.keep_bytes or None
    return None if age is None else CLOCKS.epoch() - age, size


def _lines(removals: list[Removal]) -> list[str]:
    return [
        f"{len(each.run_ids)} run(s) with {each.results} results ({each.reason}): "
        f"{each.run_ids[0][:13]} to {each.run_ids[-1][:13]}"
        for each in removals
        if each.run_ids
    ]
