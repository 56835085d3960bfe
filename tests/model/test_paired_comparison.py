"""Which clock shows a paired verdict best."""

import pytest

from lapwing.model.comparison import ChangeVerdict, Comparison
from lapwing.model.metric import CPU, WALL
from lapwing.model.paired import PairedComparison

REGRESSED, CANNOT_TELL = ChangeVerdict.REGRESSED, ChangeVerdict.CANNOT_TELL


def clock(metric, verdict, low, ratio, high):
    return Comparison(
        nodeid="test_it",
        metric=metric.name,
        unit=metric.unit,
        verdict=verdict,
        before=100.0,
        after=100.0 * ratio,
        ratio=ratio,
        interval=(low, high),
        p=None,
        q=None,
    )


@pytest.mark.parametrize(
    ("wall", "told"),
    [
        ((REGRESSED, 21, 48, 286), "wall"),  # a sleep that computes a little, too
        ((REGRESSED, 1.3, 1.5, 3), "cpu"),  # as on a loaded machine
        ((CANNOT_TELL, 0.9, 1.3, 9), "cpu"),
    ],
)
def test_the_first_clock_tells_unless_another_lies_wholly_beyond_it(wall, told):
    clocks = (clock(CPU, REGRESSED, 1.02, 1.19, 1.42), clock(WALL, *wall))

    assert PairedComparison("test_it", REGRESSED, 10, comparisons=clocks).clearest.metric == told


def test_nothing_measured_shows_nothing():
    assert PairedComparison("test_it", CANNOT_TELL, 0).clearest is None
