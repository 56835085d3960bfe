"""List the recorded runs, newest first.

examples:
  lapwing runs                     the last 20 runs
  lapwing runs --limit 100 --branch main
  lapwing runs --format json
  lapwing runs --pipeline          the jobs of the newest CI pipeline, and which is the longest
"""

import argparse

from lapwing.cli.choices import declare_format, positive
from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, NoDataError
from lapwing.model.codec import FORMAT_VERSION
from lapwing.model.run_codec import run_dict
from lapwing.operations.project.pipeline import LATEST, read_pipeline
from lapwing.report.pages.pipeline import pipeline_page
from lapwing.report.pages.runs import runs_page
from lapwing.store.protocol import RunQuery


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing runs`."""
    parser.add_argument(
        "--limit", type=positive, default=20, metavar="N", help="at most N runs (default: 20)"
    )
    parser.add_argument("--branch", metavar="NAME", help="only runs of this branch")
    parser.add_argument(
        "--pipeline",
        nargs="?",
        const=LATEST,
        metavar="ID",
        help="the runs of one CI pipeline together (default: the newest)",
    )
    declare_format(parser)


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """List the runs."""
    if arguments.pipeline is not None:
        return _show_pipeline(arguments, desk)
    query = RunQuery(branch=arguments.branch, limit=arguments.limit)
    store = desk.store_as_it_is
    digests = store.runs(query)
    if not digests:
        if arguments.branch is not None and store.run_count():
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


def _show_pipeline(arguments: argparse.Namespace, desk: Desk) -> int:
    pipeline = read_pipeline(desk.store, arguments.pipeline)
    if arguments.format == "json":
        desk.output.json(
            {
                "format_version": FORMAT_VERSION,
                "pipeline": pipeline.name,
                "machine_ns": pipeline.machine_ns,
                "jobs": [job._asdict() for job in pipeline.jobs],
                "longest_tests": [
                    {"nodeid": record.nodeid, "duration_ns": record.duration_ns}
                    for record in pipeline.longest_tests
                ],
            }
        )
    else:
        desk.output.page(pipeline_page(pipeline))
    return EXIT_OK
