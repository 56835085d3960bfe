"""Names that are ticked off without being held."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.operations.roll import Roll

NAMES = st.text(max_size=4)


@given(expected=st.sets(NAMES), here=st.lists(NAMES))
def test_who_was_expected_and_never_ticked_is_missing(expected, here):
    roll = Roll(expected)

    for at in range(0, len(here), 3):
        roll.tick(*here[at : at + 3])

    assert set(filter(roll.is_missing, expected)) == expected - set(here)
    assert roll.is_complete == (expected <= set(here))
    assert roll.total == len(expected)


@given(expected=st.sets(NAMES), first=st.lists(NAMES), second=st.lists(NAMES))
def test_who_comes_after_it_was_asked_who_is_missing_is_ticked_too(expected, first, second):
    roll = Roll(expected)
    roll.tick(*first)

    missing = set(filter(roll.is_missing, expected))
    roll.tick(*second)

    assert missing == expected - set(first)
    assert set(filter(roll.is_missing, expected)) == missing - set(second)
