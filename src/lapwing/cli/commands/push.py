"""Send recorded runs to a server.

A run that the server cannot be reached with waits in .lapwing/push-queue and goes out with the next push.
A run goes out as often as it is asked for and is kept once. The token comes from LAPWING_TOKEN.

examples:
  lapwing push --to https://perf.example.org             the newest run
  lapwing push --to https://perf.example.org latest~1 0192f3a1
  lapwing push --to https://perf.example.org --all       every run of the store
  lapwing push --to https://perf.example.org --queued    only what waits

'pytest --push URL' sends a run as it ends, and tells how far it is while it goes on.

Exit codes: 0 the server has them, 1 it refused some for good, 2 some wait.
"""

import argparse
import sys

from lapwing.cli.choices import declare_format
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_FAILED, EXIT_FOUND, EXIT_OK, NoDataError
from lapwing.model.codec import FORMAT_VERSION
from lapwing.operations.find_run import find_run
from lapwing.operations.push_runs import TOKEN_VARIABLE, PushResult, push_runs
from lapwing.store.protocol import RunQuery
from lapwing.units import format_count


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing push`."""
    parser.add_argument("runs", nargs="*", metavar="RUN", help="which runs (default: the newest)")
    parser.add_argument("--to", required=True, metavar="URL", help="the server")
    parser.add_argument("--project", metavar="NAME", help="keep them in this project there")
    parser.add_argument("--all", action="store_true", help="every run of the store")
    parser.add_argument("--queued", action="store_true", help="only runs that wait")
    parser.add_argument(
        "--live",
        metavar="RUN",
        help="instead: tell how far the run of this id is, every second until standard input ends",
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Send them."""
    if arguments.live is not None:
        from lapwing.operations.tell_live import tell_live

        token = desk.environ.get(TOKEN_VARIABLE, "")
        tell_live(desk.settings, arguments.live, arguments.to, token, sys.stdin.buffer)
        return EXIT_OK
    result = push_runs(
        desk.store,
        _run_ids(arguments, desk),
        url=arguments.to,
        token=desk.environ.get(TOKEN_VARIABLE, ""),
        folder=desk.settings.root / ".lapwing",
        project=arguments.project,
    )
    if arguments.format == "json":
        desk.output.json({"format_version": FORMAT_VERSION, **result._asdict()})
    else:
        _tell(result, desk)
    if result.waiting:
        return EXIT_FAILED
    return EXIT_FOUND if result.refused else EXIT_OK


def _run_ids(arguments: argparse.Namespace, desk: Desk) -> list[str]:
    if arguments.queued:
        return []
    if arguments.all:
        return [digest.run.run_id for digest in desk.store.runs(RunQuery())][::-1]
    found = [find_run(desk.settings, desk.store, name) for name in arguments.runs or ["latest"]]
    for each in found:
        if each.run is None:
            raise NoDataError(f"{each.name} is no run of the store", mend="'lapwing runs' lists them.")
    return [each.run.run_id for each in found if each.run is not None]


def _tell(result: PushResult, desk: Desk) -> None:
    parts = [f"{format_count(result.sent, 'run')} sent"]
    if result.known:
        parts.append(f"{result.known} known there already")
    if result.waiting:
        parts.append(f"{result.waiting} waiting in .lapwing/push-queue")
    desk.output.say(", ".join(parts))
    for said in result.refused:
        desk.output.say_aside(f"refused: {said}")
    if result.fault:
        desk.output.say_aside(result.fault)
