"""A pytest plugin that tells how long its process was ready to run and waited for a processor, in ns.

Loaded with `-p processor_wait`; the file named in `PROCESSOR_WAIT` receives it at the end, from the
process that reports to people, for its main thread and from the moment this plugin was loaded.
"""

import os
from pathlib import Path

import pytest


def _waited() -> int:
    return int(Path("/proc/self/schedstat").read_text(encoding="ascii").split()[1])


_began = 0


@pytest.hookimpl(tryfirst=True)
def pytest_load_initial_conftests() -> None:
    """The recording of the run begins, too."""
    global _began
    _began = _waited()


@pytest.hookimpl(trylast=True)
def pytest_sessionfinish() -> None:
    """Write it; the recording of the run is about to end."""
    if "PYTEST_XDIST_WORKER" not in os.environ:
        Path(os.environ["PROCESSOR_WAIT"]).write_text(str(_waited() - _began), encoding="ascii")
