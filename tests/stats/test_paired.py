"""Signed ranks and Walsh averages, beside scipy's and by their laws."""

import math

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st
from scipy import stats as scipy_stats

from lapwing.stats.paired import center_interval, signed_rank_p, signed_rank_tail, walsh_averages

numbers = st.floats(-1e3, 1e3, allow_nan=False).map(lambda value: round(value, 6))
differences = st.lists(numbers, min_size=1, max_size=25)


def is_untied(values):
    sizes = [abs(value) for value in values]
    return 0.0 not in sizes and len(set(sizes)) == len(sizes)


@given(st.lists(st.integers(-(10**6), 10**6), min_size=1, max_size=30, unique_by=abs))
def test_p_is_that_of_scipys_exact_test(values):
    assume(0 not in values)

    theirs = scipy_stats.wilcoxon(values, alternative="greater", method="exact").pvalue

    assert signed_rank_p(values) == pytest.approx(theirs, rel=1e-9)


@given(st.lists(st.integers(-5, 5), min_size=1, max_size=12))
def test_ties_and_zeros_never_make_p_smaller_than_breaking_them_against_the_claim(values):
    broken = [value - 1e-6 * (at + 1) for at, value in enumerate(values)]

    assert signed_rank_p(values) >= signed_rank_p(broken) - 1e-12


@given(differences, st.sampled_from([0.004, 0.01, 0.05, 0.2]))
def test_the_interval_lies_over_zero_exactly_where_the_test_refuses(values, alpha):
    found = center_interval(values, alpha)

    assert (found.low > 0) == (signed_rank_p(values) <= alpha / 2)


@given(differences, st.floats(0.01, 100), st.integers(-1000, 1000))
def test_the_interval_scales_and_shifts_with_its_values(values, scale, shift):
    before = center_interval(values, 0.1)
    after = center_interval([value * scale + shift for value in values], 0.1)

    for old, new in zip(before, after, strict=True):
        assert new == pytest.approx(old * scale + shift, abs=1e-6)


@given(differences)
def test_the_center_lies_inside_and_a_stricter_interval_is_wider(values):
    loose, strict = center_interval(values, 0.1), center_interval(values, 0.01)

    assert strict.low <= loose.low <= loose.center <= loose.high <= strict.high


@given(st.permutations(list(range(9))))
def test_order_does_not_matter(values):
    assert center_interval(values, 0.05) == center_interval(sorted(values), 0.05)


def test_too_few_pairs_bound_nothing():
    assert center_interval([0.1] * 7, 0.01) == (pytest.approx(0.1), -math.inf, math.inf)


def test_without_pairs_there_is_no_center_and_no_surprise():
    assert center_interval([], 0.05) is None
    assert signed_rank_p([]) == 1.0


def test_an_error_rate_outside_its_range_is_refused():
    with pytest.raises(ValueError, match="between 0 and 1"):
        center_interval([1.0], 1.0)


@given(st.integers(1, 30))
def test_the_tail_is_whole_at_zero_and_falls_to_one_way_in_all(count):
    highest = count * (count + 1) // 2

    assert signed_rank_tail(count, 0) == 1.0
    assert signed_rank_tail(count, highest) == 0.5**count
    assert signed_rank_tail(count, highest + 1) == 0.0


def test_a_hand_counted_set_of_averages():
    assert walsh_averages([1.0, 4.0, 2.0]) == [1.0, 1.5, 2.0, 2.5, 3.0, 4.0]
