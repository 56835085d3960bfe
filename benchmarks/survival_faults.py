"""Trouble with disk and store during a tracked run, one function per kind of trouble."""

import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, contextmanager
from pathlib import Path
from typing import NamedTuple

from child_pytest import TRACKED, UNTRACKED, finished_tests, run, stored_runs
from survival_suite import TESTS, expected_outcome, write_suite

_HOLD_S = 30
_HOLD = f"""
import sqlite3, sys, time
connection = sqlite3.connect(sys.argv[1], isolation_level=None)
connection.execute("BEGIN EXCLUSIVE")
print("held", flush=True)
time.sleep({_HOLD_S})
"""


class Trouble(NamedTuple):
    """A project in trouble: a command to start others with, and what ends the trouble."""

    wrapper: Sequence[str]
    mend: Callable[[], object]


class Fault(NamedTuple):
    """A kind of trouble. `bring` takes the folder for a project and writes the suite into it."""

    name: str
    bring: Callable[[Path], AbstractContextManager[Trouble]]


class Endured(NamedTuple):
    """What a run in trouble did."""

    fault: str
    workers: int
    exit_codes: tuple[int, int]  # untracked, tracked
    is_same: bool  # outcome of every phase, and the line that sums them up
    warnings: list[str]
    wall: float
    tests: int
    taken_in: int  # of the run's tests, those in the store after mending and one command
    complaints: list[str]


class NotHereError(Exception):
    """This machine cannot be brought into this trouble; the text says why."""


def endure(fault: Fault, base: Path, workers: int) -> Endured | str:
    """Run the suite untracked and tracked in the trouble `fault`; a text where that is not possible."""
    folder = base / f"{fault.name} {workers}"
    folder.mkdir()
    parallel = ("-p", "xdist", "-n", str(workers)) if workers else ()
    journals = base / f"{folder.name} without", base / f"{folder.name} with"
    try:
        with fault.bring(folder) as trouble:
            before = {each.run.run_id for each in stored_runs(folder)} if _is_readable(folder) else set()
            without = run(folder, (*parallel, *UNTRACKED), journals[0], wrapper=trouble.wrapper)
            tracked = run(folder, (*parallel, *TRACKED), journals[1], wrapper=trouble.wrapper)
            trouble.mend()
            done = subprocess.run(
                [sys.executable, "-m", "lapwing", "runs"],
                cwd=folder,
                capture_output=True,
                text=True,
                check=False,
            )
            new = [stored for stored in stored_runs(folder) if stored.run.run_id not in before]
    except NotHereError as reason:
        return str(reason)
    finally:
        shutil.rmtree(folder, ignore_errors=True)
    complaints = []
    if done.returncode or "Traceback" in done.stderr + tracked.output:
        complaints.append(f"`lapwing runs` ended with {done.returncode}: {done.stderr.strip()[-300:]}")
    recorded = {test.nodeid: test.outcome.value for each in new for test in each.tests}
    wrong = [name for name, how in recorded.items() if how not in (expected_outcome(name), "unfinished")]
    if wrong:
        complaints.append(f"recorded with another outcome: {wrong}")
    if len(finished_tests(journals[1])) != TESTS:
        complaints.append(f"only {len(finished_tests(journals[1]))} tests ran")
    is_same = without.outcomes == tracked.outcomes and without.outcome_line == tracked.outcome_line
    if not is_same:
        complaints.append(f"without: {without.outcome_line}; with: {tracked.outcome_line}")
        complaints.append(tracked.output[-1500:])
    return Endured(
        fault=fault.name,
        workers=workers,
        exit_codes=(without.exit_code, tracked.exit_code),
        is_same=is_same,
        warnings=tracked.warnings,
        wall=tracked.wall,
        tests=TESTS,
        taken_in=sum(how != "unfinished" for how in recorded.values()),
        complaints=complaints,
    )


def _small_disk(room_bytes: int) -> Callable[[Path], AbstractContextManager[Trouble]]:
    """A project on a disk of its own with so much room left."""

    @contextmanager
    def bring(folder: Path) -> Iterator[Trouble]:
        _as_root("mount", "-t", "tmpfs", "-o", "size=2m", "lapwing-benchmark", str(folder))
        try:
            write_suite(folder)
            filler = folder / "filler"
            free = os.statvfs(folder).f_bavail * os.statvfs(folder).f_frsize
            filler.write_bytes(bytes(free - room_bytes))
            yield Trouble((), filler.unlink)
        finally:
            _as_root("umount", "--lazy", str(folder))

    return bring


