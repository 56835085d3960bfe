"""Benjamini-Hochberg, against scipy and by its laws."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.stats.false_discovery import benjamini_hochberg

P_VALUES = st.lists(st.floats(0, 1), min_size=1, max_size=60)


@given(p_values=P_VALUES)
def test_agrees_with_scipy(p_values):
    scipy_stats = pytest.importorskip("scipy.stats")

    expected = scipy_stats.false_discovery_control(p_values)

    assert benjamini_hochberg(p_values) == pytest.approx(list(expected), abs=1e-12)


@given(p_values=P_VALUES)
def test_q_is_never_under_p_and_keeps_the_order(p_values):
    q_values = benjamini_hochberg(p_values)

    assert all(q >= p * (1 - 1e-12) for p, q in zip(p_values, q_values, strict=True))
    by_p = [q for _, q in sorted(zip(p_values, q_values, strict=True))]
    assert by_p == sorted(by_p)


@given(p_values=P_VALUES, more=st.integers(0, 100))
def test_hypotheses_without_a_p_count_as_if_it_were_one(p_values, more):
    whole = benjamini_hochberg([*p_values, *[1.0] * more])

    assert benjamini_hochberg(p_values, len(p_values) + more) == pytest.approx(whole[: len(p_values)])


def test_nothing_to_test_gives_nothing():
    assert benjamini_hochberg([]) == []


def test_fewer_hypotheses_than_p_values_are_refused():
    with pytest.raises(ValueError, match="only 1"):
        benjamini_hochberg([0.1, 0.2], 1)
