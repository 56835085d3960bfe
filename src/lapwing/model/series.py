"""Columns of samples: what comparing reads, without a value object per test."""

from collections.abc import Container
from typing import Self

from lapwing.model.last_attempt import last_attempts
from lapwing.model.record import Outcome
from lapwing.model.run import RecordedRun
from lapwing.model.value import Value


class RunSamples(Value):
    """One run as columns of equal length, one row per subject.

    Subjects are tests (last attempt, passed only), in execution order within each worker,
    workers one after another. `None` in a column means "not measured".
    """

    run_id: str
    subjects: tuple[str, ...]  # node ids, or names of fixtures, modules, groups
    workers: tuple[str, ...]
    wall_ns: tuple[int, ...]
    cpu_ns: tuple[int | None, ...]  # process and children
    peak_bytes: tuple[int | None, ...] = ()
    delta_bytes: tuple[int | None, ...] = ()
    involuntary_switches: tuple[int | None, ...] = ()
    run_delay_ns: tuple[int | None, ...] = ()
    machine_class: str = ""
    categories: tuple[str, ...] = ()
    gc_ns: tuple[int | None, ...] = ()  # pauses of the garbage collector, in wall time

    def only(self, subjects: Container[str]) -> Self:
        """The run with only those of its subjects that are in `subjects`, in their order."""
        kept = [at for at, subject in enumerate(self.subjects) if subject in subjects]
        if len(kept) == len(self.subjects):
            return self
        columns = {
            name: tuple(map(column.__getitem__, kept))
            for name, column in self._asdict().items()
            if isinstance(column, tuple) and len(column) == len(self.subjects)
        }
        return self._replace(**columns)


class FailedAttempt(Value):
    """One attempt of one test that did not pass though it was to."""

    run_id: str
    nodeid: str
    outcome: str  # failed, error, timeout, crashed
    attempt: int
    is_last: bool  # no later attempt in this run


def samples_of(recorded: RecordedRun) -> RunSamples:
    """A run's passed tests as columns, last attempts, in execution order within each worker."""
    tests = sorted(
        (
            each
            for each in last_attempts(recorded.tests)
            if each.outcome == Outcome.PASSED and each.duration_ns is not None
        ),
        key=lambda each: (each.worker, each.start_ns),
    )
    return RunSamples(
        run_id=recorded.run.run_id,
        subjects=tuple(each.nodeid for each in tests),
        workers=tuple(each.worker for each in tests),
        wall_ns=tuple(each.duration_ns or 0 for each in tests),
        cpu_ns=tuple(each.cpu_ns for each in tests),
        peak_bytes=tuple(each.peak_bytes for each in tests),
        delta_bytes=tuple(each.delta_bytes for each in tests),
        involuntary_switches=tuple(each.involuntary_switches for each in tests),
        run_delay_ns=tuple(each.run_delay_ns for each in tests),
        machine_class=recorded.run.machine_class,
        categories=tuple(each.category for each in tests),
        gc_ns=tuple(each.gc_ns for each in tests),
    )


class HistoryPoint(Value):
    """One run of one test, as its history shows it."""

    run_id: str
    started_at_ns: int  # of the run, since the epoch
    commit: str | None
    branch: str | None
    is_complete: bool
    outcome: str
    attempt: int
    wall_ns: int | None
    cpu_ns: int | None
    peak_bytes: int | None
    delta_bytes: int | None
    machine_class: str
