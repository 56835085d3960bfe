"""Which runs were never stored? Takes killed runs, and runs the store refused, out of the spool."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from lapwing.measure.clock import CLOCKS
from lapwing.model.value import Value
from lapwing.record.gather import Gathered, gather
from lapwing.store.run_files.folder import (
    is_alive,
    is_held,
    put_aside,
    read_facts,
    remove_run_folder,
    run_folders,
)
from lapwing.units import NS_PER_S

if TYPE_CHECKING:
    from lapwing.store.protocol import Store


class Adopted(Value):
    """What was found in the spool."""

    run_ids: tuple[str, ...] = ()  # stored now, the oldest first
    killed: int = 0  # of these, runs that never came to their end
    tests: int = 0
    still_written: tuple[str, ...] = ()  # left alone: a process still writes into them
    unreadable: tuple[str, ...] = ()  # folders that hold no run of this version
    notes: tuple[str, ...] = ()  # what is to be said besides


def adopt_runs(spool: Path, store: Store, *, patience_ns: int = 0, except_run: str = "") -> Adopted:
    """Store the runs below `spool` that nobody writes any more, and remove their folders.

    Workers outlive a killed controller for a moment: a folder whose maker is dead is waited for
    up to `patience_ns`. Raises StoreError; the folders then stay.
    """
    run_ids: list[str] = []
    still_written: list[str] = []
    unreadable: list[str] = []
    notes: list[str] = []
    killed = tests = 0
    deadline = CLOCKS.wall() + patience_ns
    for folder in run_folders(spool):
        if folder.name == except_run:
            continue
        if _is_written(folder, deadline):
            still_written.append(folder.name)
            continue
        gathered = _gathered(folder)
        if gathered is None:
            unreadable.append(folder.name)
            continue
        if gathered.recorded.tests or gathered.recorded.benchmarks:
            store.write_run(gathered.recorded)
            run_ids.append(folder.name)
            tests += len(gathered.recorded.tests)
            killed += gathered.was_killed
        notes += filter(None, [release(folder, gathered)])
    return Adopted(tuple(run_ids), killed, tests, tuple(still_written), tuple(unreadable), tuple(notes))


def release(folder: Path, gathered: Gathered) -> str:
    """Remove the folder of a run that is stored; keep it aside if not all of it could be read.

    Returns what is to be said about it, "" for nothing.
    """
    if not gathered.broken_lines:
        remove_run_folder(folder)
        return ""
    try:
        place = put_aside(folder)
    except OSError:
        return f"{gathered.broken_lines} lines of the run could not be read; they stay in {folder}"
    return f"{gathered.broken_lines} lines of the run could not be read; they are kept in {place}"


def _is_written(folder: Path, deadline: int) -> bool:
    if not is_held(folder):
        return False
    try:
        facts = read_facts(folder)
    except ValueError:
        return True
    if facts is None or is_alive(facts.pid):
        return True
    import time

    while CLOCKS.wall() < deadline:
        time.sleep(0.05)
        if not is_held(folder):
            return False
    return True


def _gathered(folder: Path) -> Gathered | None:
    try:
        return gather(folder)
    except (OSError, ValueError):
        return None


PATIENCE_NS = 10 * NS_PER_S
"""How long a command waits for the workers of a killed controller."""
