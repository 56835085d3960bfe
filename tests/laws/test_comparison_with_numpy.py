"""A comparison answers the same with lists and with numpy, whatever was measured."""

import random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from lapwing.analysis.compare import compare_runs, compare_with_baseline_file
from lapwing.model.baseline import BaselineEntry, BaselineFile
from lapwing.model.series import RunSamples
from lapwing.stats import columns
from lapwing.stats.arrays import columns as arrays

MS = 1_000_000
FIGURES = ("before", "after", "ratio", "p", "q", "noise_floor", "interval")


def made_run(rng, levels, *, slower, has_cpu, has_waits, skipped, workers):
    kept = [at for at in range(len(levels)) if at not in skipped]
    computed = [
        round(levels[at] * (slower if at % 11 == 3 else 1.0) * rng.lognormvariate(0, 0.1)) for at in kept
    ]
    waits = [round(rng.expovariate(1) * 3 * MS) if rng.random() < 0.2 else 0 for _ in kept]
    return RunSamples(
        run_id=str(rng.random()),
        subjects=tuple(f"t{at}" for at in kept),
        workers=tuple(f"gw{at * workers // max(len(kept), 1)}" for at in range(len(kept))),
        wall_ns=tuple(own + wait for own, wait in zip(computed, waits, strict=True)),
        cpu_ns=tuple(own if has_cpu and rng.random() < 0.95 else None for own in computed),
        run_delay_ns=tuple(waits) if has_waits else (),
        gc_ns=tuple(rng.choice([None, 0, MS]) for _ in kept) if has_waits else (),
    )


@st.composite
def comparisons(draw):
    """A baseline and judged runs of one suite, some of which lack tests, CPU times or waits."""
    rng = random.Random(draw(st.integers(0, 10**6)))
    levels = [5 * MS * rng.lognormvariate(0, 1.5) for _ in range(draw(st.integers(1, 90)))]
    traits = {
        "has_cpu": draw(st.booleans()),
        "has_waits": draw(st.booleans()),
        "workers": draw(st.integers(1, 3)),
    }
    share = draw(st.sampled_from([0.0, 0.1, 0.6]))
    runs = [
        made_run(
            rng,
            levels,
            slower=slower,
            skipped={at for at in range(len(levels)) if rng.random() < share},
            **traits,
        )
        for slower in [*[1.0] * draw(st.integers(1, 12)), *[draw(st.sampled_from([0.5, 1.3, 2.0]))] * 3]
    ]
    judged = draw(st.integers(1, 3))
    again = [run.only({"t3", "t14", "t5"}) for run in runs[-2:]] if draw(st.booleans()) else []
    return runs[:-3], runs[-judged:], again


def assert_same(pure, twin):
    assert (twin.verdict, twin.reason) == (pure.verdict, pure.reason)
    assert_close(twin.machine_factor, pure.machine_factor)
    for one, other in zip(pure.comparisons, twin.comparisons, strict=True):
        assert other._replace(**{name: getattr(one, name) for name in FIGURES}) == one
        for name in FIGURES:
            assert_close(getattr(other, name), getattr(one, name))


def assert_close(found, wanted):
    assert type(found) is type(wanted)
    if wanted is not None:
        assert found == pytest.approx(wanted, rel=1e-9, abs=1e-12)


@settings(max_examples=40, deadline=None)
@given(comparisons())
def test_runs_are_judged_alike(case):
    baseline, judged, again = case

    pure = compare_runs(baseline, judged, confirming=again, arithmetic=columns)
    twin = compare_runs(baseline, judged, confirming=again, arithmetic=arrays)

    assert_same(pure, twin)


@settings(max_examples=20, deadline=None)
@given(comparisons(), st.integers(1, 9))
def test_runs_are_judged_alike_against_a_baseline_file(case, runs):
    _, judged, again = case
    entries = {
        f"t{at}": BaselineEntry(
            f"t{at}", (3 + at) * MS, 9 * MS, runs=runs, spread=0.1 if runs > 1 else None, cpu_ns=(3 + at) * MS
        )
        for at in range(60)
    }
    file = BaselineFile("2026-01-01", entries)

    pure = compare_with_baseline_file(file, judged, confirming=again, arithmetic=columns)
    twin = compare_with_baseline_file(file, judged, confirming=again, arithmetic=arrays)

    assert_same(pure, twin)
