"""Are the suspects of this run really slower? They are run again, and judged on the evidence of all.

They run in processes of their own, after the session's own tests have ended, so that nothing of the
user's run can change. What ran before a suspect in the same process runs before it again: imports,
caches and fixtures of wider scope are then as warm as they were.
"""

import json
import tempfile
import time
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Final

from lapwing.analysis.gates import HALF
from lapwing.analysis.suspects import suspects
from lapwing.config.settings import Settings
from lapwing.errors import LapwingError
from lapwing.model.comparison import ChangeVerdict, RunComparison
from lapwing.model.metric import CPU, WALL
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun
from lapwing.model.value import Value
from lapwing.operations.child_process import run_process
from lapwing.operations.finish_run import FinishedRun
from lapwing.operations.judge_run import judge_run
from lapwing.operations.kept_apart import kept_apart
from lapwing.record.gather import gather
from lapwing.store.open_store import open_store
from lapwing.store.run_files.folder import create_run_folder
from lapwing.units import NS_PER_S, format_count, format_duration

PLAN_VARIABLE: Final = "LAPWING_CONFIRM_PLAN"

_FEWEST_WARMERS: Final = 3  # tests that run before each suspect, as they did
_MOST_WARMERS: Final = 50
_WARMING_NS: Final = 2 * NS_PER_S  # of a round, for the warmers beyond the fewest of all suspects
_MOST: Final = 100  # suspects; where more look slower, it is the machine or the whole code
_LEAST_PATIENCE_S: Final = 120.0
_SHARED_COUNTS: Final = 0.05  # of a test's time: more than so much of other fixtures is taken out


class Rerun(Value):
    """How the session's pytest is started again."""

    times: int  # rounds
    command: tuple[str, ...]
    folder: Path


def confirm_suspects(
    settings: Settings, finished: FinishedRun, rerun: Rerun, *, environ: Mapping[str, str]
) -> FinishedRun:
    """`finished` with the verdict that rounds of running its suspects again lead to.

    The attempts are kept with the run, so that every later judgment of it has them, too. Nothing is
    run again for a run without suspects or a run that was cut short. An interrupt ends the rounds.
    """
    recorded, first = finished.recorded, finished.comparison
    if first is None or not recorded.run.is_complete or rerun.times < 1:
        return finished
    named = suspects(first, settings.change_thresholds)
    if not named:
        return finished
    chosen = named[:_MOST]
    began = time.monotonic_ns()
    lasting = _Lasting(first, chosen, settings.change_thresholds.warning, rerun.times)
    rounds, fault = _rounds(recorded, chosen, rerun, environ, lasting)
    attempts = [_comparable(record, recorded, -at) for at, records in enumerate(rounds) for record in records]
    if not attempts:
        return finished._replace(
            faults=(*finished.faults, f"the suspects could not be run again: {fault or 'none of them ran'}")
        )
    try:
        with open_store(settings.store, create=False, origin=settings.store_origin) as store:
            store.add_confirm_attempts(recorded.run.run_id, attempts)
            judged = judge_run(settings, store, [recorded.run])
    except LapwingError as error:
        return finished._replace(faults=(*finished.faults, f"what was run again is lost: {error}"))
    spent = format_duration(time.monotonic_ns() - began)
    slower = {
        each.nodeid
        for each in (judged.comparisons if judged else ())
        if each.verdict is ChangeVerdict.REGRESSED and each.nodeid in set(chosen)
    }
    left_out = f", {len(named) - len(chosen)} more were not" if len(named) > len(chosen) else ""
    note = (
        f"{format_count(len(chosen), 'test')} that looked slower ran again "
        f"{format_count(len(rounds), 'time')} in {spent}{left_out}: {len(slower)} slower, "
        f"{len(chosen) - len(slower)} not"
    )
    return finished._replace(comparison=judged, notes=(*finished.notes, note))


def _rounds(
    recorded: RecordedRun,
    chosen: Sequence[str],
    rerun: Rerun,
    environ: Mapping[str, str],
    lasting: "_Lasting",
) -> tuple[list[list[TestRecord]], str]:
    """The suspects' records, round by round, and what went wrong last.

    The rounds end early where no suspect was slow in most of them.
    """
    rounds: list[list[TestRecord]] = []
    fault = ""
    names = run_order(recorded, chosen)
    wanted = set(chosen)
    try:
        while len(rounds) < rerun.times and lasting.is_open(rounds):
            with tempfile.TemporaryDirectory(prefix="lapwing-again-", ignore_cleanup_errors=True) as folder:
                records, fault = _one_process(recorded, names, rerun, environ, Path(folder))
            by_worker: dict[str, list[TestRecord]] = {}
            for record in records:
                if record.nodeid in wanted and record.attempt == 1:
                    by_worker.setdefault(record.worker, []).append(record)
            if not by_worker:
                break
            rounds += by_worker.values()
    except (KeyboardInterrupt, OSError, LapwingError) as error:
        fault = "interrupted" if isinstance(error, KeyboardInterrupt) else str(error)
    return rounds[: rerun.times], fault


