"""Print a script that completes the command line in a shell.

examples:
  lapwing completion bash > ~/.local/share/bash-completion/completions/lapwing
  lapwing completion zsh > ~/.zfunc/_lapwing           (with fpath+=~/.zfunc before compinit)
  lapwing completion fish > ~/.config/fish/completions/lapwing.fish

It is made by shtab: pip install 'lapwing[completion]'. The script itself needs neither.
"""

import argparse
from typing import Final

from lapwing.cli.desk import Desk
from lapwing.errors import EXIT_OK, MissingExtraError

SHELLS: Final = ("bash", "zsh", "fish")
_PATHS: Final = ("FILE", "PATH", "N|FILE", "DIR")


def declare(parser: argparse.ArgumentParser) -> None:
    """Arguments of `lapwing completion`."""
    parser.add_argument("shell", choices=SHELLS, help="the shell")


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Print it."""
    # main imports this module for its parser.
    from lapwing.cli.main import build_parser

    try:
        import shtab
    except ImportError:
        raise MissingExtraError("shtab", extra="completion", need="a completion script") from None
    parser = build_parser()
    _complete_paths(parser, shtab.FILE, shtab.DIR)
    desk.output.write_or_say(shtab.complete(parser, arguments.shell), None)
    return EXIT_OK


def _complete_paths(parser: argparse.ArgumentParser, file: object, folder: object) -> None:
    """Arguments that name files and folders complete to such."""
    for action in parser._actions:
        if isinstance(action, argparse._SubParsersAction):
            for inner in action.choices.values():
                _complete_paths(inner, file, folder)
        elif action.metavar in _PATHS:
            action.complete = folder if action.metavar == "DIR" else file  # type: ignore[attr-defined]
