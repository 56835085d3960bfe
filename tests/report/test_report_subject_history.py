"""What the page of one test says first."""

import pytest

from lapwing.analysis.change_points import series_change
from lapwing.model.history import SubjectHistory
from lapwing.model.series import HistoryPoint
from lapwing.report.page import Tone
from lapwing.report.pages.subject_history import subject_history_page

LEVEL = (50e6, 51e6, 49e6, 50e6, 52e6, 50e6, 48e6, 51e6, 50e6, 49e6, 50e6, 51e6)


def history(*newest: float) -> SubjectHistory:
    values = (*LEVEL, *newest)
    points = tuple(
        HistoryPoint(
            run_id=f"run-{at}",
            started_at_ns=at * 10**9,
            commit=None,
            branch=None,
            is_complete=True,
            outcome="passed",
            attempt=1,
            wall_ns=int(value),
            cpu_ns=None,
            peak_bytes=None,
            delta_bytes=None,
            machine_class="",
        )
        for at, value in enumerate(values)
    )
    return SubjectHistory(
        nodeid="test_a.py::test_a",
        metric="wall",
        points=points,
        measured=tuple(range(len(values))),
        values=values,
        factors=(1.0,) * len(values),
        change=series_change(values),
    )


@pytest.mark.parametrize(
    ("newest", "said", "tone"),
    [
        ((), "No step in 12 runs; now 51.0 ms.", Tone.GOOD),
        ((390e6, 350e6), "but the newest is over three times their level: 350 ms.", Tone.UNSURE),
        ((390e6, 50e6), "No step in 14 runs; now 50.0 ms.", Tone.GOOD),
    ],
)
def test_a_newest_run_far_off_is_not_called_well(newest, said, tone):
    page = subject_history_page(history(*newest), most=0, width=80)

    assert page.verdict.endswith(said)
    assert page.tone is tone
