"""Verdicts of a paired comparison."""

import random

import pytest
from hypothesis import given
from hypothesis import strategies as st

from lapwing.analysis.paired import enough_passed, is_clear, judge_pairs
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.paired import Pair
from lapwing.model.paired_design import Design

MS = 1_000_000


def made_pairs(count, *, cpu=1.0, wall=None, noise=0.03, seed=1, share=1.0, bursts=0.0):
    """Pairs of a test of about 100 ms; `share` of it computes, `bursts` is a noise both members share."""
    rng = random.Random(seed)
    pairs = []
    for _ in range(count):
        shared = rng.lognormvariate(0, bursts)
        a_cpu, b_cpu = (100 * MS * share * shared * rng.lognormvariate(0, noise) for _ in range(2))
        waits = 100 * MS * (1 - share)
        pairs.append(
            Pair(
                a_wall_ns=round(a_cpu + waits),
                b_wall_ns=round((b_cpu + waits) * (cpu if wall is None else wall)),
                a_cpu_ns=round(a_cpu),
                b_cpu_ns=round(b_cpu * cpu),
            )
        )
    return pairs


@pytest.mark.parametrize(
    ("factor", "verdict"),
    [
        (1.3, ChangeVerdict.REGRESSED),
        (0.7, ChangeVerdict.IMPROVED),
        (1.0, ChangeVerdict.UNCHANGED),
        (1.04, ChangeVerdict.CANNOT_TELL),  # its interval reaches from nothing to what counts
    ],
)
def test_the_verdict_follows_the_factor(factor, verdict):
    assert judge_pairs("t", made_pairs(20, cpu=factor)).verdict is verdict


def test_a_machine_that_changes_speed_between_pairs_hides_nothing():
    judged = judge_pairs("t", made_pairs(20, cpu=1.3, bursts=0.7))

    assert judged.verdict is ChangeVerdict.REGRESSED
    assert judged.comparisons[0].ratio == pytest.approx(1.3, rel=0.04)


@pytest.mark.parametrize(
    ("factor", "severity"), [(1.1, Severity.NONE), (1.3, Severity.WARNING), (2.0, Severity.CRITICAL)]
)
def test_severity_is_that_of_every_comparison(factor, severity):
    assert judge_pairs("t", made_pairs(20, cpu=factor, noise=0.005)).severity is severity


def test_wall_time_alone_is_told_as_waiting():
    judged = judge_pairs("t", made_pairs(20, cpu=1.0, wall=1.5))

    assert judged.verdict is ChangeVerdict.REGRESSED
    assert judged.reason == "waits longer, its CPU time did not move"


def test_a_test_that_hardly_computes_is_judged_by_the_wall_clock_alone():
    judged = judge_pairs("t", made_pairs(20, cpu=1.5, wall=1.0, share=0.05))

    assert judged.verdict is ChangeVerdict.UNCHANGED
    assert [each.metric for each in judged.comparisons] == ["wall"]


def test_clocks_that_move_against_each_other_tell_nothing():
    judged = judge_pairs("t", made_pairs(20, cpu=1.5, wall=0.6))

    assert judged.verdict is ChangeVerdict.CANNOT_TELL
    assert "against each other" in judged.reason


def test_without_pairs_nothing_can_be_told():
    judged = judge_pairs("t", [])

    assert judged.verdict is ChangeVerdict.CANNOT_TELL
    assert not is_clear(judged)


def test_few_pairs_give_a_ratio_and_no_interval():
    judged = judge_pairs("t", made_pairs(4, cpu=2.0))

    assert judged.verdict is ChangeVerdict.CANNOT_TELL
    assert judged.comparisons[0].interval is None
    assert judged.comparisons[0].ratio == pytest.approx(2.0, rel=0.1)


def test_a_pair_in_which_a_clock_measured_nothing_is_left_out_of_that_clock():
    pairs = [*made_pairs(20, cpu=1.3), Pair(a_wall_ns=1, b_wall_ns=1, a_cpu_ns=None, b_cpu_ns=None)]

    judged = judge_pairs("t", pairs)

    assert judged.comparisons[0].judged_runs == 20


@given(st.permutations(range(10)))
def test_the_order_of_pairs_does_not_matter(order):
    pairs = made_pairs(10, cpu=1.2)

    assert judge_pairs("t", [pairs[at] for at in order]) == judge_pairs("t", pairs)


@given(st.integers(0, 1000))
def test_swapped_sides_give_the_opposite_answer(seed):
    pairs = made_pairs(20, cpu=1.15, noise=0.08, seed=seed)
    swapped = [Pair(pair.b_wall_ns, pair.a_wall_ns, pair.b_cpu_ns, pair.a_cpu_ns) for pair in pairs]
    opposite = {
        ChangeVerdict.REGRESSED: ChangeVerdict.IMPROVED,
        ChangeVerdict.IMPROVED: ChangeVerdict.REGRESSED,
    }

    there, back = judge_pairs("t", pairs), judge_pairs("t", swapped)

    assert back.verdict is opposite.get(there.verdict, there.verdict)
    assert back.comparisons[0].ratio == pytest.approx(1 / there.comparisons[0].ratio)


@given(st.integers(1, 50), st.integers(1, 200), st.floats(0.001, 0.2))
def test_the_looks_spend_no_more_than_the_error(pairs, most, error):
    design = Design(pairs=pairs, most_pairs=most, error=error)
    looks = design.looks

    assert sum(design.spending(at) for at in range(len(looks))) == pytest.approx(error)
    assert looks[0] == pairs or len(looks) == 1
    assert looks == tuple(sorted(set(looks)))
    assert looks[-1] == max(pairs, most)


@pytest.mark.slow_suite
def test_equal_code_is_called_changed_no_more_often_than_stated():
    """400 sequential comparisons; the bound is 1%, and 3 sigma over it would be 2.5%."""
    design = Design()
    false = 0
    for seed in range(400):
        pairs = made_pairs(40, noise=0.15, seed=seed)
        for look in design.looks:
            judged = judge_pairs("t", pairs[:look], design)
            if is_clear(judged):
                break
        false += judged.verdict in (ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED)

    assert false / 400 <= 0.025


def test_a_test_that_fails_in_most_pairs_is_not_judged():
    assert enough_passed(5, 10)
    assert not enough_passed(4, 10)
