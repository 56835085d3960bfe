"""What counts as growing, and how fast: readings in, an answer out."""

import pytest

from lapwing.perftest.leak_rule import grows, growth


@pytest.mark.parametrize(
    ("readings", "answer"),
    [
        ([1, 2, 3, 4, 5], True),
        ([9, 1, 2, 3, 4, 5], True),
        ([1, 2, 3, 4, 4], False),  # the last did not grow
        ([1, 2, 2, 3, 4], False),
        ([5, 4, 3, 2, 1], False),
        ([1, 2, 3, 4], False),  # too few
        ([], False),
    ],
)
def test_only_what_grew_four_times_in_the_end_grows(readings, answer):
    assert grows(readings) is answer


def test_growth_is_told_per_call_of_the_later_half():
    readings = [7_000, 3_000, 9_000, 0, *range(100, 1_100, 100)]

    found = growth(readings, calls_between=50)

    assert found.per_call == 2.0
    assert found.low <= 2.0 <= found.high


def test_one_wild_reading_does_not_move_the_growth():
    readings = [*range(0, 2_000, 100)]
    readings[15] = 90_000

    assert growth(readings, calls_between=10).per_call == pytest.approx(10, rel=0.1)


def test_two_readings_have_no_growth():
    with pytest.raises(ValueError, match="needs 4 readings"):
        growth([1, 2], calls_between=1)
