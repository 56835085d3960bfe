"""Load a URL at one level, and see whether it is held.

Users (closed model) ask, wait for their answer, and ask again. With --rate (open model) requests leave at
their moment whatever became of the ones before, and latency counts from that moment: a server that froze
shows. The ramp is not measured. TARGET is a URL, a path below base_url of [tool.lapwing.load], or a
locustfile, whose users are played. Locust makes the load, in a process of its own: install lapwing[load].

Only this machine, and private test hosts named in [tool.lapwing.load] hosts, are loaded unasked.
Ctrl-C ends it and gives the figures so far.

examples:
  lapwing load http://127.0.0.1:8000/api/items --users 20 --duration 60s
  lapwing load /api/items --rate 100 --max-p95 200ms
  lapwing load /api/orders --method POST --header 'Content-Type: application/json' --body @order.json
  lapwing load locustfile.py --host http://127.0.0.1:8000 --users 50
  lapwing load /api/items --rate 5000 --processes 2 --workers load1.test,load2.test
  lapwing load /api/items --format json > load.json
  lapwing load --list                     what was kept of load and stress tests, the newest first

Exit code 0 where it is held, 1 where it is not or breaks a limit of [tool.lapwing.load_budgets], 2 where it
could not be played (a worker was lost), 130 where it was interrupted.
"""

import argparse

from lapwing.cli.desk import Desk
from lapwing.cli.load_choices import declare_load, run_load


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing load`."""
    load = parser.add_argument_group("load")
    load.add_argument(
        "--users",
        dest="concurrent_users",
        type=int,
        metavar="N",
        help="users at once (default: 20); with --rate at most so many requests are under way",
    )
    load.add_argument(
        "--rate", dest="arrival_rate", type=float, metavar="N", help="requests a second (open model)"
    )
    load.add_argument(
        "--arrivals", choices=("poisson", "fixed"), help="how they are spread (default: poisson)"
    )
    load.add_argument(
        "--requests-per-user", type=float, metavar="N", help="pace of each user a second (default: none)"
    )
    load.add_argument(
        "--duration", dest="duration_seconds", metavar="TIME", help="how long to measure (default: 60s)"
    )
    load.add_argument(
        "--ramp", dest="ramp_up_seconds", metavar="TIME", help="how long to rise before (default: 10s)"
    )
    declare_load(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Play the load."""
    return run_load(arguments, desk, is_stress=False)
