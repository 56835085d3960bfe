"""A dashboard beside a run: `lapwing serve` in a process of its own, for as long as somebody looks."""

import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from typing import Final

from lapwing.cli.desk import Desk
from lapwing.errors import ProjectError

DEFAULT_PORT: Final = 4001
_END_S: Final = 15.0


@contextmanager
def dashboard(desk: Desk, port: int, store: str | None) -> Iterator[None]:
    """Say where it is, and let it serve while the block lasts.

    On a terminal it goes on after the block until it is interrupted: the run has only just become
    something to look at. Raises ProjectError where it does not start; it has said why.
    """
    place = ["--root", str(desk.root), *(["--store", store] if store else [])]
    process = subprocess.Popen(
        [sys.executable, "-P", "-m", "lapwing", *place, "serve", "--port", str(port)],
        stdout=subprocess.PIPE,
        text=True,
        encoding="utf-8",
        env=dict(desk.environ),
    )
    assert process.stdout is not None
    try:
        line = process.stdout.readline().strip()
        if not line:
            raise ProjectError(
                "the dashboard does not start",
                mend="What it said above tells why; without --dashboard the tests run alone.",
            )
        desk.output.say(line)
        desk.output.flush()
        yield
        if desk.output.is_terminal:
            desk.output.say_aside("the dashboard stays until Ctrl-C")
            with suppress(KeyboardInterrupt):
                process.wait()
    finally:
        process.terminate()
        try:
            process.wait(_END_S)
        except subprocess.TimeoutExpired:
            process.kill()
            process.wait()
