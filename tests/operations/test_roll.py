"""Names that are ticked off without being held."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.operations.roll import Roll

NAMES = st.text(max_size=4)


@given(expected=st.sets(NAMES), here=st.lists(NAMES))
def test_who_was_expected_and_never_ticked_is_missing(expected, here):
    roll = Roll(expected)

    for name in here:
        roll.tick(name)

    assert set(filter(roll.is_missing, expected)) == expected - set(here)
    assert roll.is_complete == (expected <= set(here))
    assert roll.total == len(expected)
