"""Send a recorded run to an OpenTelemetry collector, as a trace and metrics.

The same as pytest --otel, for a run that is in the store already. The address is --endpoint, else
`otel_endpoint` of [tool.lapwing], else OTEL_EXPORTER_OTLP_ENDPOINT, else http://localhost:4318. A run that is
sent twice is the same trace. Needs the extra `telemetry`.

examples:
  lapwing otel                                            the newest run
  lapwing otel latest~1 --endpoint http://collector:4318

Exit codes: 0 sent, 2 there is no such run, or the collector did not take it.
"""

import argparse

from lapwing.cli.choices import declare_run
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK
from lapwing.operations.export_otel import export_named


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing otel`."""
    declare_run(parser, may_be_baseline=False)
    parser.add_argument("--endpoint", default="", metavar="URL", help="address of the collector")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Send it."""
    desk.output.say(
        export_named(desk.settings, desk.store, arguments.run, arguments.endpoint, environ=desk.environ)
    )
    return EXIT_OK
