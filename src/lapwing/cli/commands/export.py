"""Write results as a table for other programs: CSV, JSON or Parquet.

Without RUN it is how every test stands over the newest runs: its total, percentiles, CPU, memory. With RUN
it is the tests of that run, one row per attempt. Columns carry their unit in their name.

examples:
  lapwing export --format csv --output tests.csv
  lapwing export --format parquet --output tests.parquet --where 'dur:>1s category:api'
  lapwing export latest --format json
"""

import argparse
import csv
import io
import json
from pathlib import Path

from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, ConfigurationError, UnreadableFileError
from lapwing.model.codec import FORMAT_VERSION
from lapwing.operations.export_tests import exported_board, exported_run, inert_rows, parquet_of
from lapwing.operations.find_run import find_run
from lapwing.operations.read_run import records_of

FORMATS = ("csv", "json", "parquet")


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing export`."""
    parser.add_argument("run", nargs="?", metavar="RUN", help="the tests of this run, one row per attempt")
    parser.add_argument("--format", choices=FORMATS, default="csv", help="default: csv")
    parser.add_argument("--output", metavar="FILE", help="where to (default: standard output)")
    parser.add_argument(
        "--where", default="", metavar="QUERY", help="only these tests, such as 'dur:>1s payments'"
    )


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Write it."""
    if arguments.run is None:
        columns, rows = exported_board(desk.settings, desk.store, arguments.where)
    else:
        if arguments.where:
            raise ConfigurationError("--where is for the board of tests", mend="Leave RUN away, or --where.")
        columns, rows = exported_run(
            records_of(desk.store, find_run(desk.settings, desk.store, arguments.run))
        )
    if arguments.format == "parquet":
        _write_bytes(parquet_of(columns, rows), arguments.output, desk)
    elif arguments.format == "json":
        tests = [dict(zip(columns, row, strict=True)) for row in rows]
        document = {"format_version": FORMAT_VERSION, "tests": tests}
        desk.output.write_or_say(json.dumps(document, indent=1) + "\n", arguments.output)
    else:
        table = io.StringIO()
        writer = csv.writer(table, lineterminator="\n")
        writer.writerow(columns)
        writer.writerows(inert_rows(rows))
        desk.output.write_or_say(table.getvalue(), arguments.output)
    return EXIT_OK


def _write_bytes(content: bytes, target: str | None, desk: Desk) -> None:
    if target is None:
        raise ConfigurationError("Parquet is no text", mend="Name a file with --output.")
    try:
        Path(target).write_bytes(content)
    except OSError as error:
        raise UnreadableFileError(
            f"cannot be written: {error.strerror}", where=target, mend="Name another file with --output."
        ) from error
    desk.output.say_aside(f"wrote {target}")
