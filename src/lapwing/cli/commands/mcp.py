"""Answer a coding agent's questions about the suite, over the Model Context Protocol.

Started by the agent, it speaks JSON-RPC over standard input and output and ends with its input. Tools:
slow_tests, why, history, advice, runs, compare. They answer as the commands of these names do, and change
nothing. The protocol's library comes with: pip install 'lapwing[mcp]'.

examples, for the configuration of an agent:
  lapwing mcp --root /home/ann/shop
  uvx --from 'lapwing[mcp]' lapwing mcp --root /home/ann/shop
"""

import argparse
from collections.abc import Iterator
from contextlib import contextmanager

from lapwing.cli.desk import Desk
from lapwing.config.settings import Settings
from lapwing.errors import EXIT_OK, MissingExtraError
from lapwing.store.protocol import Store


def declare(parser: argparse.ArgumentParser) -> None:
    """`lapwing mcp` takes no arguments of its own."""


def run(arguments: argparse.Namespace, desk: Desk) -> int:
    """Answer until the input ends."""
    try:
        from lapwing.serve.mcp import serve_tools
    except ImportError as error:
        raise MissingExtraError("mcp", extra="mcp", need="answering agents") from error

    @contextmanager
    def opened() -> Iterator[tuple[Settings, Store]]:
        # A desk for each question: tools are asked from several threads, and runs come in between.
        with Desk(arguments, desk.output, environ=desk.environ) as own:
            yield own.settings, own.store

    serve_tools(opened)
    return EXIT_OK
