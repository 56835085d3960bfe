"""Comparing benchmarks: what is called a change, and what is not."""

import random

import pytest

from lapwing.analysis.measured import compare_measured
from lapwing.analysis.measured_levels import levels, measured_entries
from lapwing.model.comparison import ChangeVerdict, Severity
from lapwing.model.measurement import BenchmarkRecord

REGRESSED, IMPROVED = ChangeVerdict.REGRESSED, ChangeVerdict.IMPROVED
UNCHANGED, CANNOT_TELL = ChangeVerdict.UNCHANGED, ChangeVerdict.CANNOT_TELL


def record(value, metric="wall", *, unit="ns", name="sum", spread=0.02, seed=0, **fields):
    draw = random.Random(f"{seed}{metric}{value}")
    samples = tuple(value * draw.lognormvariate(0, spread) for _ in range(20))
    return BenchmarkRecord(name, "a.py::test_sum", "lapwing", unit, samples, metric=metric, **fields)


def history(count, value=1e6, metric="wall", spread=0.02, **fields):
    draw = random.Random(7)
    return [
        (record(value * draw.lognormvariate(0, spread), metric, seed=at, **fields),) for at in range(count)
    ]


def judged(before, *records, **options):
    return compare_measured(measured_entries(before), levels([records]), **options)


def test_a_benchmark_like_before_is_unchanged():
    (compared,) = judged(history(10), record(1.03e6))

    assert (compared.verdict, compared.severity) == (UNCHANGED, Severity.NONE)
    assert compared.metric == "measured:wall:sum"


@pytest.mark.parametrize("runs", [1, 2, 5, 20])
def test_a_doubled_benchmark_is_regressed_whatever_its_length(runs):
    (compared,) = judged(history(runs, value=50.0), record(100.0))

    assert (compared.verdict, compared.severity) == (REGRESSED, Severity.CRITICAL)
    low, high = compared.interval
    assert low < compared.ratio < high


def test_a_third_more_is_a_warning_where_the_benchmark_is_steady():
    (compared,) = judged(history(10), record(1.33e6))

    assert (compared.verdict, compared.severity) == (REGRESSED, Severity.WARNING)


def test_a_third_more_says_nothing_where_the_benchmark_moves_as_much_by_itself():
    (compared,) = judged(history(10, spread=0.3), record(1.33e6))

    assert compared.verdict in (UNCHANGED, CANNOT_TELL)


@pytest.mark.parametrize("metric", ["wall", "cpu"])
def test_a_time_taken_once_in_one_run_before_is_not_judged_by_its_double(metric):
    before, after = (
        BenchmarkRecord("sum", "a.py::t", "lapwing", "ns", (value,), metric=metric) for value in (50.0, 110.0)
    )

    (compared,) = judged([(before,)], after)

    assert compared.verdict in (UNCHANGED, CANNOT_TELL)


@pytest.mark.parametrize(
    ("metric", "other"), [("latency p95", 3.0), ("achieved", 0.5), ("highest held", 0.5)]
)
def test_a_load_on_a_busy_machine_is_not_judged_by_one_run_before(metric, other):
    unit = "ns" if metric == "latency p95" else "per second"
    before, after = (
        BenchmarkRecord(
            "load", "a.py::t", "lapwing", unit, (value,), metric=metric, higher_is_better=unit != "ns"
        )
        for value in (1000.0, 1000.0 * other)
    )

    (compared,) = judged([(before,)], after)

    assert compared.verdict in (UNCHANGED, CANNOT_TELL)


def test_processor_time_of_a_benchmark_that_waits_as_long_as_before_is_no_regression():
    before = [(record(1e8, seed=at), record(4e4, "cpu", seed=at)) for at in range(5)]

    found = {each.metric: each for each in judged(before, record(1e8), record(8e4, "cpu"))}

    assert found["measured:cpu:sum"].verdict is CANNOT_TELL
    assert found["measured:wall:sum"].verdict is UNCHANGED


def test_a_halved_benchmark_is_improved():
    (compared,) = judged(history(10), record(0.5e6))

    assert compared.verdict is IMPROVED


def test_more_of_what_should_be_high_is_an_improvement_and_less_a_regression():
    before = history(10, metric="rows", unit="rows", higher_is_better=True)
    more, less = (record(value, "rows", unit="rows", higher_is_better=True) for value in (2e6, 0.5e6))

    assert judged(before, more)[0].verdict is IMPROVED
    assert judged(before, less)[0].verdict is REGRESSED
    assert judged(before, less)[0].ratio == pytest.approx(0.5, rel=0.1)


def test_wall_time_alone_says_nothing_of_a_benchmark_that_computes():
    before = [(record(1e6, seed=at), record(0.9e6, "cpu", seed=at)) for at in range(10)]

    wall, cpu = judged(before, record(2e6), record(0.9e6, "cpu"))

    assert (wall.verdict, wall.worth_a_look, cpu.verdict) == (CANNOT_TELL, True, UNCHANGED)


def test_wall_time_alone_decides_of_a_benchmark_that_waits():
    before = [(record(1e6, seed=at), record(0.1e6, "cpu", seed=at)) for at in range(10)]

    wall, _ = judged(before, record(2e6), record(0.1e6, "cpu"))

    assert wall.verdict is REGRESSED


def test_what_the_machine_was_slower_is_taken_out():
    (compared,) = judged(history(10), record(1.5e6), factors={"wall": 1.5})

    assert compared.verdict is UNCHANGED
    assert compared.before == pytest.approx(1.5e6, rel=0.1)


def test_another_class_of_machine_tells_nothing():
    (compared,) = judged(history(10), record(2e6), same_machine_class=False)

    assert compared.verdict is CANNOT_TELL


def test_other_metadata_is_named():
    (compared,) = judged(history(10, metadata={"size": "10"}), record(1e6, metadata={"size": "20"}))

    assert compared.reason == "metadata changed: size 10 → 20"


def test_what_only_one_side_measured_is_left_out():
    assert judged(history(10), record(1e6, name="other")) == []
    assert judged(history(10), record(1e6, unit="bytes")) == []


def test_nothing_measured_is_no_level():
    empty = BenchmarkRecord("sum", "a.py::test", "lapwing", "ns", ())

    assert levels([(empty,)]) == {}


def test_a_few_kilobytes_more_are_no_change():
    before = history(10, value=2000.0, metric="peak_bytes", unit="bytes")

    assert judged(before, record(5000.0, "peak_bytes", unit="bytes"))[0].verdict is UNCHANGED
