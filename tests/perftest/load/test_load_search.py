"""Finding the least load that is not held."""

from hypothesis import given
from hypothesis import strategies as st

from lapwing.model.load import LoadStep
from lapwing.perftest.load_plan import Limits
from lapwing.perftest.load_search import RESOLUTION, climb, judged, stairs

MS = 1_000_000


def step_of(load, *, capacity=1e9, p95_ns=MS, requests=100, failures=0):
    """A step on a server that answers `capacity` a second at most."""
    return LoadStep(
        load=load,
        users=1,
        duration_ns=10**9,
        offered_rps=load,
        achieved_rps=min(load, capacity),
        requests=requests,
        failures=failures,
        p95_ns=p95_ns,
    )


def found_on(capacity, loads, *, are_whole=False):
    return climb(
        lambda load: step_of(load, capacity=capacity, p95_ns=MS if load <= capacity else 10**9),
        loads,
        Limits(),
        is_rate_intended=True,
        are_whole=are_whole,
    )


@given(st.floats(110, 990))
def test_the_breaking_point_is_found_within_the_resolution(capacity):
    found = found_on(capacity, stairs(100, 1000, 100))

    assert capacity <= found.broken.load <= capacity * (1 + 2 * RESOLUTION)


@given(st.integers(1, 49))
def test_whole_loads_stay_whole_and_adjacent_ones_are_told_apart(capacity):
    found = found_on(capacity, stairs(1, 50, 7), are_whole=True)

    assert all(step.load == int(step.load) for step in found.steps)
    assert capacity < found.broken.load <= capacity + max(1, found.broken.load * RESOLUTION)


def test_a_single_load_is_not_searched_below():
    found = found_on(50, (100.0,))

    assert [step.load for step in found.steps] == [100]
    assert found.broken.load == 100


def test_a_server_that_holds_everything_has_no_breaking_point():
    found = found_on(1e9, stairs(1, 50, 5))

    assert found.broken is None
    assert found.is_complete


def test_a_step_that_was_cut_short_ends_the_search():
    found = climb(
        lambda load: step_of(load) if load < 3 else None,
        (1.0, 2.0, 3.0, 4.0),
        Limits(),
        is_rate_intended=True,
        are_whole=True,
    )

    assert [step.load for step in found.steps] == [1, 2]
    assert not found.is_complete


def test_without_a_limit_p95_may_grow_to_five_times_that_of_the_lightest_load():
    p95 = {1.0: 40 * MS, 2.0: 199 * MS, 3.0: 201 * MS}

    found = climb(
        lambda load: step_of(load, p95_ns=p95[load]),
        (1.0, 2.0, 3.0),
        Limits(),
        is_rate_intended=True,
        are_whole=True,
    )

    assert found.broken.broken == ("p95 201 ms > 200 ms",)


def test_more_than_two_in_a_hundred_failures_are_not_held():
    limits = Limits()

    assert judged(step_of(1, failures=2), limits, is_rate_intended=True).is_held
    assert judged(step_of(1, failures=3), limits, is_rate_intended=True).broken == ("failures 3.0% > 2.0%",)


def test_less_than_nine_tenths_of_an_intended_rate_is_not_held():
    slow = step_of(100, capacity=89)

    assert judged(slow, Limits(), is_rate_intended=True).broken == ("achieved 89% of offered < 90%",)
    assert judged(slow, Limits(), is_rate_intended=False).is_held


def test_a_step_without_answers_is_not_held():
    silent = step_of(1, p95_ns=None, requests=0)

    assert "nothing was answered" in judged(silent, Limits(), is_rate_intended=False).broken


def test_a_step_in_which_nothing_was_due_says_so():
    idle = step_of(0.0, p95_ns=None, requests=0)

    assert judged(idle, Limits(), is_rate_intended=True).broken == ("nothing was due: measure longer",)


def test_loads_of_too_few_requests_are_not_played_in_search_of_one_that_is_held():
    found = climb(
        lambda load: step_of(load, p95_ns=10**9),
        stairs(20, 60, 20),
        Limits(p95_ns=MS),
        is_rate_intended=True,
        are_whole=False,
        least=4,
    )

    assert [step.load for step in found.steps] == [20, 10, 5]
    assert found.broken.load == 5


def test_stairs_end_at_the_highest_load():
    assert stairs(1, 50, 20) == (1, 21, 41, 50)
    assert stairs(10, 30, 10) == (10, 20, 30)
