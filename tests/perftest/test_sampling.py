"""How a benchmark goes, driven by hand: what it asks for, and what it makes of the answers."""

import pytest

from lapwing.perftest.sampling import FEWEST_ROUNDS, LEAST_SAMPLE_NS, ROUNDS, Plan, Timing, sampling

FREE = Timing(0, 0)


def drive(plan, per_call_ns, overhead=FREE, cpu_share=1.0):
    """The samples, and how many calls each timing was of, for a function of constant time."""
    asking = sampling(plan, overhead)
    asked = [next(asking)]
    while True:
        took = round(asked[-1] * per_call_ns)
        timing = Timing(took + overhead.wall_ns, round(took * cpu_share) + overhead.cpu_ns)
        try:
            asked.append(asking.send(timing))
        except StopIteration as stop:
            return stop.value, asked


@pytest.mark.parametrize("per_call_ns", [1, 40, 900, 1_234, 99_999, 4_999_999])
def test_calls_are_put_together_until_a_sample_takes_5_ms(per_call_ns):
    samples, _ = drive(Plan(), per_call_ns)

    assert LEAST_SAMPLE_NS <= samples.loops * per_call_ns < 12 * LEAST_SAMPLE_NS
    assert samples.wall_ns == pytest.approx([per_call_ns] * ROUNDS)


def test_a_long_call_is_a_sample_of_its_own():
    samples, asked = drive(Plan(), 10 * LEAST_SAMPLE_NS)

    assert set(asked) == {1}
    assert samples.loops == 1


def test_iterations_that_are_fixed_are_single_calls_after_one_that_warms_up():
    samples, asked = drive(Plan(iterations=20), 100)

    assert asked == [1] * 21
    assert (samples.loops, samples.warmup, len(samples.wall_ns)) == (1, 1, 20)


@pytest.mark.parametrize("warmup", [0, 3])
def test_warm_up_is_thrown_away_as_often_as_asked(warmup):
    samples, asked = drive(Plan(iterations=4, warmup=warmup), 100)

    assert (len(asked), samples.warmup, len(samples.wall_ns)) == (4 + warmup, warmup, 4)


def test_what_the_clocks_cost_is_taken_out_and_told():
    samples, _ = drive(Plan(iterations=3), 1000, overhead=Timing(70, 300), cpu_share=0.5)

    assert samples.wall_ns == (1000, 1000, 1000)
    assert samples.cpu_ns == (500, 500, 500)
    assert samples.overhead_ns == 70


def test_a_sample_is_never_under_zero():
    asking = sampling(Plan(iterations=1, warmup=0), Timing(70, 300))
    next(asking)

    with pytest.raises(StopIteration) as stop:
        asking.send(Timing(60, 200))

    assert (stop.value.value.wall_ns, stop.value.value.cpu_ns) == ((0,), (0,))


def test_a_slow_function_is_measured_a_few_times_only():
    samples, _ = drive(Plan(most_ns=3_000_000_000), 1_000_000_000)

    assert len(samples.wall_ns) == FEWEST_ROUNDS


def test_fixed_iterations_are_measured_however_long_they_take():
    samples, _ = drive(Plan(iterations=12), 1_000_000_000)

    assert len(samples.wall_ns) == 12


@pytest.mark.parametrize(
    ("plan", "told"),
    [
        (Plan(iterations=0), "iterations is a whole number of at least 1, not 0"),
        (Plan(iterations="5"), "iterations is a whole number of at least 1, not '5'"),
        (Plan(iterations=2.5), "iterations is a whole number of at least 1, not 2.5"),
        (Plan(rounds=0), "rounds is a whole number of at least 1, not 0"),
        (Plan(warmup=-1), "warmup is a whole number of at least 0, not -1"),
    ],
)
def test_a_plan_without_a_sample_is_refused(plan, told):
    with pytest.raises(ValueError, match=told):
        next(sampling(plan, FREE))
