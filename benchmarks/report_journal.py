"""A pytest plugin that keeps its own account of a run, for the benchmarks to hold records against.

Loaded with `-p report_journal`; the folder in `REPORT_JOURNAL` receives, from each process that
has a part in the run:

- `processes`: a line `name pid` as its session starts;
- `finished.NAME`: a line per test, handed to the operating system when every other plugin has
  heard that the test is over, so that it outlives a kill of the process;
- `reports.json`: at the end, from the process that reports to people, every report it got:
  node id, phase, outcome, whether a failure was expected, seconds, subtest or null.
"""

import json
import os
from pathlib import Path
from typing import Any

import pytest

_FLAGS = os.O_WRONLY | os.O_CREAT | os.O_APPEND
_FOLDER = Path(os.environ["REPORT_JOURNAL"])
_WORKER = os.environ.get("PYTEST_XDIST_WORKER")
_reports: list[list[Any]] = []
_finished = -1


def pytest_sessionstart(session: pytest.Session) -> None:
    """Tell of this process."""
    global _finished
    name = _WORKER or "main"
    _append(f"{name} {os.getpid()}")
    if _WORKER or not getattr(session.config.option, "numprocesses", None):
        _finished = os.open(_FOLDER / f"finished.{name}", _FLAGS, 0o644)


@pytest.hookimpl(tryfirst=True)
def pytest_runtest_logreport(report: pytest.TestReport) -> None:
    """Keep a report."""
    if not _WORKER:
        context = getattr(report, "context", None)
        subtest = None if context is None else f"{context.msg} {sorted(context.kwargs)}"
        expected = hasattr(report, "wasxfail")
        _reports.append([report.nodeid, report.when, report.outcome, expected, report.duration, subtest])


@pytest.hookimpl(trylast=True)
def pytest_runtest_logfinish(nodeid: str) -> None:
    """Note that a test is over."""
    if _finished >= 0:
        os.write(_finished, f"{nodeid}\n".encode())


def pytest_unconfigure() -> None:
    """Write the reports."""
    if not _WORKER:
        (_FOLDER / "reports.json").write_text(json.dumps(_reports, separators=(",", ":")))


def _append(text: str) -> None:
    fd = os.open(_FOLDER / "processes", _FLAGS, 0o644)
    os.write(fd, f"{text}\n".encode())
    os.close(fd)
