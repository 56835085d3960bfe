"""p and q of a comparison: controlled over the tests of one metric, and of each metric by itself."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.analysis.compare import compare_runs
from lapwing.model.metric import CPU, WALL
from lapwing.model.series import RunSamples
from lapwing.stats.false_discovery import benjamini_hochberg

SEEDS = st.integers(0, 10_000)


def made_runs(seed, count, *, tests=60, slower=1.0, slow=(5,)):
    """Tests of 40 ms and more, which all weigh alike; the slow ones take `slower` times as long."""
    rng = random.Random(seed)
    made = []
    for number in range(count):
        values = tuple(
            round((40 + at % 7) * 1e6 * (slower if at in slow else 1.0) * rng.lognormvariate(0, 0.15))
            for at in range(tests)
        )
        names = tuple(f"t{at}" for at in range(tests))
        made.append(RunSamples(str(number), names, ("main",) * tests, wall_ns=values, cpu_ns=values))
    return made


def of(compared, metric):
    return {each.nodeid: each for each in compared.comparisons if each.metric == metric.name}


@settings(max_examples=25, deadline=None)
@given(SEEDS, st.floats(1.0, 2.0), st.sampled_from([40, 60, 120]))
def test_q_of_a_metric_is_that_of_benjamini_and_hochberg_over_its_tests(seed, slower, tests):
    baseline, judged = made_runs(seed, 8, tests=tests), made_runs(seed + 1, 3, tests=tests, slower=slower)

    compared = compare_runs(baseline, judged)

    for metric in (WALL, CPU):
        found = [each for each in of(compared, metric).values() if each.p is not None]
        for rose in (True, False):  # regressions and improvements are controlled apart
            side = [each for each in found if (each.ratio > 1) is rose]
            wanted = benjamini_hochberg([each.p for each in side], tests)
            assert [each.q for each in side] == pytest.approx(wanted)


@settings(max_examples=15, deadline=None)
@given(SEEDS)
def test_another_metric_takes_no_power_from_the_first(seed):
    baseline, judged = made_runs(seed, 8), made_runs(seed + 1, 3, slower=1.6)

    both = of(compare_runs(baseline, judged), CPU)
    more = [run._replace(peak_bytes=(10**8,) * 60) for run in judged]
    beside = of(compare_runs([run._replace(peak_bytes=(10**7,) * 60) for run in baseline], more), CPU)

    assert {name: each.q for name, each in both.items()} == {name: each.q for name, each in beside.items()}