class _Lasting:
    """Whether more rounds could show that a suspect is slower."""

    def __init__(self, first: RunComparison, chosen: Sequence[str], warning: float, times: int) -> None:
        self._most_quick = times // 2
        self._limits: dict[str, dict[str, float]] = {nodeid: {} for nodeid in chosen}
        for each in first.comparisons:
            if each.nodeid in self._limits:
                self._limits[each.nodeid][each.metric] = each.before * (1 + warning * HALF)

    def is_open(self, rounds: Sequence[Sequence[TestRecord]]) -> bool:
        """False once every suspect was quick in more than half of all the rounds there are to be.

        Quick is under half of the threshold by CPU time and by wall time less the wait for a processor.
        """
        quick = dict.fromkeys(self._limits, 0)
        for record in (each for records in rounds for each in records):
            quick[record.nodeid] += self._is_quick(record)
        return any(count <= self._most_quick for count in quick.values())

    def _is_quick(self, record: TestRecord) -> bool:
        limits = self._limits[record.nodeid]
        free = (record.duration_ns or 0) - (record.run_delay_ns or 0)
        times = ((free, WALL), (record.cpu_ns, CPU))
        known = [(spent, limits[clock.name]) for spent, clock in times if spent and clock.name in limits]
        return record.outcome == Outcome.PASSED and all(spent <= limit for spent, limit in known)


def run_order(recorded: RecordedRun, chosen: Sequence[str]) -> tuple[str, ...]:
    """The suspects in the order they ran, worker by worker, each behind tests that ran before it.

    Three at least, and further back as many as the suspects' common two seconds allow: whichever test first
    used a library or a table paid for it, and in a process of its own the suspect would.
    """
    by_worker: dict[str, list[TestRecord]] = {}
    for record in recorded.tests:
        by_worker.setdefault(record.worker, []).append(record)
    wanted = set(chosen)
    share = _WARMING_NS // max(len(wanted), 1)
    names: dict[str, None] = {}
    for _, records in sorted(by_worker.items()):
        ordered = sorted(records, key=lambda record: record.start_ns)
        for at, record in enumerate(ordered):
            if record.nodeid in wanted:
                first = _first_warmer(ordered, at, share)
                names.update(dict.fromkeys(each.nodeid for each in ordered[first : at + 1]))
    return tuple(names)


def _first_warmer(ordered: Sequence[TestRecord], suspect: int, most_ns: int) -> int:
    """The place in `ordered` from which on tests run before the `suspect`: few, or `most_ns` of them."""
    place, spent_ns = suspect, 0
    while place and suspect - place < _MOST_WARMERS:
        spent_ns += ordered[place - 1].duration_ns or 0
        if spent_ns > most_ns and suspect - place >= _FEWEST_WARMERS:
            break
        place -= 1
    return place


def _one_process(
    recorded: RecordedRun, names: Sequence[str], rerun: Rerun, environ: Mapping[str, str], folder: Path
) -> tuple[tuple[TestRecord, ...], str]:
    """Everything that one process (with its workers) recorded, and how it ended."""
    spool = create_run_folder(folder / "spool", recorded.run)
    plan, output = folder / "plan.json", folder / "output.txt"
    plan.write_text(
        json.dumps({"names": names, "spool": str(spool), "run_id": recorded.run.run_id, "work": str(folder)}),
        encoding="ascii",
    )
    inside = {
        **environ,
        PLAN_VARIABLE: str(plan),
        "PERFORMANCE_MONITORING": "0",
        "COVERAGE_FILE": str(folder / "coverage"),
    }
    command = [*rerun.command, *kept_apart(rerun.command, folder)]
    patience = max(_LEAST_PATIENCE_S, 10 * recorded.run.duration_ns / NS_PER_S)
    with output.open("wb") as stream:
        ended = run_process(command, rerun.folder, inside, stream, patience)
    gathered = gather(spool)
    if gathered is not None and gathered.recorded.tests:
        return tuple(gathered.recorded.tests), ""
    lines = output.read_text(encoding="utf-8", errors="replace").split("\n")
    said = next((line.strip() for line in reversed(lines) if "rror" in line), "")
    return (), f"{ended}{f', {said[:200]}' if said else ''}"


def _comparable(record: TestRecord, recorded: RecordedRun, attempt: int) -> TestRecord:
    """The record as an attempt that can be held against the run's own.

    Fixtures of wider scope that another test had set up in the run are taken out of wall time; their
    CPU time is not known, so that of the attempt counts as not measured.
    """
    own = next((each for each in recorded.tests if each.nodeid == record.nodeid), None)
    extra = record.shared_fixture_ns - (own.shared_fixture_ns if own is not None else 0)
    if extra > (record.duration_ns or 0) * _SHARED_COUNTS:
        setup = min(extra, record.setup_ns or 0)
        record = record._replace(
            setup_ns=(record.setup_ns or 0) - setup,
            teardown_ns=max(0, (record.teardown_ns or 0) - (extra - setup)),
            setup_cpu_ns=None,
            call_cpu_ns=None,
            teardown_cpu_ns=None,
            child_cpu_ns=None,
        )
    return record._replace(attempt=attempt)
