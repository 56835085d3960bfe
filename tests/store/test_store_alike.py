"""Which tests are read together with another, because they took about as long."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.store.alike import SHORTEST_NS, gathered, nearest, pool_size

TIMES = st.integers(-5, 10**12)


def distance(took: int, wall_ns: int) -> float:
    one, other = max(took, SHORTEST_NS), max(wall_ns, SHORTEST_NS)
    return max(one / other, other / one)


@given(st.lists(TIMES, max_size=40), TIMES, st.integers(0, 50))
def test_nobody_left_out_is_nearer_by_ratio_than_somebody_chosen(times, wall_ns, size):
    chosen = nearest(range(len(times)), times, wall_ns, size)

    assert len(chosen) == len(set(chosen)) == min(size, len(times))
    distances = [distance(times[number], wall_ns) for number in chosen]
    assert distances == sorted(distances)
    left_out = set(range(len(times))) - set(chosen)
    assert all(distance(times[each], wall_ns) >= max(distances, default=0.0) for each in left_out)


@given(st.lists(st.integers(0, 2000), unique=True, max_size=200), st.integers(0, 60))
def test_as_many_as_wanted_are_chosen_of_those_given(ranked, most):
    chosen = gathered(ranked, most)

    assert len(set(chosen)) == len(chosen) == min(most, len(ranked))
    assert set(chosen) <= set(ranked)


def test_tests_that_lie_together_come_before_nearer_ones_that_lie_alone():
    alone = [1_000 * place for place in range(2, 12)]
    together = list(range(64, 72))

    assert set(gathered([*alone, *together], 10)) >= set(together)


def test_one_module_never_speaks_for_the_machine():
    module, others = list(range(64)), [64 * place for place in range(2, 60)]

    assert len(set(gathered([*module, *others], 40)) & set(module)) <= 8


def test_one_test_in_25_counts_as_of_about_the_same_duration():
    assert [pool_size(tests, 40) for tests in (10, 1_000, 10_000)] == [120, 120, 400]
