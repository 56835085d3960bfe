"""List the recorded runs, newest first.

examples:
  lapwing runs                     the last 20 runs
  lapwing runs --limit 100 --branch main
  lapwing runs --format json
"""

import argparse

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, NoDataError
from lapwing.model.codec import FORMAT_VERSION
from lapwing.model.run_codec import run_dict
from lapwing.report.pages.runs import runs_page
from lapwing.store.protocol import RunQuery


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing runs`."""
    parser.add_argument(
        "--limit", type=positive, default=20, metavar="N", help="at most N runs (default: 20)"
    )
    parser.add_argument("--branch", metavar="NAME", help="only runs of this branch")
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """List the runs."""
    query = RunQuery(branch=arguments.branch, limit=arguments.limit)
    digests = desk.store.runs(query)
    if not digests:
        if arguments.branch is not None and desk.store.run_count():
            raise NoDataError(f"no run of branch {arguments.branch!r}", mend="'lapwing runs' lists all.")
        raise NoDataError("no run is recorded yet", mend="Record one with: pytest --track-performance")
    if arguments.format == "json":
        rows = [
            {
                **run_dict(digest.run),
                "machine_class": digest.run.machine_class,
                "tests": digest.tests,
                "outcomes": dict(digest.outcomes),
                "worker_ns": digest.worker_ns,
            }
            for digest in digests
        ]
        desk.output.json({"format_version": FORMAT_VERSION, "runs": rows})
    else:
        desk.output.page(runs_page(digests))
    return EXIT_OK
