"""The spool folder of one run: facts at its start, a file per process, facts at its end.

A process that writes into a folder holds a shared lock on it; the operating system lets go of
that lock when the process dies, however it dies. A folder that nobody holds is an orphan: its
run was killed, or could not be stored, and waits to be gathered.
"""

from __future__ import annotations

import contextlib
import json
import os
import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any, Final

try:
    import fcntl
except ImportError:  # Windows
    fcntl = None  # type: ignore[assignment]

from lapwing.model.run import Run
from lapwing.model.run_codec import run_dict, run_of
from lapwing.model.value import Value
from lapwing.store.run_files.line import FORMAT
from lapwing.store.run_files.writer import name_folder

_START: Final = "run.json"
_END: Final = "end.json"
_LOCK: Final = "lock"


class RunFacts(Value):
    """What a folder says of its run. `ended` is None where the run was killed."""

    started: Run
    ended: Run | None
    pid: int


def create_run_folder(spool: Path, run: Run) -> Path:
    """The folder for a run that begins, with its facts. Raises OSError."""
    folder = spool / run.run_id
    folder.mkdir(parents=True)
    _write_json(folder / _START, {"format": FORMAT, "pid": os.getpid(), "run": run_dict(run)})
    return folder


def write_end(folder: Path, run: Run, *, started: Run | None = None) -> None:
    """Keep the facts at the end of a run, those that it `started` with left out. Raises OSError."""
    facts = run_dict(run)
    if started is not None:
        before = run_dict(started)
        facts = {name: value for name, value in facts.items() if value != before[name]}
    _write_json(folder / _END, {"format": FORMAT, "run": facts})


def read_facts(folder: Path) -> RunFacts | None:
    """What the folder says of its run; None where not even its start was written whole.

    Raises ValueError for a format of a newer version.
    """
    start = _read_json(folder / _START)
    if start is None:
        return None
    if start.get("format") != FORMAT:
        raise ValueError(f"{folder.name} has format {start.get('format')}, this version reads {FORMAT}")
    end = _read_json(folder / _END)
    try:
        return RunFacts(
            started=run_of(start["run"]),
            ended=run_of({**start["run"], **end["run"]}) if end else None,
            pid=start["pid"],
        )
    except (KeyError, TypeError):
        return None


def hold(folder: Path) -> int:
    """Mark this process as one that writes into `folder`; returns what `let_go` needs."""
    if fcntl is None:
        return -1
    try:
        fd = os.open(folder / _LOCK, os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o644)
    except OSError:
        return -1
    try:
        fcntl.flock(fd, fcntl.LOCK_SH)
    except OSError:
        os.close(fd)
        return -1
    return fd


def let_go(fd: int) -> None:
    """This process writes no more."""
    if fd >= 0:
        with contextlib.suppress(OSError):
            os.close(fd)


def is_held(folder: Path) -> bool:
    """Whether a living process writes into `folder`."""
    if fcntl is not None:
        try:
            fd = os.open(folder / _LOCK, os.O_RDWR)
        except OSError:
            return False
        try:
            fcntl.flock(fd, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            return True
        except OSError:
            pass  # a file system without locks: ask for the process instead
        else:
            return False
        finally:
            os.close(fd)
    start = _read_json(folder / _START)
    maker = None if start is None else start.get("pid")
    return isinstance(maker, int) and maker != os.getpid() and is_alive(maker)


def run_folders(spool: Path) -> Iterator[Path]:
    """The folders below `spool`, the oldest run first."""
    try:
        names = sorted(path.name for path in spool.iterdir())
    except OSError:
        return
    for name in names:
        folder = spool / name
        if folder.is_dir():
            yield folder


def watchdog_file(worker: str) -> str:
    """Name of the file in which a watchdog leaves the stack of a test of `worker` that it ended."""
    return f"{worker}.stack"


def remove_run_folder(folder: Path) -> None:
    """Remove a folder that has been gathered; what cannot be removed stays for the next time."""
    shutil.rmtree(folder, ignore_errors=True)


def is_alive(pid: int) -> bool:
    """Whether there is a process `pid`, ours or someone else's."""
    try:
        os.kill(pid, 0)
    except ProcessLookupError:
        return False
    except OSError:
        return True
    return True


def put_aside(folder: Path) -> Path:
    """Move a folder with lines that cannot be read out of the spool, for a person to look at."""
    aside = folder.parent.parent / "unread" / folder.name
    aside.parent.mkdir(exist_ok=True)
    return folder.rename(aside)


def _write_json(path: Path, value: Any) -> None:
    beside = f"{path}.new"
    rest = json.dumps(value).encode()
    fd = os.open(beside, os.O_WRONLY | os.O_CREAT | os.O_TRUNC | getattr(os, "O_BINARY", 0), 0o644)
    try:
        while rest:
            rest = rest[os.write(fd, rest) :]
    except OSError as error:
        raise name_folder(error, path) from None
    finally:
        os.close(fd)
    os.replace(beside, path)  # noqa: PTH105, a path's `replace` makes another path first


def _read_json(path: Path) -> dict[str, Any] | None:
    try:
        value = json.loads(path.read_bytes())
    except (OSError, ValueError):
        return None
    return value if isinstance(value, dict) else None
