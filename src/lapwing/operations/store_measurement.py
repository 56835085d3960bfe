"""Keep what a script measured outside of a test run: one run per process, written as it goes."""

import atexit
import contextlib
import os
import sys
import warnings
from collections.abc import Mapping
from pathlib import Path
from typing import Final

from lapwing.config.root import prepare_home, spool_path
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.measure.clock import CLOCKS
from lapwing.model.measurement import BenchmarkRecord
from lapwing.model.run import Run
from lapwing.operations.measured_baseline import SCRIPT_RUNNER
from lapwing.record.run_facts import RunEnd, begin_run, end_run
from lapwing.store.run_files import line
from lapwing.store.run_files.folder import create_run_folder, hold, let_go, write_end
from lapwing.store.run_files.writer import SpoolWriter

_MAIN: Final = "main"
_scripts: Final[dict[Path, "_Script"]] = {}


def store_measurement(settings: Settings, record: BenchmarkRecord, *, environ: Mapping[str, str]) -> None:
    """Keep `record` in the run of this process.

    It is on disk when this returns; the run enters the store at the end of the process, or with the next
    command if that was killed. Raises StoreError, OSError.
    """
    script = _scripts.get(settings.root)
    if script is None or script.pid != os.getpid():
        script = _scripts[settings.root] = _Script(settings, environ)
        atexit.register(script.end)
    script.spool.write(line.measurement_line(record))


class _Script:
    """The run of one process below one root."""

    def __init__(self, settings: Settings, environ: Mapping[str, str]) -> None:
        self.pid = os.getpid()
        self._settings = settings
        self._environ = environ
        prepare_home(settings.root)
        run = begin_run(settings, command=tuple(sys.argv), workers=0, distribution="no", environ=environ)
        self._run: Run | None = run._replace(runner=SCRIPT_RUNNER)
        self._folder = create_run_folder(spool_path(settings.root), self._run)
        self._lock = hold(self._folder)
        self.spool = SpoolWriter(self._folder / f"{_MAIN}.jsonl")
        self.spool.write(
            line.header_line(run.run_id, _MAIN, self.pid, CLOCKS.wall(), CLOCKS.epoch(), startup=0)
        )

    def end(self) -> None:
        """Hand the run on; a fault is told and leaves it for the next command."""
        run, self._run = self._run, None
        if run is None or os.getpid() != self.pid:  # done, or a forked child
            return
        _scripts.pop(self._settings.root, None)
        try:
            self.spool.write(line.end_line(CLOCKS.wall()))
            self.spool.close()
            let_go(self._lock)
            write_end(self._folder, end_run(run, RunEnd(0, is_complete=True), startup_ns=0))
            from lapwing.operations.finish_run import finish_run

            finished = finish_run(
                self._settings._replace(data_file=None), self._folder, environ=self._environ
            )
            faults = () if finished is None else finished.faults
        except (LapwingError, OSError, ValueError) as error:
            faults = (str(error),)
        for fault in faults:
            with contextlib.suppress(Warning):
                warnings.warn(f"lapwing: what was measured is not stored yet: {fault}", stacklevel=2)
