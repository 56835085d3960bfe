"""When a paired comparison ends though it is not clear."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.paired import is_clear, judge_pairs
from lapwing.analysis.paired_outlook import chance_of_clear, is_settled
from lapwing.model.comparison import ChangeVerdict
from lapwing.model.paired import Pair
from lapwing.model.paired_design import Design

MS = 1_000_000
DESIGN = Design()


def made_pairs(count, factor, noise, seed):
    """Pairs of a test of 100 ms that only computes."""
    rng = random.Random(seed)
    times = [[100 * MS * rng.lognormvariate(0, noise) for _ in range(2)] for _ in range(count)]
    return [Pair(a, b * factor, a, b * factor) for a, b in times]


def ended(pairs, is_enough):
    """The verdict of a whole comparison, and the pairs it took."""
    for look in DESIGN.looks:
        judged = judge_pairs("t", pairs[:look], DESIGN)
        if is_enough(judged):
            break
    return judged.verdict, look


def test_a_test_too_noisy_for_any_answer_is_given_up():
    judged = judge_pairs("t", made_pairs(20, 1.0, 0.4, seed=5), DESIGN)

    assert judged.verdict is ChangeVerdict.CANNOT_TELL
    assert is_settled(judged, DESIGN)


def test_a_slowdown_that_is_not_sure_yet_is_measured_on():
    judged = judge_pairs("t", made_pairs(10, 1.1, 0.1, seed=3), DESIGN)

    assert judged.verdict is ChangeVerdict.CANNOT_TELL
    assert not is_settled(judged, DESIGN)


def test_too_few_pairs_to_bound_anything_give_nothing_up():
    design = Design(pairs=2, most_pairs=20)

    assert not is_settled(judge_pairs("t", made_pairs(2, 1.0, 0.4, seed=3), design), design)


def test_a_suspect_is_cleared_as_soon_as_it_is_surely_under_its_limit():
    pairs = made_pairs(20, 1.0, 0.08, seed=4)

    as_asked, as_suspect = judge_pairs("t", pairs, DESIGN), judge_pairs("t", pairs, DESIGN, limit=0.2)

    assert as_asked.verdict is ChangeVerdict.CANNOT_TELL
    assert as_suspect.verdict is ChangeVerdict.UNCHANGED
    assert as_suspect.reason == "not slower by 20%"
    assert is_settled(as_suspect, DESIGN, 0.2)


@pytest.mark.parametrize(("factor", "verdict"), [(1.1, "regressed"), (0.85, "improved")])
def test_a_sure_change_under_the_limit_stays_one(factor, verdict):
    assert judge_pairs("t", made_pairs(20, factor, 0.03, seed=4), DESIGN, limit=0.2).verdict == verdict


def test_giving_up_saves_pairs_and_hardly_any_slowdown():
    equal = [made_pairs(40, 1.0, 0.15, seed) for seed in range(60)]
    slower = [made_pairs(40, 1.1, 0.08, seed) for seed in range(60)]

    def found(is_enough):
        return sum(ended(pairs, is_enough)[0] is ChangeVerdict.REGRESSED for pairs in slower)

    def taken(is_enough):
        return sum(ended(pairs, is_enough)[1] for pairs in equal)

    def may_end(judged):
        return is_settled(judged, DESIGN)

    assert found(may_end) >= 0.95 * found(is_clear)
    assert taken(may_end) <= 0.7 * taken(is_clear)


@given(
    st.integers(2, 40),
    st.floats(0.5, 2.0),
    st.floats(0.0, 0.5),
    st.integers(0, 99),
    st.sampled_from([None, 0.1, 0.2]),
)
def test_a_chance_lies_between_none_and_sure(count, factor, noise, seed, limit):
    judged = judge_pairs("t", made_pairs(count, factor, noise, seed), DESIGN, limit=limit)

    assert 0 <= chance_of_clear(judged, DESIGN, limit) <= 1 + 1e-9


@given(st.floats(1.0, 1.3), st.integers(0, 99))
def test_at_the_last_look_every_answer_is_settled(factor, seed):
    assert is_settled(judge_pairs("t", made_pairs(40, factor, 0.2, seed), DESIGN), DESIGN)


@given(st.integers(2, 39), st.floats(1e-3, 1e3), st.integers(0, 99))
def test_the_unit_of_time_does_not_matter(count, unit, seed):
    pairs = made_pairs(count, 1.1, 0.1, seed)
    scaled = [Pair(*(each * unit for each in pair)) for pair in pairs]

    one, other = (chance_of_clear(judge_pairs("t", each, DESIGN), DESIGN) for each in (pairs, scaled))

    assert other == pytest.approx(one)
