"""Tracked runs of pytest on a machine that others use, too: each is tried again until it had its processors.

A run counts as quiet if others computed for less than a tenth of the processors' time while it ran, by
the system's own account. Of several loud ones the quietest is taken.
"""

import os
import resource
import subprocess
import time
from collections.abc import Sequence
from pathlib import Path
from typing import NamedTuple

from lapwing.model.run import RecordedRun
from lapwing.store.open_store import open_store
from lapwing.store.protocol import RunQuery

QUIET_SHARE = 0.1
_SOURCES = Path(__file__).resolve().parent.parent / "src"


class QuietRun(NamedTuple):
    """A recorded run, the share of the processors that others used while it ran, and how long (in ns)
    pytest's own
    process was ready and waited for one."""

    recorded: RecordedRun
    others: float
    wait_ns: int


def quiet_run(
    folder: Path, python: Path | str, arguments: Sequence[str], *, tries: int = 4, path: Sequence[str] = ()
) -> QuietRun:
    """Run pytest in `folder`, tracked by this checkout. Raises SystemExit where nothing was recorded."""
    best: QuietRun | None = None
    for _ in range(tries):
        if tries > 1:
            _wait_for_quiet()
        found = _run(folder, python, arguments, path)
        if best is None or found.others < best.others:
            best = found
        if best.others < QUIET_SHARE:
            break
    assert best is not None
    return best


def _run(folder: Path, python: Path | str, arguments: Sequence[str], path: Sequence[str]) -> QuietRun:
    environment = {name: value for name, value in os.environ.items() if not name.startswith("PYTEST")}
    environment["PYTHONPATH"] = os.pathsep.join((str(_SOURCES), str(Path(__file__).parent), *path))
    environment["LAPWING_STORE"] = str(folder / ".lapwing" / "store.sqlite")
    environment["PROCESSOR_WAIT"] = str(folder / "processor_wait")
    # Apart from temporary folders of others, which pytest clears up at the end, and may fail to.
    (folder / ".lapwing").mkdir(exist_ok=True)
    environment["PYTEST_DEBUG_TEMPROOT"] = str(folder / ".lapwing")
    words = [
        str(python),
        "-m",
        "pytest",
        "-q",
        "-p",
        "no:cacheprovider",
        "-p",
        "processor_wait",
        "--track-performance",
        *arguments,
    ]
    began, busy, own = time.perf_counter(), _busy_seconds(), _own_seconds()
    child = subprocess.run(words, cwd=folder, env=environment, capture_output=True, text=True, check=False)
    wall = time.perf_counter() - began
    others = (_busy_seconds() - busy) - (_own_seconds() - own)
    newest = _newest(folder)
    if newest is None or newest.run.duration_ns > (wall + 1) * 1e9 or child.returncode > 1:
        raise SystemExit(f"{folder.name}: nothing was recorded\n{child.stdout[-2000:]}{child.stderr[-2000:]}")
    wait_ns = int((folder / "processor_wait").read_text(encoding="ascii"))
    return QuietRun(newest, max(0.0, others) / wall / (os.cpu_count() or 1), wait_ns)


def _newest(folder: Path) -> RecordedRun | None:
    path = folder / ".lapwing" / "store.sqlite"
    if not path.exists():
        return None
    with open_store(str(path), create=False) as store:
        digests = store.runs(RunQuery(limit=1))
        return store.read_run(digests[0].run.run_id) if digests else None


def _wait_for_quiet(patience: float = 20.0) -> None:
    until = time.monotonic() + patience
    while time.monotonic() < until:
        before = _busy_seconds()
        time.sleep(0.5)
        if (_busy_seconds() - before) / 0.5 / (os.cpu_count() or 1) < QUIET_SHARE:
            return


def _busy_seconds() -> float:
    """Time in which some process computed, over all processors, since the system's start."""
    words = Path("/proc/stat").read_text(encoding="ascii").split("\n", 1)[0].split()[1:]
    user, nice, system, _, _, irq, softirq, steal = (int(word) for word in words[:8])
    return (user + nice + system + irq + softirq + steal) / os.sysconf("SC_CLK_TCK")


def _own_seconds() -> float:
    used = resource.getrusage(resource.RUSAGE_CHILDREN)
    return used.ru_utime + used.ru_stime
