"""Ranks and the rank sum, against scipy."""

import math

import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy import stats

from lapwing.stats.rank_sum import rank_sum_z
from lapwing.stats.ranks import mid_ranks

VALUES = st.lists(st.integers(-4, 4), max_size=30)
SAMPLE = st.lists(st.integers(-4, 4), min_size=1, max_size=30)


@given(VALUES)
def test_ranks_are_those_of_scipy(values):
    assert mid_ranks(values) == stats.rankdata(values).tolist()


@given(SAMPLE, SAMPLE)
def test_the_chance_of_a_rank_sum_is_that_of_scipy(first, second):
    z = rank_sum_z(first, second)

    if len({*first, *second}) == 1:
        assert z == 0
        return
    theirs = stats.mannwhitneyu(second, first, method="asymptotic", use_continuity=False)
    assert math.erfc(abs(z) / math.sqrt(2)) == pytest.approx(theirs.pvalue, abs=1e-9)


@given(SAMPLE, SAMPLE)
def test_the_other_way_round_it_has_the_other_sign(first, second):
    assert rank_sum_z(first, second) == pytest.approx(-rank_sum_z(second, first))


def test_without_a_sample_there_is_no_difference():
    assert rank_sum_z([], [1.0]) == rank_sum_z([1.0], []) == 0
