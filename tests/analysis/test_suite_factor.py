"""The machine factor that people read: of a suite as a whole."""

import random

import pytest

from lapwing.analysis.compare import compare_runs
from lapwing.model.series import RunSamples

MS = 1_000_000


def run_by_a_coarse_clock(seed: int, count: int = 400) -> RunSamples:
    """Tests of 0.4 ms by a clock of whole milliseconds, which tells none of them or, of two in five, one."""
    rng = random.Random(seed)
    return RunSamples(
        run_id=f"run{seed}",
        subjects=tuple(f"tests/test_a.py::t{at}" for at in range(count)),
        workers=("main",) * count,
        wall_ns=tuple(rng.choices((0, MS), (3, 2))[0] for _ in range(count)),
        cpu_ns=(),
        run_delay_ns=(),
    )


@pytest.mark.parametrize("seed", range(0, 20, 2))
def test_a_coarse_clock_is_no_slow_machine(seed):
    compared = compare_runs([run_by_a_coarse_clock(seed)], [run_by_a_coarse_clock(seed + 1)])

    assert compared.machine_factor == pytest.approx(1)


@pytest.mark.parametrize("delays", [None, {}], ids=["wait unknown", "wait measured"])
def test_a_machine_that_is_slower_one_way_is_as_much_faster_the_other_way(suite, delays):
    before = suite.runs(1, noise=0.5)
    after = suite.runs(1, noise=0.5, factor=1.3)
    if delays is not None:
        before, after = (
            [run._replace(run_delay_ns=(1,) * len(run.subjects)) for run in side] for side in (before, after)
        )

    there = compare_runs(before, after).machine_factor
    back = compare_runs(after, before).machine_factor

    assert there * back == pytest.approx(1, rel=1e-6)
