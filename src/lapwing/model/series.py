"""Columns of samples: what comparing reads, without a value object per test."""

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


class FailedAttempt(Value):
    """One attempt of one test that did not pass though it was to."""

    run_id: str
    nodeid: str
    outcome: str  # failed, error, timeout, crashed
    attempt: int
    is_last: bool  # no later attempt in this run


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
