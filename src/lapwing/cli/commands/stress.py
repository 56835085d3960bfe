"""Raise the load on a URL until it is not held, and find the breaking point.

The load rises by --step from --from to --to. It is not held where p95 is over --max-p95 (without it: five
times that of the lightest load, at least 100 ms), where over 2% fail, or where less than 90% of an intended
rate was achieved. Then the interval below is halved, down to 5% of the load. --unit rps (the default) is an
open model: requests a second, whatever became of the ones before. --unit users plays users that wait.
See 'lapwing load --help' for TARGET and for who may be loaded.

examples:
  lapwing stress http://127.0.0.1:8000/api/items --from 50 --to 1000 --step 50
  lapwing stress /api/items --unit users --to 100 --step 10 --requests-per-user 2
  lapwing stress locustfile.py --host http://127.0.0.1:8000 --unit users --to 200 --step 20
  lapwing stress /api/items --to 2000 --step 200 --processes 2 --format json

Exit code 0 where all was held, 1 where a breaking point was found or a limit of [tool.lapwing.load_budgets]
was broken, 2 where it could not be played, 130 where it was interrupted.
"""

import argparse

from lapwing.cli.desk import Desk
from lapwing.cli.load_choices import declare_load, run_load


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing stress`."""
    load = parser.add_argument_group("load")
    load.add_argument(
        "--unit", dest="load_unit", choices=("rps", "users"), default="rps", help="what the load counts"
    )
    load.add_argument(
        "--from", dest="initial_load", type=float, metavar="N", help="first load (default: that of --step)"
    )
    load.add_argument(
        "--to", dest="max_load", type=float, default=500.0, metavar="N", help="highest load (default: 500)"
    )
    load.add_argument(
        "--step", dest="step_size", type=float, default=50.0, metavar="N", help="distance (default: 50)"
    )
    load.add_argument("--step-duration", metavar="TIME", help="how long to measure each load (default: 10s)")
    load.add_argument(
        "--ramp", dest="ramp_up_seconds", metavar="TIME", help="not measured at the start (default: 1s)"
    )
    load.add_argument(
        "--users",
        dest="concurrent_users",
        type=int,
        metavar="N",
        help="with --unit rps at most so many requests are under way",
    )
    load.add_argument(
        "--arrivals", choices=("poisson", "fixed"), help="how they are spread (default: poisson)"
    )
    load.add_argument(
        "--requests-per-user", type=float, metavar="N", help="pace of each user a second (default: none)"
    )
    declare_load(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Play the loads."""
    if arguments.initial_load is None:
        arguments.initial_load = min(arguments.step_size, arguments.max_load)
    return run_load(arguments, desk, is_stress=True)