@contextmanager
def _file_size_limit(folder: Path) -> Iterator[Trouble]:
    """No file may grow beyond 20 KiB."""
    if shutil.which("prlimit") is None:
        raise NotHereError("prlimit is not installed")
    write_suite(folder)
    yield Trouble(("prlimit", "--fsize=20480"), lambda: None)


def _read_only(*, has_store: bool) -> Callable[[Path], AbstractContextManager[Trouble]]:
    """A project that may only be read."""

    @contextmanager
    def bring(folder: Path) -> Iterator[Trouble]:
        write_suite(folder)
        if has_store:
            _record_once(folder)
        if os.geteuid():
            _may_write(folder, False)
            try:
                yield Trouble((), lambda: _may_write(folder, True))
            finally:
                _may_write(folder, True)
            return
        _as_root("mount", "--bind", str(folder), str(folder))
        try:
            _as_root("mount", "-o", "remount,ro,bind", str(folder))
            yield Trouble((), lambda: _as_root("mount", "-o", "remount,rw,bind", str(folder)))
        finally:
            _as_root("umount", "--lazy", str(folder))

    return bring


@contextmanager
def _locked(folder: Path) -> Iterator[Trouble]:
    """Another process holds the store for 30 seconds."""
    write_suite(folder)
    _record_once(folder)
    holder = subprocess.Popen(
        [sys.executable, "-c", _HOLD, str(folder / ".lapwing" / "store.sqlite")],
        stdout=subprocess.PIPE,
        text=True,
    )
    try:
        assert holder.stdout is not None
        holder.stdout.readline()

        def let_go() -> None:
            holder.kill()
            holder.wait()

        yield Trouble((), let_go)
    finally:
        holder.kill()
        holder.wait()


@contextmanager
def _garbage(folder: Path) -> Iterator[Trouble]:
    """Something else lies where the store was."""
    write_suite(folder)
    _record_once(folder)
    _remove_store(folder)
    (folder / ".lapwing" / "store.sqlite").write_bytes(os.urandom(100_000))
    yield Trouble((), lambda: _remove_store(folder))


def _damage(commands: str) -> Callable[[Path], AbstractContextManager[Trouble]]:
    """A test of the suite runs shell commands in the project."""

    @contextmanager
    def bring(folder: Path) -> Iterator[Trouble]:
        write_suite(folder)
        _record_once(folder)
        (folder / "damage.sh").write_text(f"{commands}\n")

        def mend() -> None:
            if not _is_readable(folder):
                _remove_store(folder)

        yield Trouble((), mend)

    return bring


FAULTS = (
    Fault("disk full from the start", _small_disk(0)),
    Fault("disk full among the tests", _small_disk(24 << 10)),
    Fault("disk full when storing", _small_disk(96 << 10)),
    Fault("files limited to 20 KiB", _file_size_limit),
    Fault("read-only checkout, no store", _read_only(has_store=False)),
    Fault("read-only checkout, a store", _read_only(has_store=True)),
    Fault(f"store locked for {_HOLD_S} s", _locked),
    Fault("garbage for a store", _garbage),
    Fault(
        "store spoilt by a test",
        _damage("rm -f .lapwing/store.sqlite-*; head -c 100000 /dev/urandom > .lapwing/store.sqlite"),
    ),
    Fault("a test removes .lapwing", _damage("rm -rf .lapwing")),
)


def _record_once(folder: Path) -> None:
    """A first run, so that there is a store."""
    ended = run(folder, TRACKED, folder.parent / "first")
    if ended.exit_code or ended.warnings:
        raise SystemExit(f"the suite fails by itself:\n{ended.output[-2000:]}")


def _is_readable(folder: Path) -> bool:
    """Whether the store, if any, begins like one."""
    path = folder / ".lapwing" / "store.sqlite"
    return not path.exists() or path.read_bytes()[:15] == b"SQLite format 3"


def _remove_store(folder: Path) -> None:
    for path in (folder / ".lapwing").glob("store.sqlite*"):
        path.unlink()


def _may_write(folder: Path, may: bool) -> None:
    for path in (folder, *folder.rglob("*")):
        mode = path.stat().st_mode
        path.chmod(mode | 0o200 if may else mode & ~0o222)


def _as_root(*words: str) -> None:
    done = subprocess.run(words, capture_output=True, text=True, check=False)
    if done.returncode:
        raise NotHereError(f"{words[0]} is refused: {done.stderr.strip()}")
