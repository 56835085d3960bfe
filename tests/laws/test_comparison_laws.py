"""Laws of a comparison: order, scale and names of runs do not matter; more change is never less called."""

import math
import random

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from lapwing.analysis.compare import compare_runs
from lapwing.analysis.gates import CHANGED
from lapwing.model.comparison import RANK, ChangeVerdict
from lapwing.model.series import RunSamples
from lapwing.model.thresholds import ChangeThresholds

SEEDS = st.integers(0, 10_000)
TESTS = 60


def made_runs(seed, count, *, scale=1.0, slower=1.0):
    rng = random.Random(seed)
    levels = [8e6 * random.Random(at).lognormvariate(0, 1) for at in range(TESTS)]
    made = []
    for number in range(count):
        values = [
            round(level * scale * (slower if at == 5 else 1.0) * rng.lognormvariate(0, 0.06))
            for at, level in enumerate(levels)
        ]
        made.append(
            RunSamples(
                run_id=str(number),
                subjects=tuple(f"t{at}" for at in range(TESTS)),
                workers=("main",) * TESTS,
                wall_ns=tuple(values),
                cpu_ns=tuple(values),
            )
        )
    return made


def answers(compared):
    return {(one.nodeid, one.metric): (one.verdict, one.p, one.q) for one in compared.comparisons}


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, order=st.randoms(use_true_random=False))
def test_the_order_of_runs_does_not_matter(seed, order):
    baseline, judged = made_runs(seed, 7), made_runs(seed + 1, 3, slower=1.5)
    mixed = baseline.copy()
    order.shuffle(mixed)

    assert answers(compare_runs(mixed, judged[::-1])) == answers(compare_runs(baseline, judged))


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, factor=st.floats(0.85, 1.15))
@example(seed=1104, factor=0.875)
def test_a_machine_that_is_slower_throughout_does_not_matter(seed, factor):
    baseline = made_runs(seed, 7)
    thresholds = ChangeThresholds(min_change_ns=0)

    compared = [
        compare_runs(baseline, made_runs(seed + 1, 3, slower=1.8, scale=scale), thresholds)
        for scale in (1.0, factor)
    ]

    near, far = sorted(compared, key=lambda each: abs(math.log(each.machine_factor)))
    for one, other in zip(near.comparisons, far.comparisons, strict=True):
        assert one.ratio == pytest.approx(other.ratio, rel=1e-4)
        # How much a test follows the machine is not known to the end: the farther it is, the less is sure.
        # And the last gate looks at times as measured, machine and all: it may call off, never on.
        if other.verdict is not one.verdict and not one.reason.startswith("as measured"):
            assert other.verdict not in CHANGED
        if one.nodeid == "t5":
            assert other.verdict is ChangeVerdict.REGRESSED


@settings(max_examples=15, deadline=None)
@given(seed=SEEDS, smaller=st.floats(1.0, 3.0), larger=st.floats(1.0, 3.0))
def test_a_larger_slowdown_is_never_called_less(seed, smaller, larger):
    smaller, larger = sorted((smaller, larger))
    baseline = made_runs(seed, 7)

    def verdict(slower):
        found = compare_runs(baseline, made_runs(seed + 1, 3, slower=slower))
        return next(one.verdict for one in found.comparisons if one.nodeid == "t5")

    small, large = verdict(smaller), verdict(larger)
    assert RANK[large] <= RANK[small] or small is ChangeVerdict.IMPROVED


@settings(max_examples=25, deadline=None)
@given(seed=SEEDS, runs=st.integers(1, 8), judged=st.integers(1, 3))
def test_runs_compared_with_themselves_are_unchanged(seed, runs, judged):
    same = made_runs(seed, max(runs, judged))

    compared = compare_runs([same[0]] * runs, [same[0]] * judged)

    assert compared.verdict is ChangeVerdict.UNCHANGED
    assert compared.machine_factor == pytest.approx(1)


@settings(max_examples=25, deadline=None)
@given(
    columns=st.lists(
        st.lists(st.one_of(st.none(), st.integers(0, 10**12)), min_size=3, max_size=3), min_size=2, max_size=6
    )
)
def test_any_recorded_numbers_have_an_answer(columns):
    runs = [
        RunSamples(
            run_id=str(number),
            subjects=("a", "b", "c"),
            workers=("main",) * 3,
            wall_ns=tuple(value or 0 for value in column),
            cpu_ns=tuple(column),
            run_delay_ns=tuple(column),
            gc_ns=tuple(column[::-1]),
        )
        for number, column in enumerate(columns)
    ]

    compared = compare_runs(runs[:-1], runs[-1:], ChangeThresholds(min_tests=2))

    assert compared.verdict in ChangeVerdict
    assert all(one.ratio > 0 for one in compared.comparisons)
