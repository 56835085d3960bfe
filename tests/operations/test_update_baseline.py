"""A baseline from a run that has just ended."""

from pathlib import Path

import pytest

from lapwing.config.load import load_settings
from lapwing.config.settings import Settings
from lapwing.model.record import Outcome, TestRecord
from lapwing.model.run import RecordedRun, Run
from lapwing.operations.update_baseline import update_from_recorded

SECOND = 1_000_000_000


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    (tmp_path / "tests").mkdir()
    return load_settings(tmp_path, flags={}, environ={})


def run_of(tests: int, *, outcome: Outcome = Outcome.PASSED, is_complete: bool = True) -> RecordedRun:
    run = Run(
        run_id="0192f3a1-7c11-7d2e-9f00-000000000001",
        started_at_ns=1_790_000_000 * SECOND,
        duration_ns=SECOND,
        is_complete=is_complete,
    )
    records = (
        TestRecord(nodeid=f"tests/test_a.py::t{at}", outcome=outcome, call_ns=SECOND) for at in range(tests)
    )
    return RecordedRun(run=run, tests=tuple(records))


def test_a_whole_run_is_written_and_said(settings: Settings) -> None:
    assert (
        update_from_recorded(settings, run_of(1))
        == f"wrote the baseline of 1 test to {settings.baseline_file}"
    )


@pytest.mark.parametrize(
    ("recorded", "why"),
    [
        (run_of(10, is_complete=False), "the run is incomplete"),
        (run_of(10, outcome=Outcome.FAILED), "no test passed in these runs"),
        (run_of(8), "only 8 of the 10 tests in the baseline passed this time"),
    ],
)
def test_a_run_that_cannot_stand_for_the_suite_leaves_the_baseline_and_says_so_in_one_line(
    settings: Settings, recorded: RecordedRun, why: str
) -> None:
    update_from_recorded(settings, run_of(10))
    before = settings.baseline_file.read_text()

    said = update_from_recorded(settings, recorded)

    assert said == f"{why}: the baseline stays as it is"
    assert settings.baseline_file.read_text() == before
