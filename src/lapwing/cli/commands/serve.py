"""Show the store in a browser: a dashboard, a live view, and an API that takes runs in.

Without further ado only this machine reaches it, through the printed URL, whose key opens the door. For a
team, make tokens first ('lapwing token create'), then bind an address that others reach.

examples:
  lapwing serve                                    http://127.0.0.1:5000
  lapwing serve --port 8080 --store postgresql://lapwing@db/lapwing
  lapwing serve --host 0.0.0.0 --allow-host perf.example.org

PERFORMANCE_DASHBOARD_PORT sets the port where --port does not. Ctrl-C ends it. Put a server with TLS in
front of one that others reach: tokens go over the wire.
"""

import argparse

from lapwing.cli.desk import Desk
from lapwing.cli.server_choices import address_or_network, dashboard_port, port_number, start_server
from lapwing.errors import EXIT_OK


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing serve`."""
    parser.add_argument("--port", type=port_number, metavar="N", help="where to listen (default: 5000)")
    parser.add_argument(
        "--host", default="127.0.0.1", metavar="ADDRESS", help="on which address (default: 127.0.0.1)"
    )
    parser.add_argument(
        "--allow-host",
        action="append",
        default=[],
        metavar="NAME",
        help="answer under this name, too; may be repeated",
    )
    parser.add_argument(
        "--proxy",
        action="append",
        default=[],
        type=address_or_network,
        metavar="ADDRESS",
        help="believe this proxy, or network of proxies, for whom it asks (X-Forwarded-For); may be repeated",
    )


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Serve until interrupted."""
    port = arguments.port if arguments.port is not None else dashboard_port(desk.environ, 5000)
    start_server(
        desk,
        host=arguments.host,
        port=port,
        allowed_hosts=tuple(arguments.allow_host),
        proxies=tuple(arguments.proxy),
    )
    return EXIT_OK
