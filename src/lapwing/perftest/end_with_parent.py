"""A child process ends with the process that started it, however that one ended."""

import ctypes
import os
import signal
import sys
from contextlib import suppress
from typing import Final

_PR_SET_PDEATHSIG: Final = 1


def end_with_parent() -> None:
    """Ask Linux to kill this process when the thread that started it ends; elsewhere nothing.

    A second way is needed beside it (the end of standard input): other systems lack this one, and a parent
    may have died before it was asked for.
    """
    if sys.platform == "linux":
        with suppress(OSError, AttributeError):
            ctypes.CDLL(None, use_errno=True).prctl(_PR_SET_PDEATHSIG, signal.SIGKILL)


def end_at_once() -> None:
    """End this process without cleaning up: whoever would read the rest is gone."""
    os._exit(3)
