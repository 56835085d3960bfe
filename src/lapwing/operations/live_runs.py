"""What is running now? Read from the files that test processes write while they run."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from lapwing.measure import psutil_facts
from lapwing.measure.clock import CLOCKS
from lapwing.model.live import LiveRun, RunningTest, SystemFacts
from lapwing.model.record import FAILURES
from lapwing.operations.remaining import remaining_by_count_ns, remaining_ns
from lapwing.store.run_files.folder import is_held, read_facts, run_folders
from lapwing.store.run_files.reader import ProcessSpool, process_files, read_process

_MOST_RUNNING = 50
_MOST_FAILURES = 20


class Expectation:
    """What is known of a suite's tests from its last runs: their medians and p95."""

    def __init__(
        self, p95_ns: Mapping[str, int] | None = None, p50_ns: Mapping[str, int] | None = None
    ) -> None:
        self.p95_ns = p95_ns or {}
        self.p50_ns = p50_ns or {}


def live_runs(spool: Path, expected: Expectation) -> list[LiveRun]:
    """The runs below `spool` that a living process writes, newest first. Unreadable ones are left out."""
    found = []
    for folder in run_folders(spool):
        if not is_held(folder):
            continue
        try:
            live = _live(folder, expected)
        except (OSError, ValueError):
            continue
        if live is not None:
            found.append(live)
    return found[::-1]


def as_expected(live: LiveRun, expected: Expectation) -> LiveRun:
    """A run that another machine told of, with what is known of its tests here."""
    running = tuple(each._replace(p95_ns=expected.p95_ns.get(each.nodeid)) for each in live.running)
    total = len(expected.p95_ns)
    left = remaining_by_count_ns(total, live.finished, spent_ns=live.elapsed_ns)
    return live._replace(expected=total or None, remaining_ns=left, running=running)


def system_facts() -> SystemFacts:
    """How busy this machine is; nothing where psutil is not installed."""
    return psutil_facts.system_facts()


def live_run_dict(live: LiveRun) -> dict[str, Any]:
    """A live run as JSON."""
    return {
        **live._asdict(),
        "running": [{**each._asdict(), "is_stuck": each.is_stuck} for each in live.running],
        "failures": list(live.failures),
    }


def _live(folder: Path, expected: Expectation) -> LiveRun | None:
    facts = read_facts(folder)
    if facts is None or facts.ended is not None:
        return None
    run, now = facts.started, CLOCKS.epoch()
    spools = [spool for path in process_files(folder) if (spool := read_process(path)) is not None]
    tests = [record for spool in spools for record in spool.tests]
    finished = {record.nodeid for record in tests}
    first = min((record.start_ns for record in tests), default=now)
    # With pytest-xdist the controller has a file of its own and runs no test.
    workers = len(spools) - 1 if len(spools) > 1 else 1
    failures = [record.nodeid for record in tests if record.outcome in FAILURES]
    running = sorted(filter(None, (_running(spool, now, expected) for spool in spools)), key=_longest_first)
    total = len(expected.p95_ns) or None
    return LiveRun(
        run_id=run.run_id,
        project=run.project,
        started_at_ns=run.started_at_ns,
        elapsed_ns=max(0, now - run.started_at_ns),
        finished=len(finished),
        failed=len(set(failures)),
        expected=total,
        remaining_ns=remaining_ns(
            expected.p50_ns,
            finished,
            spent_ns=max(0, now - first),
            workers=workers,
            running_ns={each.nodeid: each.elapsed_ns for each in running},
        ),
        running=tuple(running[:_MOST_RUNNING]),
        failures=tuple(failures[::-1][:_MOST_FAILURES]),
    )


def _running(spool: ProcessSpool, now: int, expected: Expectation) -> RunningTest | None:
    begun = spool.running
    if begun is None:
        return None
    elapsed = max(0, now - begun.start_ns)
    return RunningTest(begun.nodeid, spool.worker, elapsed, expected.p95_ns.get(begun.nodeid))


def _longest_first(test: RunningTest) -> int:
    return -test.elapsed_ns
