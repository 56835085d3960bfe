"""Give figures of a run to Prometheus: a file for its textfile collector, or a push to a gateway.

Duration, tests by outcome, slow tests, regressions, time by category, percentiles; labeled with the project
and the branch. A file takes the place of the old one in one step, as the collector asks for.

examples:
  lapwing prometheus --output /var/lib/node_exporter/lapwing.prom
  lapwing prometheus --push http://pushgateway:9091
  lapwing prometheus latest~1                                print them

Exit codes: 0 done, 2 there is no such run, or the gateway did not take them.
"""

import argparse

from lapwing.cli.choices import declare_run
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.export_prometheus import prometheus_text, push_text, write_text


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing prometheus`."""
    declare_run(parser)
    where = parser.add_mutually_exclusive_group()
    where.add_argument(
        "--output", metavar="FILE", help="write to FILE, whose name must end in .prom to be read"
    )
    where.add_argument("--push", metavar="URL", help="push to the Pushgateway at URL")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Print, write or push them."""
    text, labels = prometheus_text(desk.settings, desk.store_if_any, arguments.run)
    if arguments.push:
        desk.output.say(push_text(arguments.push, labels, text))
    elif arguments.output and arguments.output != "-":
        write_text(arguments.output, text)
        desk.output.say_aside(f"wrote {arguments.output}")
    else:
        desk.output.text(text)
    return EXIT_OK
