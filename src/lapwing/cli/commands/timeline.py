"""Write a run as a trace that Chrome, Perfetto and speedscope open.

One track per worker: start-up, collection of each module, each test with its phases; beside it a track
with the set-ups of fixtures. Open the file in https://ui.perfetto.dev or at chrome://tracing; neither sends
it anywhere.

examples:
  lapwing timeline > trace.json                       the newest run
  lapwing timeline latest~1 --output trace.json
"""

import argparse
import json

from lapwing.cli.choices import declare_run
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.timeline import timeline


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing timeline`."""
    declare_run(parser, may_be_baseline=False)
    parser.add_argument("--format", choices=("chrome",), default="chrome", help="form of the trace")
    parser.add_argument("--output", metavar="FILE", help="write to this file (-: standard output)")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Write it."""
    trace = timeline(desk.settings, desk.store, arguments.run)
    desk.output.write_or_say(json.dumps(trace, separators=(",", ":")) + "\n", arguments.output)
    return EXIT_OK
