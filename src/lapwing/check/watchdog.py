"""The last resort for a test that nothing can stop: code in C that never lets go of the interpreter's lock.

Signals and threads of Python do not reach it. `faulthandler` watches from a thread of its own that needs
no lock; it writes where the test is and ends the process.
"""

import faulthandler
import os
from pathlib import Path


class Watchdog:
    """One per process: `faulthandler` has a single timer."""

    def __init__(self, path: Path) -> None:
        """`path` is made when the first test is watched; what is in it tells of a test that was ended."""
        self._path = path
        self._fd = -1

    def watch(self, seconds: float) -> None:
        """End the process in `seconds`, with the stacks of all threads in the file. Raises OSError."""
        if self._fd < 0:
            self._fd = os.open(self._path, os.O_WRONLY | os.O_CREAT | os.O_APPEND, 0o644)
        faulthandler.dump_traceback_later(seconds, exit=True, file=self._fd)

    def rest(self) -> None:
        """The test has ended."""
        faulthandler.cancel_dump_traceback_later()
