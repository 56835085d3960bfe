"""Where code that measures itself is: in which test, of which project, and who keeps what it finds."""

import json
import os
import sys
from collections.abc import Sequence
from contextlib import suppress
from functools import lru_cache
from pathlib import Path
from typing import TYPE_CHECKING, Final

from lapwing.measure.present_recording import present_recording
from lapwing.model.measurement import BenchmarkRecord
from lapwing.perftest.own_metrics import close_metrics

if TYPE_CHECKING:
    from lapwing.config.settings import Settings
    from lapwing.operations.measured_baseline import MeasuredBaseline

_PYTEST: Final = "PYTEST_CURRENT_TEST"
_WORKERS: Final = "PYTEST_XDIST_WORKER_COUNT"
_MEASURED: Final = "LAPWING_MEASURED"  # file for what is measured, of a side of a paired comparison


def running_test() -> str:
    """The node id of the test that runs; outside of tests the name of the script."""
    recording = present_recording()
    nodeid = None if recording is None else recording.running_test()
    if nodeid is not None:
        return nodeid
    told = os.environ.get(_PYTEST, "")  # "a.py::test_b[c d] (call)"
    if told:
        return told.rpartition(" ")[0]
    main = getattr(sys.modules.get("__main__"), "__file__", None)
    return Path(main).name if main else "python"


def is_in_pytest() -> bool:
    """Whether a test runs, tracked or not."""
    return present_recording() is not None or _PYTEST in os.environ


def keep(records: Sequence[BenchmarkRecord]) -> None:
    """Hand `records` to whoever records; outside of tests they are stored by themselves.

    A test run that is not tracked keeps nothing, but tells a paired comparison. Raises StoreError, OSError.
    """
    recording = present_recording()
    if recording is not None:
        for record in records:
            recording.take(record)
    elif _PYTEST not in os.environ:
        from lapwing.operations.store_measurement import store_measurement

        for record in records:
            store_measurement(present_settings(), record, environ=os.environ)
    elif _MEASURED in os.environ:
        with suppress(OSError), Path(os.environ[_MEASURED]).open("a", encoding="ascii") as file:
            file.writelines(json.dumps(record._asdict()) + "\n" for record in records)


def present_settings() -> "Settings":
    """The settings of the project around the working folder."""
    return _settings(Path.cwd())


@lru_cache(maxsize=16)
def _settings(folder: Path) -> "Settings":
    from lapwing.config.load import load_settings
    from lapwing.config.root import find_root

    return load_settings(find_root(folder), environ=os.environ)


def forget() -> None:
    """What was read of settings and baseline may have changed: a session is over."""
    _settings.cache_clear()
    _baseline.cache_clear()
    close_metrics()


def present_baseline() -> "MeasuredBaseline":
    """The baseline of benchmarks of this project, read once per process."""
    return _baseline(present_settings().root)


@lru_cache(maxsize=16)
def _baseline(root: Path) -> "MeasuredBaseline":
    from lapwing.operations.measured_baseline import measured_baseline

    workers = int(os.environ.get(_WORKERS, "0"))
    return measured_baseline(
        _settings(root), environ=os.environ, workers=workers, is_script=_PYTEST not in os.environ
    )
