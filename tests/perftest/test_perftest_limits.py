"""Limits of benchmarks, as people write them, and what is said where one is broken."""

import pytest

from lapwing.errors import ConfigurationError
from lapwing.perftest.limits import PerformanceLimitError, check_times, limits_of_mark, tighter, time_limits


@pytest.mark.parametrize(("written", "ns"), [("100ms", 100_000_000), (5, 5_000_000), ("1.5s", 1_500_000_000)])
def test_a_limit_is_a_duration_or_a_number_of_milliseconds(written, ns):
    assert time_limits(max_avg_time=written).average_ns == ns


def test_of_several_limits_the_tightest_holds():
    assert time_limits(max_avg_time="2s", budget="1s").average_ns == 1_000_000_000
    assert tighter(time_limits(max_p95="2s"), time_limits(max_p95="1s", budget=7)).p95_ns == 1_000_000_000


def test_what_cannot_be_read_is_refused_with_its_place():
    with pytest.raises(ConfigurationError, match="soon"):
        time_limits(budget="soon", origin="benchmark 'a'")


def test_an_unknown_argument_of_a_mark_is_refused():
    with pytest.raises(TypeError, match="max_time is not known; there are max_avg_time"):
        limits_of_mark({"max_time": 1}, "@perf_benchmark")


def test_over_a_limit_value_limit_and_iterations_are_told():
    limits = time_limits(max_avg_time="10ms", max_p95="20ms")

    with pytest.raises(PerformanceLimitError) as error:
        check_times("search", limits, mean_ns=12e6, p95_ns=30e6, iterations=50)

    assert str(error.value) == (
        "search takes 12.0 ms on average (limit: 10.0 ms) and 30.0 ms at the 95th percentile "
        "(limit: 20.0 ms), over 50 iterations"
    )


def test_at_the_limit_nothing_is_raised():
    check_times("search", time_limits(max_avg_time="10ms"), mean_ns=10e6, p95_ns=1e9, iterations=1)
