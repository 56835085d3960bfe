"""Do set-ups compute longer than calls have it?"""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.setup_share import Phases, set_ups_compute_longer_ns
from lapwing.model.thresholds import ChangeThresholds

MS = 1_000_000
LIMITS = ChangeThresholds()
speeds = st.lists(st.floats(0.2, 5.0), min_size=4, max_size=9)


def run(*, setup_ms=20.0, call_ms=50.0, speed=1.0, tests=40):
    """A run on a machine on which all takes `speed` times as long."""
    phases = Phases(round(setup_ms * MS * speed), round(call_ms * MS * speed))
    return {f"test_{at}": phases for at in range(tests)}


@given(speeds)
def test_a_machine_of_any_speed_is_no_set_up(found):
    *before, now = found

    runs = [run(speed=speed) for speed in before]

    assert set_ups_compute_longer_ns(runs, [run(speed=now)], LIMITS) == 0


@given(speeds)
def test_longer_set_ups_are_seen_on_a_machine_of_any_speed(found):
    *before, now = found

    runs = [run(speed=speed) for speed in before]
    more_ns = set_ups_compute_longer_ns(runs, [run(setup_ms=40.0, speed=now)], LIMITS)

    assert more_ns == pytest.approx(40 * 20 * MS * now, rel=1e-3)


@pytest.mark.parametrize(
    ("before", "after"),
    [
        ([run(), run()], [run(setup_ms=40)]),  # two runs do not show how much it varies
        ([run()] * 5, []),
        ([run()] * 5, [run(setup_ms=22)]),  # under the threshold of sums
        (
            [run()] * 5,
            [run() | run(call_ms=5, tests=15)],
        ),  # some calls compute less: set-ups take what they took
        ([*[run()] * 5, run(setup_ms=40)], [run(setup_ms=40)]),  # a run of the baseline had it, too
        ([run(call_ms=0.1)] * 5, [run(call_ms=0.1, setup_ms=40)]),  # no calls to measure by
        ([run(setup_ms=at) for at in (10, 20, 30, 15, 25)], [run(setup_ms=32)]),  # it varies by as much
        ([run(tests=3)] * 5, [{"another": Phases(40 * MS, 50 * MS)}]),  # no test in common
    ],
)
def test_what_is_not_sure_is_nothing(before, after):
    assert set_ups_compute_longer_ns(before, after, LIMITS) == 0
