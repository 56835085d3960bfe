"""Killing a process of a tracked run at a random moment, and looking for what it had finished."""

import os
import random
import shutil
import signal
import subprocess
import sys
from collections.abc import Sequence
from pathlib import Path
from time import monotonic, sleep
from typing import NamedTuple

from child_pytest import (
    TRACKED,
    UNTRACKED,
    command,
    environment,
    finished_tests,
    read_reports,
    stored_runs,
)
from survival_suite import TESTS, expected_outcome, write_suite

TARGETS = ("only process", "worker", "controller")
_PARALLEL = ("-p", "xdist", "-n", "2")
_AT_START = -1
_POLL_S = 0.0005
_LONGEST_S = 600.0  # of a suite of seconds: on a machine with many processes in line it takes minutes
_TWINS = 10
_STARTING_SHARE, _ENDING_SHARE = 0.1, 0.15


class Moment(NamedTuple):
    """When to kill: `delay` seconds after so many tests are over (-1: after the process's start)."""

    after: int
    delay: float

    def __str__(self) -> str:
        since = "the start" if self.after == _AT_START else f"{self.after} tests"
        return f"{self.delay * 1000:.1f} ms after {since}"


class Killed(NamedTuple):
    """What came of one kill."""

    target: str
    moment: Moment
    finished: int
    missing: list[str]
    wrong: list[str]
    needed_second_command: bool
    running_named: bool | None  # None where no test was running
    same_as_untracked: bool | None  # None where the run does not go on
    complaints: list[str]

    @property
    def recovered(self) -> bool:
        """Whether all that was finished is in the store."""
        return not self.missing


class Shape(NamedTuple):
    """What a run told whose worker was killed, whichever test that hit."""

    exit_code: int | None
    crashed: int
    untold: list[str]
    unexpected: list[str]


class Killer:
    """Kills runs below `base`; the moments follow from `seed`."""

    def __init__(self, base: Path, seed: int) -> None:
        self._base = base
        self._chance = random.Random(seed)
        self._lengths = {target: self._measure(target) for target in TARGETS}

    def kill(self, target: str, number: int, kills: int) -> Killed:
        """Kill `target` for the `number`th time of `kills`. Moments at which it is gone are drawn anew."""
        while True:
            moment = self._moment(target, number / kills)
            worker = f"gw{self._chance.randrange(2)}" if target == "worker" else ""
            found = self._kill(target, moment, worker)
            if found is not None:
                return found

    def _moment(self, target: str, share: float) -> Moment:
        starting, ending = self._lengths[target]
        if share < _STARTING_SHARE:
            return Moment(_AT_START, self._chance.uniform(0, starting))
        if share >= 1 - _ENDING_SHARE:
            return Moment(TESTS, self._chance.uniform(0, ending))
        return Moment(self._chance.randrange(TESTS), self._chance.uniform(0, 0.02))

    def _project(self) -> tuple[Path, Path]:
        """A fresh project and a place for its journal."""
        folder, journal = self._base / "killed", self._base / "killed.journal"
        for each in (folder, journal):
            shutil.rmtree(each, ignore_errors=True)
        write_suite(folder)
        return folder, journal

    def _start(
        self, target: str, mode: Sequence[str], folder: Path, journal: Path
    ) -> subprocess.Popen[bytes]:
        parallel = () if target == "only process" else _PARALLEL
        return subprocess.Popen(
            command(*parallel, *mode),
            cwd=folder,
            env=environment(journal),
            stdin=subprocess.DEVNULL,
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )

    def _measure(self, target: str) -> tuple[float, float]:
        """Seconds from a run's start to its first test's end, and from its last test's end to its own."""
        longest = (0.0, 0.0)
        for _ in range(2):
            folder, journal = self._project()
            begin = monotonic()
            child = self._start(target, TRACKED, folder, journal)
            _wait_for(journal, 1, child)
            first = monotonic()
            _wait_for(journal, TESTS, child)
            last = monotonic()
            if child.wait(_LONGEST_S):
                raise SystemExit(f"the suite fails by itself: exit code {child.returncode}")
            longest = (first - begin, monotonic() - last)
        return longest

    def _kill(self, target: str, moment: Moment, worker: str) -> Killed | None:
        folder, journal = self._project()
        child = self._start(target, TRACKED, folder, journal)
        try:
            if not _strike(child, journal, moment, worker):
                return None
            child.wait(_LONGEST_S)
            complaints: list[str] = []
            _next_command(folder, complaints)
            _wait_for_the_end_of_workers(journal)
            needed_second = not _recorded(folder).keys() >= set(finished_tests(journal))
            if needed_second:
                _next_command(folder, complaints)
            if left := _spool_content(folder):
                complaints.append(f"left in the spool: {left}")
            shape = None
            if target == "worker":
                shape = _shape(child.returncode, journal)
            finished, recorded = finished_tests(journal), _recorded(folder)
            running = [nodeid for nodeid, how in recorded.items() if how in ("unfinished", "crashed")]
        finally:
            _end(child, journal)
        is_same = None
        if shape is not None:
            untracked = self._untracked_shapes(moment, worker, shape)
            is_same = shape in untracked
            if not is_same:
                complaints.append(f"tracked {shape}, untracked {untracked}")
        return Killed(
            target=target,
            moment=moment,
            finished=len(finished),
            missing=[f"missing: {nodeid}" for nodeid in finished if nodeid not in recorded],
            wrong=[
                f"{nodeid} is {recorded[nodeid]}"
                for nodeid in finished
                if nodeid in recorded and recorded[nodeid] != expected_outcome(nodeid)
            ],
            needed_second_command=needed_second,
            running_named=bool(running) if 0 <= moment.after < TESTS else None,
            same_as_untracked=is_same,
            complaints=complaints,
        )

    def _untracked_shapes(self, moment: Moment, worker: str, wanted: Shape) -> list[Shape]:
        """Shapes of untracked runs whose `worker` is killed at `moment`, until one is `wanted`.

        Where a worker is about to begin its first test or to end, a millisecond decides whether
        a crash is told at all: one run is not enough to say what happens without us.
        """
        shapes: list[Shape] = []
        while len(shapes) < _TWINS and wanted not in shapes:
            folder, journal = self._project()
            child = self._start("worker", UNTRACKED, folder, journal)
            try:
                if _strike(child, journal, moment, worker):
                    shapes.append(_shape(child.wait(_LONGEST_S), journal))
            finally:
                _end(child, journal)
        return shapes


