"""A small recorded run and the report on it, and a way to open files in a browser."""

from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from lapwing.model.record import CollectRecord, Count, FixtureRecord, Outcome, TestRecord
from lapwing.model.report import Report
from lapwing.model.run import Machine, RecordedRun, Revision, Run
from lapwing.operations.make_report import ReportWish, report_on

MS = 1_000_000


@pytest.fixture
def recorded() -> RecordedRun:
    """Four tests, one skipped and one that sleeps; a fixture set up three times."""
    return RecordedRun(
        run=Run(
            run_id="0192f3a1-7c11-7d2e-9f00-0123456789ab",
            started_at_ns=1_790_000_000_000_000_000,
            duration_ns=5_000 * MS,
            project="shop",
            revision=Revision(commit="c0ffee12" * 5, branch="main", dirty=False),
            machine=Machine(cpu_model="chip", cores=1, memory_bytes=8_000_000_000, system="Linux"),
            is_complete=True,
            startup_ns=100 * MS,
            load_average=0.5,
        ),
        tests=(
            TestRecord(
                nodeid="tests/unit/test_cart.py::test_total",
                outcome=Outcome.PASSED,
                setup_ns=10 * MS,
                call_ns=90 * MS,
                call_cpu_ns=90 * MS,
                peak_bytes=2_000_000,
                gc_ns=MS,
                run_delay_ns=MS,
                involuntary_switches=3,
                markers=("quick",),
            ),
            TestRecord(
                nodeid="tests/api/test_web.py::test_wait[a|b]",
                outcome=Outcome.PASSED,
                category="api",
                setup_ns=20 * MS,
                call_ns=3_000 * MS,
                call_cpu_ns=100 * MS,
                counters={"sleep": Count(count=2, time_ns=2_500 * MS)},
            ),
            TestRecord(
                nodeid="tests/api/test_web.py::test_fails",
                outcome=Outcome.FAILED,
                category="api",
                call_ns=400 * MS,
            ),
            TestRecord(nodeid="tests/test_later.py::test_later", outcome=Outcome.SKIPPED, setup_ns=MS),
        ),
        fixtures=tuple(
            FixtureRecord(
                name="database",
                scope="function",
                location="tests/conftest.py:7",
                requester="tests/unit/test_cart.py::test_total",
                setup_ns=5 * MS,
                teardown_ns=MS,
            )
            for _ in range(3)
        ),
        collection=(CollectRecord(nodeid="tests/unit/test_cart.py", duration_ns=60 * MS),),
    )


@pytest.fixture
def report_of(recorded: RecordedRun) -> Callable[..., Report]:
    """Makes the report on the run, or on another one given as `recorded`."""

    def make(**changes: Any) -> Report:
        run = changes.pop("recorded", recorded)
        wish = changes.pop("wish", ReportWish(slow_ns=1_000 * MS))
        return report_on(run, wish, source=changes.pop("source", "run"), **changes)

    return make


@pytest.fixture
def report(report_of: Callable[..., Report]) -> Report:
    """The report on that run."""
    return report_of()


@pytest.fixture
def open_offline(browser: Any) -> Iterator[Callable[..., Any]]:
    """Opens a file without a network; in the end nothing may have failed, or have been asked of one."""
    contexts, faults = [], []

    def open_with(file: Path, **options: Any) -> Any:
        context = browser.new_context(offline=True, **options)
        contexts.append(context)
        page = context.new_page()
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on("console", lambda said: faults.append(said.text) if said.type == "error" else None)
        page.on(
            "request", lambda asked: None if asked.url.startswith("file://") else faults.append(asked.url)
        )
        page.goto(file.as_uri())
        return page

    yield open_with
    for context in contexts:
        context.close()
    assert faults == []
