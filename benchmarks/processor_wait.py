"""A pytest plugin that tells how long its process was ready to run and waited for a processor, in ns.

Loaded with `-p processor_wait`; the file named in `PROCESSOR_WAIT` receives it at the end, from the
process that reports to people, for its main thread and from the moment this plugin was loaded.
"""

import os
from pathlib import Path


def _waited() -> int:
    return int(Path("/proc/self/schedstat").read_text(encoding="ascii").split()[1])


_BEGAN = _waited()


def pytest_unconfigure() -> None:
    """Write it."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        Path(os.environ["PROCESSOR_WAIT"]).write_text(str(_waited() - _BEGAN), encoding="ascii")