def _strike(child: subprocess.Popen[bytes], journal: Path, moment: Moment, worker: str) -> bool:
    """Wait for `moment` and kill `worker`, or `child` itself. False where it was gone by then."""
    if moment.after != _AT_START:
        _wait_for(journal, moment.after, child)
    sleep(moment.delay)
    if child.poll() is not None:
        return False
    if not worker:
        child.kill()
        return True
    pid = _processes(journal).get(worker)
    if pid is None or not _is_running(pid):
        return False
    os.kill(pid, signal.SIGKILL)
    return True


def _wait_for(journal: Path, finished: int, child: subprocess.Popen[bytes]) -> None:
    """Return when so many tests are over, or `child` is."""
    deadline = monotonic() + _LONGEST_S
    while child.poll() is None and len(finished_tests(journal)) < finished:
        if monotonic() > deadline:
            raise SystemExit("the suite hangs")
        sleep(_POLL_S)


def _next_command(folder: Path, complaints: list[str]) -> None:
    """Run `lapwing runs`, as someone would who looks at what was left."""
    done = subprocess.run(
        [sys.executable, "-m", "lapwing", "runs"], cwd=folder, capture_output=True, text=True, check=False
    )
    if done.returncode not in (0, 2) or "Traceback" in done.stderr:
        complaints.append(f"`lapwing runs` ended with {done.returncode}: {done.stderr.strip()[-300:]}")


def _recorded(folder: Path) -> dict[str, str]:
    """Node id -> outcome of everything in the store."""
    return {test.nodeid: test.outcome.value for stored in stored_runs(folder) for test in stored.tests}


def _spool_content(folder: Path) -> list[str]:
    """What lies in the spool."""
    spool = folder / ".lapwing" / "spool"
    return sorted(str(path.relative_to(spool)) for path in spool.rglob("*"))


def _shape(exit_code: int, journal: Path) -> Shape:
    told: dict[str, str] = {}
    crashed: set[str] = set()
    unexpected: list[str] = []
    for report in read_reports(journal):
        if report.when not in ("setup", "call", "teardown"):
            crashed.add(report.nodeid)  # pytest-xdist tells a crash with a phase of its own
        elif report.when == "call" or report.outcome != "passed":
            told[report.nodeid] = "xfailed" if report.expected else report.outcome
    unexpected += [
        f"{nodeid} {how}" for nodeid, how in sorted(told.items()) if how != expected_outcome(nodeid)
    ]
    missing = [] if len(told.keys() | crashed) == TESTS else [f"{len(told.keys() | crashed)} of {TESTS} told"]
    return Shape(exit_code, len(crashed), missing, unexpected)


def _processes(journal: Path) -> dict[str, int]:
    file = journal / "processes"
    lines = file.read_text().splitlines() if file.exists() else []
    return {name: int(pid) for name, _, pid in (line.partition(" ") for line in lines)}


def _is_running(pid: int) -> bool:
    """Whether `pid` lives; what is dead and waits to be reaped does not."""
    try:
        state = Path(f"/proc/{pid}/stat").read_text().rpartition(")")[2].split()[0]
    except OSError:
        return False
    return state not in "ZX"


def _wait_for_the_end_of_workers(journal: Path) -> None:
    """Return when all processes of the run are gone."""
    deadline = monotonic() + _LONGEST_S
    while any(_is_running(pid) for pid in _processes(journal).values()):
        if monotonic() > deadline:
            break
        sleep(0.01)


def _end(child: subprocess.Popen[bytes], journal: Path) -> None:
    """Leave no process behind."""
    if child.poll() is None:
        child.kill()
        child.wait()
    for pid in _processes(journal).values():
        if _is_running(pid):
            os.kill(pid, signal.SIGKILL)
