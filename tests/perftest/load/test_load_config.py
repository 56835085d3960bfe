"""What test authors write for a load or stress test, read or refused."""

import pytest

from lapwing.errors import ConfigurationError
from lapwing.perftest.load_config import read_load_config, read_stress_config


def test_users_in_the_closed_model_are_the_default():
    read = read_load_config({"concurrent_users": 5, "duration_seconds": 3, "ramp_up_seconds": 2})

    assert read.loads == (5.0,)
    assert (read.shape.is_open, read.shape.lasts_s, read.shape.ramp_s) == (False, 3.0, 2.0)


def test_a_rate_of_arrivals_makes_the_model_open():
    read = read_load_config({"arrival_rate": 100, "arrivals": "fixed", "concurrent_users": 30})

    assert read.loads == (100.0,)
    assert (read.shape.is_open, read.shape.is_fixed, read.shape.users_at(100)) == (True, True, 30)


def test_the_default_stress_goes_from_1_to_50_by_5():
    assert read_stress_config({}).loads == (1, 6, 11, 16, 21, 26, 31, 36, 41, 46, 50)


def test_limits_take_milliseconds_and_percent_where_no_unit_is_written():
    limits = read_load_config({"max_p95": 250, "max_failures": 5, "min_achieved": "80%"}).limits

    assert limits == (250_000_000, 0.05, 0.8)


def test_durations_may_have_a_unit():
    assert read_load_config({"duration_seconds": "2min"}).shape.lasts_s == 120.0


def test_workers_may_be_a_list_or_one_text():
    assert read_load_config({"workers": "a,b"}).where.workers == ("a", "b")
    assert read_load_config({"workers": ["a", "b"]}).where.workers == ("a", "b")


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ({"concurent_users": 3}, "Did you mean 'concurrent_users'"),
        ({"concurrent_users": 0}, "is not a whole number of 1 or more"),
        ({"concurrent_users": 2.5}, "is not a whole number of 1 or more"),
        ({"arrival_rate": -1}, "is not a number over 0"),
        ({"arrival_rate": float("nan")}, "is not a number over 0"),
        ({"arrival_rate": 5, "requests_per_user": 1}, "requests_per_user belongs to users"),
        ({"arrivals": "bursty"}, "is not one of poisson, fixed"),
        ({"duration_seconds": 0.1}, "is under 1 s"),
        ({"arrival_rate": 0.1, "duration_seconds": 5}, "at 0.1 a second nothing is due in 5 s"),
    ],
)
def test_what_cannot_be_played_is_refused_with_the_reason(written, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        read_load_config(written)


@pytest.mark.parametrize(
    ("written", "complaint"),
    [
        ({"initial_load": 60}, "max_load 50 is under initial_load 60"),
        ({"max_load": 1e6, "step_size": 1}, "over 200 steps"),
        ({"step_size": 2.5}, "users are whole numbers"),
        (
            {"load_unit": "rps", "initial_load": 0.3, "step_duration": 2},
            "at 0.3 a second nothing is due in 2 s",
        ),
    ],
)
def test_stairs_that_lead_nowhere_are_refused_with_the_reason(written, complaint):
    with pytest.raises(ConfigurationError, match=complaint):
        read_stress_config(written)
