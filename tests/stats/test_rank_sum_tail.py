"""The exact tail of the rank sum, against scipy and against counting."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.stats.rank_sum import rank_sum_tail

DISTINCT = st.lists(st.integers(0, 1000), min_size=2, max_size=24, unique=True)


@given(DISTINCT, st.data())
def test_it_is_that_of_scipy(values, data):
    from scipy import stats

    cut = data.draw(st.integers(1, len(values) - 1))
    first, second = values[:cut], values[cut:]

    exact = stats.mannwhitneyu(second, first, alternative="greater", method="exact").pvalue
    assert rank_sum_tail(first, second) == pytest.approx(exact)


@pytest.mark.parametrize(("sizes"), [(1, 1), (2, 3), (4, 2), (3, 3)])
def test_orders_are_counted_one_by_one(sizes):
    first, second = sizes
    places = range(first + second)
    found = []
    for chosen in itertools.combinations(places, second):
        others = [place for place in places if place not in chosen]
        found.append(sum(late > early for late in chosen for early in others))
    for threshold in range(first * second + 1):
        # second values that lie over exactly so many of the first
        low, rest = divmod(threshold, first)
        made = [first + 0.5] * low + [rest - 0.5] * (rest > 0) + [-0.5] * (second - low - (rest > 0))
        wanted = sum(each >= threshold for each in found) / len(found)
        assert rank_sum_tail(range(first), made) == pytest.approx(wanted)


@given(st.lists(st.integers(0, 5), max_size=8), st.lists(st.integers(0, 5), max_size=8))
def test_equal_values_never_make_it_surer(first, second):
    apart = rank_sum_tail(first, [value + 0.25 for value in second])
    below = rank_sum_tail(first, [value - 0.25 for value in second])

    assert apart <= rank_sum_tail(first, second) <= below


def test_without_values_nothing_is_surprising():
    assert rank_sum_tail([], [1]) == rank_sum_tail([1], []) == rank_sum_tail([], []) == 1
