"""A run: one execution of a suite, where it happened and on what."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from lapwing.model.record import CollectRecord, FixtureRecord, TestRecord
from lapwing.model.value import Value

if TYPE_CHECKING:
    from lapwing.model.budget import TestBudgets
    from lapwing.model.import_cost import ImportCost
    from lapwing.model.measurement import BenchmarkRecord


class Revision(Value):
    """The state of the source that ran. All None outside a repository."""

    commit: str | None = None
    branch: str | None = None  # None on a detached head that CI does not name
    base: str | None = None  # merge base with the base branch, where known
    dirty: bool | None = None  # uncommitted changes of tracked files; None if unknown


class Machine(Value):
    """The machine that ran it, as far as it decides how fast tests are."""

    cpu_model: str = ""
    cores: int = 0  # processors this process may use
    memory_bytes: int = 0
    system: str = ""  # Linux, Darwin, Windows
    kernel: str = ""
    cpu_limit: float | None = None  # processors granted by the container
    memory_limit_bytes: int | None = None
    hostname: str = ""


class CiJob(Value):
    """The CI job that ran it."""

    provider: str
    pipeline: str | None = None
    job: str | None = None
    url: str | None = None
    pull_request: str | None = None


class WorkerFacts(Value):
    """One process that ran tests."""

    name: str
    pid: int
    start_ns: int = 0  # offset of its first moment from the run's start
    warmup_ns: int | None = None  # from there to its first test; None where it ran none
    end_ns: int | None = None  # None where it was killed
    crashed: bool = False
    conftests_ns: int | None = None  # what the conftest files loaded at its start took; None if unknown
    boot_cpu_ns: int | None = None  # processor time from its start until it began to record
    end_blocks: int | None = None  # of memory that Python's allocator had given out as it ended


class Run(Value):
    """One execution of a suite."""

    run_id: str
    started_at_ns: int  # since the epoch, UTC
    duration_ns: int
    project: str = ""
    package: str = ""
    root: str = ""
    revision: Revision = Revision()
    machine: Machine = Machine()
    ci: CiJob | None = None
    python: str = ""  # 3.12.1
    implementation: str = "cpython"
    packages: Mapping[str, str] = {}  # name -> version of what is installed
    command: tuple[str, ...] = ()
    runner: str = "pytest"  # for a run read from reports, who wrote them
    workers: int = 0  # 0: one process without pytest-xdist
    distribution: str = "no"
    processes: tuple[WorkerFacts, ...] = ()
    exit_status: int | None = None
    is_complete: bool = False  # every selected test ran to its end
    why_incomplete: str = ""
    deselected: int = 0
    load_average: float | None = None  # one-minute load when the run began
    startup_ns: int = 0  # from the start of the process's tracking to the start of collection

    @property
    def machine_class(self) -> str:
        """What must agree before raw times of two runs may be compared.

        CPU model, cores, container limits, Python minor version, workers; of a run read from reports,
        who wrote them.
        """
        machine = self.machine
        limit = "" if machine.cpu_limit is None else f"/{machine.cpu_limit:g}"
        memory = machine.memory_limit_bytes
        memory_text = "" if memory is None else f", {memory >> 20} MiB"
        minor = ".".join(self.python.split(".")[:2])
        place = f"{machine.cpu_model or machine.system}, {machine.cores}{limit} cores{memory_text}"
        if not self.implementation:  # read from reports, which do not tell
            return f"{place}, {self.runner}"
        return f"{place}, {self.implementation} {minor}, {self.workers} workers"


def unlike_text(other: Run, run: Run) -> str:
    """How the machine class of `other` differs from that of `run`, in words; "" where it does not."""
    if other.machine_class == run.machine_class:
        return ""
    if other._replace(workers=run.workers).machine_class == run.machine_class:
        return f"with {other.workers or 'no'} workers, this one with {run.workers or 'none'}"
    return f"on another machine class ({other.machine_class}; this one: {run.machine_class})"


class StoppedTest(Value):
    """Where a test was when its deadline stopped it."""

    nodeid: str
    attempt: int
    stack: str  # outermost call first, as Python prints it


class RecordedRun(Value):
    """A run with all that it recorded: what enters and leaves the store."""

    run: Run
    tests: Sequence[TestRecord] = ()
    fixtures: tuple[FixtureRecord, ...] = ()
    collection: tuple[CollectRecord, ...] = ()
    benchmarks: tuple[BenchmarkRecord, ...] = ()
    budgets: tuple[TestBudgets, ...] = ()  # limits that tests carry themselves
    stopped: tuple[StoppedTest, ...] = ()
    imports: tuple[ImportCost, ...] = ()  # slow ones of collection, largest first; empty where not asked for
