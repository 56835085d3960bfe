"""Arguments that several verbs take alike."""

import argparse
import sys
from typing import Final

FORMATS: Final = ("terminal", "markdown", "json")


def declare_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    """`--format` with terminal and json, and what else is given."""
    choices = ("terminal", *formats, "json")
    parser.add_argument("--format", choices=choices, default="terminal", help="form of the output")


def positive(text: str) -> int:
    """A count of 1 or more, as the type of an argument. Raises ArgumentTypeError for anything else."""
    try:
        count = int(text)
    except ValueError:
        count = 0
    if count < 1:
        raise argparse.ArgumentTypeError(f"{text!r} is not a whole number of 1 or more")
    return min(count, sys.maxsize)  # more than any store holds, and than its numbers can say


def declare_run(
    parser: argparse.ArgumentParser,
    name: str = "run",
    *,
    default: str = "latest",
    may_be_baseline: bool = True,
) -> None:
    """A positional RUN."""
    baseline = "baseline, " if may_be_baseline else ""
    parser.add_argument(
        name,
        metavar=name.upper(),
        nargs="?",
        default=default,
        help=f"a run: the beginning of its id (at least 4 characters), latest, latest~N, {baseline}"
        "a file, or a git revision (default: %(default)s)",
    )
