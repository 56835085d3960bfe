"""The command `lapwing`: finds the verb, runs it, and alone turns our errors into exit codes.

Exit codes: 0 fine, 1 found something, 2 could not do it, 130 interrupted.
"""

import argparse
import gc
import importlib
import io
import os
import sys
from collections.abc import Sequence
from types import ModuleType
from typing import Final

from lapwing._version import __version__
from lapwing.cli.desk import Desk
from lapwing.cli.output import Output
from lapwing.errors import EXIT_FAILED, LapwingError

COMMANDS: Final = (
    "init",
    "run",
    "ingest",
    "audit",
    "report",
    "runs",
    "show",
    "why",
    "profile",
    "advise",
    "what-if",
    "timeline",
    "durations",
    "shard",
    "history",
    "trend",
    "flaky",
    "compare",
    "check",
    "budget",
    "comment",
    "notify",
    "badge",
    "otel",
    "prometheus",
    "confirm",
    "bisect",
    "accept",
    "baseline",
    "load",
    "stress",
    "lint",
    "rename",
    "prune",
    "serve",
    "mcp",
    "token",
    "push",
    "export",
    "doctor",
    "completion",
)
"""The verbs, in the order of a day's work. Each is a module of `cli.commands`, with `_` for `-`."""

EXIT_INTERRUPTED: Final = 130


def main(argv: Sequence[str] | None = None) -> int:
    """Run the command line `argv` (the process's own) and return its exit code."""
    # Commands make many values and hardly a cycle: looked for less often, a large report costs a tenth less.
    gc.set_threshold(20_000, 20, 20)
    # A stream that was closed before we began is None: what is said there is for nobody, the exit code stays.
    output = Output(sys.stdout or io.StringIO(), sys.stderr or io.StringIO(), environ=os.environ)
    try:
        try:
            return _answer(list(sys.argv[1:] if argv is None else argv), output)
        finally:
            output.flush()
    except LapwingError as error:
        output.error(error)
        return error.exit_code
    except KeyboardInterrupt:
        output.say_aside("interrupted")
        return EXIT_INTERRUPTED


def _answer(words: Sequence[str], output: Output) -> int:
    """Run the verb in `words` for its exit code. Raises LapwingError, and SystemExit after help or misuse."""
    parser = build_parser(words)
    if words and not words[0].startswith("-") and words[0] not in COMMANDS:
        parser.error(f"there is no verb {words[0]!r}{_nearest(words[0])} ('lapwing --help' lists them)")
    arguments, unknown = parser.parse_known_args(words)
    if unknown:
        rest = "; arguments for pytest follow --" if hasattr(arguments, "arguments") else ""
        parser.error(f"unrecognized arguments: {' '.join(unknown)}{rest}")
    if arguments.verb is None:
        parser.print_help()
        return EXIT_FAILED
    command = _command(arguments.verb)
    with Desk(arguments, output, environ=os.environ) as desk:
        code: int = command.run(arguments, desk)
    return code


def _nearest(word: str) -> str:
    import difflib

    near = difflib.get_close_matches(word, COMMANDS, n=1)
    return f", did you mean {near[0]!r}?" if near else ""


def build_parser(words: Sequence[str] = ()) -> argparse.ArgumentParser:
    """The parser of all verbs; only the verb in `words` is imported, or all where none is named."""
    parser = argparse.ArgumentParser(
        prog="lapwing",
        description="See where a test suite's time goes, and what made it slower.",
        epilog="'lapwing VERB --help' explains a verb with examples.",
    )
    parser.add_argument("--version", action="version", version=f"lapwing {__version__}")
    parser.set_defaults(verb=None, root=None, store=None)
    _declare_common(parser)
    verbs = parser.add_subparsers(title="verbs", metavar="VERB", dest="verb")
    named = next((word for word in words if word in COMMANDS), None)
    for name in COMMANDS if named is None else (named,):
        command = _command(name)
        summary, _, details = (command.__doc__ or "").partition("\n")
        verb = verbs.add_parser(
            name,
            help=summary.rstrip("."),
            description=f"{summary}\n{details}".rstrip(),
            formatter_class=argparse.RawDescriptionHelpFormatter,
        )
        command.declare(verb)
        for each in (verb, *_acts(verb)):
            _declare_common(each)
    return parser


def _command(verb: str) -> ModuleType:
    return importlib.import_module(f"lapwing.cli.commands.{verb.replace('-', '_')}")


def _acts(verb: argparse.ArgumentParser) -> list[argparse.ArgumentParser]:
    """The parsers of what a verb does, where it does several things; each says what it does."""
    acts = []
    for kind in verb._actions:
        if isinstance(kind, argparse._SubParsersAction):
            for choice in kind._choices_actions:
                act = kind.choices[choice.dest]
                told = choice.help or ""
                act.description = act.description or f"{told[:1].upper()}{told[1:]}."
                act.epilog = act.epilog or f"'{verb.prog} --help' has examples."
                acts.append(act)
    return acts


def _declare_common(parser: argparse.ArgumentParser) -> None:
    """What every verb takes, and may be written before the verb, too."""
    common = parser.add_argument_group("place")
    absent = argparse.SUPPRESS  # or the verb's default would wipe out what stands before it
    common.add_argument(
        "--root", metavar="DIR", default=absent, help="the project (default: the one around here)"
    )
    common.add_argument(
        "--store", metavar="URL", default=absent, help="the store (default: .lapwing/store.sqlite)"
    )
