"""A child process with everything it starts: waited for so long, then ended as a whole."""

import contextlib
import os
import signal
import subprocess
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any, Final

from lapwing.errors import ProjectError

_GRACE_S: Final = 5.0


def run_process(
    command: Sequence[str], folder: Path, environ: Mapping[str, str], output: Any, timeout_s: float
) -> str:
    """Run `command` to its end and say in words how it ended.

    Whatever it has started ends with it, also where we are interrupted. Raises ProjectError where it
    cannot be started.
    """
    try:
        child = subprocess.Popen(
            command,
            cwd=folder,
            env=dict(environ),
            stdin=subprocess.DEVNULL,
            stdout=output,
            stderr=subprocess.STDOUT,
            start_new_session=True,
        )
    except OSError as error:
        raise ProjectError(
            f"the interpreter cannot be started: {error.strerror}",
            where=command[0],
            mend="Name the interpreter that runs the project's tests with --python.",
        ) from error
    try:
        return f"exit status {child.wait(timeout_s)}"
    except subprocess.TimeoutExpired:
        return f"ended after {timeout_s:g} s"
    finally:
        _end(child)


def _end(child: "subprocess.Popen[bytes]") -> None:
    for name in ("SIGTERM", "SIGKILL"):
        if child.poll() is None or name == "SIGKILL":
            with contextlib.suppress(OSError):
                if hasattr(os, "killpg"):
                    os.killpg(child.pid, getattr(signal, name))
                else:
                    child.terminate()
        with contextlib.suppress(subprocess.TimeoutExpired):
            child.wait(_GRACE_S)
