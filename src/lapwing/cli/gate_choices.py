"""Arguments that say what turns a gate red: of `lapwing check`, and of the check that `comment` writes."""

import argparse

from lapwing.model.gate import Guard


def declare_gate(parser: argparse.ArgumentParser | argparse._ArgumentGroup) -> None:
    """`--severity` and `--fail-on`."""
    parser.add_argument(
        "--severity",
        choices=("warning", "critical"),
        default="warning",
        help="the least severity of a regression that fails (default: warning)",
    )
    parser.add_argument(
        "--fail-on",
        type=_guards,
        metavar="WHAT,…",
        help=f"what fails: {', '.join(Guard)} (default: all)",
    )


def _guards(text: str) -> frozenset[Guard]:
    """The guards named in `text`. Raises ArgumentTypeError for an unknown one."""
    words = [word.strip().lower() for word in text.split(",") if word.strip()]
    unknown = [word for word in words if word not in tuple(Guard)]
    if unknown or not words:
        known = ", ".join(Guard)
        raise argparse.ArgumentTypeError(f"{', '.join(unknown) or text!r} is not known; known are {known}")
    return frozenset(Guard(word) for word in words)
