"""Run any test command, then take in the reports it wrote as one run."""

import subprocess
import sys
from collections.abc import Iterable, Mapping, Sequence
from pathlib import Path

from lapwing.config.settings import Settings
from lapwing.errors import LapwingError, NoDataError, ProjectError
from lapwing.measure.clock import CLOCKS
from lapwing.model.read_test import ReadFile
from lapwing.model.value import Value
from lapwing.operations.ingest_reports import CommandFacts, store_reports
from lapwing.operations.read_reports import files_at, reports
from lapwing.operations.reports_at_rest import ReportsAtRest

_SIGNAL_BASE = 128
"""What shells add to the number of the signal that ended a command."""


class CommandRun(Value):
    """A command that has ended, and what its reports said."""

    exit_code: int
    tests: int = 0
    files: tuple[ReadFile, ...] = ()
    run_id: str = ""  # "" where nothing was stored
    fault: LapwingError | None = None  # why not


def run_command(
    settings: Settings, command: Sequence[str], report_paths: Sequence[str], *, environ: Mapping[str, str]
) -> CommandRun:
    """Run `command`, whose output is the terminal's, and store what new reports at `report_paths` say.

    Reports are new if they were not there before, or have changed. The exit code is the command's, whatever
    became of its reports. Raises ProjectError where the command cannot be started.
    """
    before = _states(report_paths)
    started = CLOCKS.epoch()
    exit_code = _run(command, environ)
    facts = CommandFacts(tuple(command), started, max(0, CLOCKS.epoch() - started), exit_code)
    after = _states(report_paths)
    new = [path for path, state in after.items() if before.get(path) != state]
    try:
        if not new:
            raise NoDataError(
                "the command wrote no report",
                where=", ".join(report_paths),
                mend="Let it write one, and name its files with --reports.",
            )
        with ReportsAtRest(reports(new, root=settings.root)) as read:
            stored = store_reports(settings, read, environ=environ, command=facts)
    except LapwingError as fault:
        return CommandRun(exit_code, fault=fault)
    return CommandRun(exit_code, stored.tally.tests, stored.tally.files, stored.run.run_id)


def _run(command: Sequence[str], environ: Mapping[str, str]) -> int:
    sys.stdout.flush()
    try:
        process = subprocess.Popen(command, env=dict(environ))
    except OSError as error:
        raise ProjectError(
            f"cannot be started: {error.strerror}", where=command[0], mend="Write the command after --."
        ) from error
    try:
        code = process.wait()
    except KeyboardInterrupt:
        # The terminal has sent the signal to the command, too: let it end in its own way.
        code = process.wait()
    return code if code >= 0 else _SIGNAL_BASE - code


def _states(paths: Iterable[str]) -> dict[str, tuple[int, int, int]]:
    """Each report that is there, with what changes when it is written again."""
    found: dict[str, tuple[int, int, int]] = {}
    for path in paths:
        try:
            files = files_at(path)
        except NoDataError:
            continue
        for file in files:
            try:
                state = Path(file).stat()
            except OSError:
                continue
            found[file] = (state.st_mtime_ns, state.st_size, state.st_ino)
    return found
