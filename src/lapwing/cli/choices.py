"""Arguments that several verbs take alike."""

import argparse
from typing import Final

FORMATS: Final = ("terminal", "markdown", "json")


def declare_format(parser: argparse.ArgumentParser, *formats: str) -> None:
    """`--format` with terminal and json, and what else is given."""
    choices = ("terminal", *formats, "json")
    parser.add_argument("--format", choices=choices, default="terminal", help="form of the output")


def declare_run(parser: argparse.ArgumentParser, name: str = "run", *, default: str = "latest") -> None:
    """A positional RUN."""
    parser.add_argument(
        name,
        metavar=name.upper(),
        nargs="?",
        default=default,
        help="a run: the beginning of its id (at least 4 characters), latest, latest~N, baseline, "
        "a file, or a git revision (default: %(default)s)",
    )
