"""Splitting units into shards, and the least that any split needs."""

from itertools import product

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.advice.least_makespan import least_makespan
from lapwing.advice.plan_shards import plan_shards
from lapwing.advice.shards import longest_first, stable_split
from lapwing.model.shards import KnownTimes, TestToPlace, Unit

TIMES = st.lists(st.integers(0, 1000), max_size=40)
SHARDS = st.integers(1, 9)


def units_of(times):
    return [Unit(f"t{at}", (f"t{at}",), time) for at, time in enumerate(times)]


def makespan(times, placed, shards):
    return max(
        sum(time for time, at in zip(times, placed, strict=True) if at == shard) for shard in range(shards)
    )


def best_makespan(times, shards):
    """By trying every split."""
    return min(makespan(times, placed, shards) for placed in product(range(shards), repeat=len(times)))


@pytest.mark.parametrize("split", [longest_first, stable_split])
@given(times=TIMES, shards=SHARDS)
def test_the_longest_shard_is_at_most_four_thirds_of_the_bound(split, times, shards):
    placed = split(units_of(times), shards)

    assert 3 * makespan(times, placed, shards) <= 4 * least_makespan(times, shards)


@given(times=st.lists(st.integers(0, 50), max_size=6), shards=st.integers(1, 3))
def test_no_split_beats_the_bound(times, shards):
    assert least_makespan(times, shards) <= best_makespan(times, shards)


@given(times=TIMES, shards=SHARDS, data=st.data())
def test_the_order_of_units_does_not_matter(times, shards, data):
    units = units_of(times)
    shuffled = data.draw(st.permutations(units))

    for split in (longest_first, stable_split):
        first = dict(zip([unit.name for unit in units], split(units, shards), strict=True))
        again = dict(zip([unit.name for unit in shuffled], split(shuffled, shards), strict=True))
        assert first == again


def test_a_stable_split_moves_few_tests_where_times_change_a_little():
    times = [100 + 37 * at % 400 for at in range(500)]
    changed = [round(time * (1 + (at * 7 % 11 - 5) / 100)) for at, time in enumerate(times)]

    def moved(split):
        before, after = (split(units_of(each), 5) for each in (times, changed))
        return sum(old != new for old, new in zip(before, after, strict=True))

    assert moved(stable_split) <= 50 < moved(longest_first)


def test_groups_stay_together_and_every_test_is_in_one_shard():
    tests = [TestToPlace(f"t{at}", group="db" if at % 3 == 0 else "") for at in range(30)]

    plan = plan_shards(tests, KnownTimes(), 4)

    shards_of_group = {
        shard.number for shard in plan.shards for name in shard.tests if int(name[1:]) % 3 == 0
    }
    assert len(shards_of_group) == 1
    assert sorted(name for shard in plan.shards for name in shard.tests) == sorted(t.nodeid for t in tests)


def test_an_unknown_test_counts_as_the_median_of_its_category():
    known = KnownTimes(
        tests={"u1": 10, "u2": 20, "u3": 30, "a1": 500}, categories={f"u{at}": "unit" for at in (1, 2, 3)}
    )

    plan = plan_shards([TestToPlace("new", "unit"), TestToPlace("other", "api")], known, 1)

    assert plan.makespan_ns == 20 + 30
    assert plan.shards[0].unknown == 2


def test_plans_that_differ_have_other_digests():
    tests = [TestToPlace(f"t{at}") for at in range(10)]
    rising, falling = ({f"t{at}": abs(at - base) for at in range(10)} for base in (0, 10))
    one, same = (plan_shards(tests, KnownTimes(tests=rising), 3) for _ in range(2))

    assert one.digest == same.digest
    assert plan_shards(tests, KnownTimes(tests=falling), 3).digest != one.digest


def test_less_than_one_shard_is_refused():
    with pytest.raises(ValueError, match="0 shards"):
        plan_shards([], KnownTimes(), 0)
